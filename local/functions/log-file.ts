// The log of one function: what its processes write, line by line, in a file; errors also to the terminal if asked.
import type { ChildProcess } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'

export type LogFile = {
  readonly write: (line: string) => void
  readonly follow: (child: ChildProcess) => void
  readonly close: () => Promise<void>
}

/** `onLine` gets whatever is written, too. */
export const openLogFile = (
  path: string,
  label: string,
  verbose: boolean,
  onLine: (line: string) => void = () => undefined,
): LogFile => {
  const file = createWriteStream(path, { flags: 'a' })
  file.on('error', () => undefined)
  const write = (line: string): void => {
    if (!file.writableEnded) file.write(`${line}\n`)
    onLine(line)
  }
  const isError = (line: string): boolean => /"level":\s*"(ERROR|CRITICAL|error|fatal)"|Task timed out/.test(line)
  return {
    write: (line) => {
      write(line)
      if (verbose) process.stderr.write(`${label}: ${line}\n`)
    },
    follow: ({ stdout, stderr }) => {
      for (const [stream, alwaysShown] of [
        [stdout, false],
        [stderr, true],
      ] as const) {
        if (stream === null) continue
        createInterface({ input: stream }).on('line', (line) => {
          write(line)
          if (verbose && (alwaysShown || isError(line))) process.stderr.write(`${label}: ${line}\n`)
        })
      }
    },
    close: () => new Promise((resolve) => file.end(() => resolve())),
  }
}
