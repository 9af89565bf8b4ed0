// One JSON line per entry on standard output, where Lambda's log group takes it. Callers pass ids and codes, never bodies,
// keys or anything that names a person.

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>
export type Log = (level: 'info' | 'warn' | 'error', message: string, fields?: LogFields) => void

/** A logger that stamps every line with the service (the function's name). */
export function makeLog(service: string, write: (line: string) => void = console.log): Log {
  return (level, message, fields) => write(JSON.stringify({ level, service, message, ...fields }))
}

/** What may be logged of an error: its name and where it was thrown, not its message, which may quote input. */
export function describeError(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error }
  const at = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '))
  return { error: error.name, at: at?.trim() }
}
