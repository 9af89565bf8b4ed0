// What a caller of the events route asks for: one delivery, one person, or what happened lately.
import {
  type DeliveryId,
  deliveryIdSchema,
  type PersonKey,
  type TemplateId,
  templateIdSchema,
} from '../../../contract/ids.ts'
import { readPersonKey } from '../events/name-person.ts'
import { Fault } from './fault.ts'

export type FeedQuestion =
  | { readonly kind: 'delivery'; readonly delivery: DeliveryId }
  | { readonly kind: 'person'; readonly person: PersonKey }
  | { readonly kind: 'lately'; readonly template?: TemplateId | undefined; readonly sinceMs: number }

const hourMs = 3_600_000
const longestMs = 7 * 24 * hourMs

/** @throws Fault `query.invalid`, without the value: it may name a person */
export function readFeedQuestion(query: Readonly<Record<string, string | undefined>>, nowMs: number): FeedQuestion {
  const { delivery, person, template, since } = query
  if ([delivery, person, template].filter((one) => one !== undefined).length > 1) {
    throw wrong('', 'one of `delivery`, `person` and `template`')
  }
  if (delivery !== undefined) {
    const parsed = deliveryIdSchema.safeParse(delivery)
    if (!parsed.success) throw wrong('delivery', 'text of 1 to 256 printable ASCII characters')
    return { kind: 'delivery', delivery: parsed.data }
  }
  if (person !== undefined) {
    const parsed = readPersonKey(person)
    if (parsed === undefined) throw wrong('person', '`id:`, `email:`, `cio_id:` or `delivery:`, then the name')
    return { kind: 'person', person: parsed }
  }
  const parsed = template === undefined ? undefined : templateIdSchema.safeParse(template)
  if (parsed?.success === false) throw wrong('template', 'the id of a template')
  return { kind: 'lately', template: parsed?.data, sinceMs: readSince(since, nowMs) }
}

function readSince(since: string | undefined, nowMs: number): number {
  const sinceMs = since === undefined ? nowMs - hourMs : Date.parse(since)
  if (Number.isNaN(sinceMs) || !/^\d{4}-\d{2}-\d{2}/.test(since ?? '2026-01-01')) throw wrong('since', 'ISO 8601')
  return Math.max(sinceMs, nowMs - longestMs)
}

function wrong(path: string, allowed: string): Fault {
  return new Fault('query.invalid', [{ path, message: `Allowed: ${allowed}.` }])
}
