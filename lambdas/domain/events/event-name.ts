// What a custom event may be called.

/** The name of an event: surrounding white space is not part of it. */
export function toEventName(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : ''
  return /^[A-Za-z0-9_.\- ]{1,64}$/.test(text) ? text : undefined
}

export const allowedName = 'a name of 1 to 64 letters, digits, spaces, `_`, `.` and `-`'
