// An instant as people write it in exports: seconds or milliseconds since 1970, told apart by size, or ISO 8601.

/** Instants outside these are taken for another unit or a fault: 2001-01-01 and 2100-01-01. */
const firstMs = 978_307_200_000
const lastMs = 4_102_444_800_000

export const allowedInstant =
  'seconds or milliseconds since 1970, or ISO 8601 (without a zone: UTC), between 2001 and 2100'

const numberPattern = /^\d{9,13}(\.\d{1,9})?$/
const isoPattern =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?(Z|z|UTC|[+-]\d{2}(?::?\d{2})?))?)?$/

/** Epoch milliseconds, whole; undefined when the value is no instant. */
export function readInstant(value: unknown): number | undefined {
  if (typeof value === 'number') return inRange(value)
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  return numberPattern.test(text) ? inRange(Number(text)) : readIso(text)
}

/** 9 or 10 digits are seconds, 12 or 13 milliseconds: the two ranges do not meet. */
function inRange(count: number): number | undefined {
  if (count * 1_000 >= firstMs && count * 1_000 < lastMs) return Math.floor(count * 1_000)
  return count >= firstMs && count < lastMs ? Math.floor(count) : undefined
}

function readIso(text: string): number | undefined {
  const [, day, minute = '00:00', second = '00', fraction = '', zone = 'Z'] = isoPattern.exec(text) ?? []
  if (day === undefined || !isDay(day)) return undefined
  const atMs = Date.parse(`${day}T${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}${spellZone(zone)}`)
  return atMs >= firstMs && atMs < lastMs ? atMs : undefined
}

/** `+0100` and `+01` are `+01:00`. */
function spellZone(zone: string): string {
  if (!/^[+-]/.test(zone)) return 'Z'
  return `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`
}

/** The 30th of February is not a day, though `Date` would make one of it. */
function isDay(day: string): boolean {
  const atMs = Date.parse(day)
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(day)
}
