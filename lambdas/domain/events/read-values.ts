// The values of a reporting webhook, one by one: what each may look like on the wire, and what it is read as. Undefined
// when it is something else.
import { type ActionId, actionIdSchema, type DeliveryId, deliveryIdSchema } from '../../../contract/ids.ts'

/** Instants outside these are taken for another unit or a fault: 2001-01-01 and 2100-01-01, seconds. */
const firstSecond = 978_307_200
const lastSecond = 4_102_444_800

/** What each kind of value may be, for the reasons. */
export const allowed = {
  eventId: 'text of 1 to 128 characters, none of them a control character',
  name: 'a name of 1 to 64 letters, digits, `_`, `.` and `-`',
  seconds: 'whole seconds since 1970, between 2001 and 2100',
  flag: 'true or false',
  deliveryId: 'text of 1 to 256 printable ASCII characters',
  actionId: 'an integer, up to 19 digits as text, or null',
  messageId: 'an integer, up to 64 letters, digits, `_` and `-` as text, or null',
  journeyId: 'text of 1 to 256 characters',
  identifier: 'text, an integer, or null',
} as const

export function toEventId(value: unknown): string | undefined {
  return typeof value === 'string' && /^\P{Cc}{1,128}$/u.test(value) && isStorable(value, 128) ? value : undefined
}

export function toName(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z0-9_.-]{1,64}$/.test(value) ? value : undefined
}

export function toSeconds(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
  if (typeof seconds !== 'number' || !Number.isSafeInteger(seconds)) return undefined
  return seconds >= firstSecond && seconds < lastSecond ? seconds : undefined
}

export function toFlag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

export function toDeliveryId(value: unknown): DeliveryId | undefined {
  const parsed = deliveryIdSchema.safeParse(value)
  return parsed.success ? parsed.data : undefined
}

export function toActionId(value: unknown): ActionId | undefined {
  const parsed = actionIdSchema.safeParse(decimalOf(value))
  return parsed.success ? parsed.data : undefined
}

export function toMessageId(value: unknown): string | undefined {
  const text = decimalOf(value)
  return typeof text === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(text) ? text : undefined
}

export function toJourneyId(value: unknown): string | undefined {
  return typeof value === 'string' && isStorable(value, 256) ? value : undefined
}

export function toIdentifier(value: unknown): string | undefined {
  const text = decimalOf(value)
  return typeof text === 'string' && text.isWellFormed() ? text : undefined
}

/** An exact integer as its decimal text; anything else as it is. */
function decimalOf(value: unknown): unknown {
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
}

/** Half a surrogate pair would be stored as another character, and two ids could become one. */
function isStorable(text: string, maxLength: number): boolean {
  return text.length <= maxLength && text.isWellFormed()
}
