// What became of every event of a delivery: the outcomes that its events make, beside those that are stored. An event is counted
// when the outcome that it is part of stands where it should and is made of as many events.
import type { PersonIdentifier } from '../../../contract/ids.ts'
import { maxDeliveryEvents } from '../../../contract/limits.ts'
import type { Fate } from '../../../contract/recounted.ts'
import { preferWebhook } from '../events/prefer-webhook.ts'
import { type DeliveryEvent, type Placed, placeOutcomes } from './place-outcomes.ts'

export interface StoredMessage {
  readonly event: DeliveryEvent
  readonly receivedAtMs: number
}

/** What is stored of reporting events, a delivery at a time. */
export type Kept =
  | { readonly kind: 'delivery'; readonly messages: readonly StoredMessage[] }
  | { readonly kind: 'alone'; readonly fate: 'unmatched' | 'setAside'; readonly receivedAtMs: number }

/** Where the outcomes of a delivery's messages should stand. */
export function expectedOutcomes(messages: readonly StoredMessage[], identifier: PersonIdentifier): Placed[] {
  const [first] = messages
  if (first === undefined) return []
  const events = messages.map(({ event }) => event).toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1))
  // What stands beyond the limit is part of the outcome that says so.
  const lookedAt = { messages: events.slice(0, maxDeliveryEvents), serves: [], customs: [] }
  return placeOutcomes({ subjectId: first.event.deliveryId, ...lookedAt }, identifier)
}

/**
 * The fate of each event, in order. `stored`: outcomes that were found in the places expected. What came at or after
 * `settledMs` may still be on its way.
 */
export function accountEvents(
  messages: readonly StoredMessage[],
  expected: readonly Placed[],
  stored: readonly Placed[],
  settledMs: number,
): Fate[] {
  const told = new Set(preferWebhook(messages.map(({ event }) => event)))
  const isYoung = messages.some(({ receivedAtMs }) => receivedAtMs >= settledMs)
  const fateOfOutcome = (isCall: boolean): Fate => {
    const wanted = expected.find(({ outcome }) => (outcome.kind === 'action') === isCall)
    const found = wanted && stored.find((one) => one.subject === wanted.subject && isSamePlace(one, wanted))
    if (found === undefined || eventsOf(found) !== eventsOf(wanted)) return isYoung ? 'pending' : 'unaccounted'
    return found.outcome.kind === 'unsent' ? 'unmatched' : 'counted'
  }
  const fates = { call: fateOfOutcome(true), message: fateOfOutcome(false) }
  return messages.map(({ event }) => {
    if (!told.has(event)) return 'twice'
    return event.channel === 'webhook' ? fates.call : fates.message
  })
}

function isSamePlace(a: Placed, b: Placed): boolean {
  return a.person === b.person && a.atMs === b.atMs
}

function eventsOf(placed: Placed | undefined): number | undefined {
  return placed === undefined || placed.outcome.kind === 'serve' ? undefined : placed.outcome.events
}
