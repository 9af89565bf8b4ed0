// How the oracle reads the body of a reporting webhook. Only what the rules speak of.
import type { PersonIdentifier } from '../../contract/ids.ts'

export interface Message {
  readonly eventId: string
  readonly channel: string
  readonly metric: string
  readonly atMs: number
  readonly deliveryId: string
  readonly source: string | undefined
  readonly actionId: string | undefined
  readonly journeyId: string | undefined
  readonly machine: boolean
  readonly synthetic: boolean
  /** Says who the person is. */
  readonly named: boolean
  /** The person by the org's identifier, or by the next that there is. */
  readonly personFor: (identifier: PersonIdentifier) => string
}

const sources = [
  ['campaign', 'campaign_id'],
  ['broadcast', 'broadcast_id'],
  ['newsletter', 'newsletter_id'],
  ['transactional', 'transactional_message_id'],
] as const

/** Undefined for an event without a delivery: it measures nothing. */
export function readMessage(body: Readonly<Record<string, unknown>>): Message | undefined {
  const data = objectIn(body.data)
  const deliveryId = textIn(data.delivery_id)
  if (deliveryId === undefined) return undefined
  const source = sources.find(([, field]) => textIn(data[field]) !== undefined)
  const persons = personsIn(data)
  return {
    eventId: String(body.event_id),
    channel: String(body.object_type),
    metric: String(body.metric),
    atMs: Number(body.timestamp) * 1000,
    deliveryId,
    source: source && `${source[0]}:${textIn(data[source[1]])}`,
    actionId: textIn(data.action_id),
    journeyId: textIn(data.journey_id),
    machine: [data.prefetched, data.proxied, data.machine].includes(true),
    synthetic: data.synthetic === true,
    named: Object.keys(persons).length > 0,
    personFor: (identifier) =>
      [identifier, 'id', 'cio_id', 'email'].flatMap((kind) => persons[kind] ?? [])[0] ?? `delivery:${deliveryId}`,
  }
}

/** By time; equal times by event id. */
export function sortByTime(messages: readonly Message[]): Message[] {
  return messages.toSorted((a, b) => a.atMs - b.atMs || (a.eventId < b.eventId ? -1 : 1))
}

/** Person keys by kind of identifier. The deprecated `customer_id` is an id when there is nothing else. */
function personsIn(data: Record<string, unknown>): Record<string, string> {
  const identifiers = objectIn(data.identifiers)
  const persons: Record<string, string> = {}
  for (const kind of ['id', 'cio_id', 'email']) {
    const value = textIn(identifiers[kind])
    if (value !== undefined) persons[kind] = `${kind}:${kind === 'email' ? value.trim().toLowerCase() : value}`
  }
  const customer = textIn(data.customer_id)
  if (Object.keys(persons).length === 0 && customer !== undefined) persons.id = `id:${customer}`
  return persons
}

function textIn(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && text.trim() !== '' ? text : undefined
}

function objectIn(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
