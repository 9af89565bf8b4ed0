// The rows of a call that brings custom events: one event, an array, or `{"events": […]}`. Rows are judged one by one
// elsewhere; what is wrong with all of them at once is a fault of the call.
import { maxEventsPerCall } from '../../../contract/limits.ts'
import { Fault } from '../api/fault.ts'
import { isJsonObject } from './read-fields.ts'

/** @throws Fault `body.invalid` for no rows at all, `body.too_many_events` for more than a call takes */
export function readEventsBody(body: unknown): readonly unknown[] {
  const rows = rowsOf(body)
  if (rows === undefined || rows.length === 0) {
    const allowed = 'Allowed: an event, an array of events, or an object with an array of them as `events`.'
    throw new Fault('body.invalid', [{ path: '', message: `Seen: no event. ${allowed}` }])
  }
  if (rows.length <= maxEventsPerCall) return rows
  const message = `Seen: ${rows.length} events. Allowed: at most ${maxEventsPerCall} in one call.`
  throw new Fault('body.too_many_events', [{ path: 'events', message }])
}

function rowsOf(body: unknown): readonly unknown[] | undefined {
  if (Array.isArray(body)) return body
  if (!isJsonObject(body)) return undefined
  return Array.isArray(body.events) ? body.events : [body]
}

/** A number of more digits than a double holds. */
const longNumber = /\d[\d.]{15,}/

/**
 * The value of a JSON text in which a number that a double would change is kept as the text that it was written as, so that
 * it can be refused, or taken for an id, but never be rounded in silence. Each element is looked at by code, which takes
 * thirty times as long as parsing: of a text from outside, the value must have passed `inspectJson`.
 */
export function rereadExactly(text: string, value: unknown): unknown {
  if (!longNumber.test(text)) return value
  return JSON.parse(text, (_name, member: unknown, context?: { readonly source?: string }) => {
    const source = context?.source
    return typeof member === 'number' && source !== undefined && longNumber.test(source) ? source : member
  })
}
