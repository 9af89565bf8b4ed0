// From the events of one delivery to the outcomes they make, each with the person and the instant it stands under. Says
// nothing yet of which serve explains a send: that needs the person's other outcomes.
import type { DeliveryId, PersonIdentifier, PersonKey } from '../../../contract/ids.ts'
import { maxPinnedBytes, maxPinnedEvents, maxPinnedPerName } from '../../../contract/limits.ts'
import type { EventFact, Outcome, Served } from '../../../contract/outcome.ts'
import type { ServeEvent } from '../../../contract/stored-event.ts'
import { namePerson, nameServedPerson, nameUnknownPerson } from '../events/name-person.ts'
import { preferWebhook } from '../events/prefer-webhook.ts'
import type { ReportingEvent } from '../events/read-reporting-event.ts'
import { foldMetrics } from './fold-metrics.ts'

/** Where an outcome stands. `subject` is unique within the org: `send:<delivery>`, `serve:<serve>` … */
export interface Place {
  readonly person: PersonKey
  readonly atMs: number
  readonly subject: string
}

/** An outcome and where it stands. */
export interface Placed<O extends Outcome = Outcome> extends Place {
  readonly outcome: O
}

/** A reporting event of a delivery, with the delivery known to be there. */
export interface DeliveryEvent extends ReportingEvent {
  readonly deliveryId: DeliveryId
}

/** Everything stored under one subject: a delivery's reporting events, the serves that it named, and custom events that
 * name nothing else. */
export interface SubjectEvents {
  readonly subjectId: string
  readonly subjectKind?: 'delivery' | 'name' | 'person'
  readonly messages: readonly DeliveryEvent[]
  /** More reporting events stand there than are looked at. */
  readonly more?: true
  readonly serves: readonly ServeEvent[]
  readonly customs: readonly EventFact[]
}

/** Every outcome that these events make. The same events in any order make the same outcomes. */
export function placeOutcomes(events: SubjectEvents, identifier: PersonIdentifier): Placed[] {
  const ordered = preferWebhook(events.messages).toSorted(byTimeThenId)
  const messages = ordered.filter((event) => event.channel !== 'webhook')
  const calls = ordered.filter((event) => event.channel === 'webhook')
  return [
    ...placeMessage(messages, identifier, events),
    ...placeCall(calls, identifier),
    ...events.serves.flatMap((serve) => placeServe(serve, calls, events, identifier)),
  ]
}

/** Every person under whom any part of these events could have placed an outcome: where to look for what stands already. */
export function personsConcerned(events: SubjectEvents, identifier: PersonIdentifier): PersonKey[] {
  const persons = events.messages.map((event) => personOf(event, identifier))
  for (const serve of events.serves) {
    const person = nameServedPerson(serve.userId, identifier)
    persons.push(person ?? nameUnknownPerson(events.subjectId))
  }
  return [...new Set(persons)].toSorted()
}

/** A send from its earliest `sent`, else its earliest `delivered`; without either, an unsent delivery. */
function placeMessage(
  ordered: readonly DeliveryEvent[],
  identifier: PersonIdentifier,
  { customs, more }: SubjectEvents,
): Placed[] {
  const first = ordered[0]
  if (first === undefined) return []
  const sent = ordered.find((event) => event.metric === 'sent')
  const anchor = sent ?? ordered.find((event) => event.metric === 'delivered')
  const facts = { ...deliveryFacts(anchor ?? first, ordered), ...foldMetrics(ordered, anchor !== undefined) }
  if (anchor === undefined) {
    const { openedEvents: _opened, clickedEvents: _clicked, ...unsent } = facts
    const outcome = { kind: 'unsent', ...unsent } as const
    return [{ person: personOf(first, identifier), atMs: first.atMs, subject: `unsent:${first.deliveryId}`, outcome }]
  }
  const deliveredAtMs = ordered.find((event) => event.metric === 'delivered')?.atMs
  const outcome = {
    kind: 'send',
    ...facts,
    standIn: sent === undefined,
    rule: 'none',
    ...(deliveredAtMs !== undefined && { deliveredAtMs }),
    ...pinnedOf(customs),
    ...(more && { more }),
  } as const
  return [{ person: personOf(anchor, identifier), atMs: anchor.atMs, subject: `send:${anchor.deliveryId}`, outcome }]
}

/** A webhook's own events tell the health of the action; they are never a send. */
function placeCall(ordered: readonly DeliveryEvent[], identifier: PersonIdentifier): Placed[] {
  const first = ordered[0]
  if (first === undefined) return []
  const metrics = [...new Set(ordered.map((event) => event.metric))].toSorted()
  const outcome = { kind: 'action', ...deliveryFacts(first, ordered), metrics, events: ordered.length } as const
  return [{ person: personOf(first, identifier), atMs: first.atMs, subject: `action:${first.deliveryId}`, outcome }]
}

/** A serve stands with the person its caller named and with the person Customer.io reported the call for. */
function placeServe(
  serve: ServeEvent,
  calls: readonly DeliveryEvent[],
  { subjectId, subjectKind, customs }: SubjectEvents,
  identifier: PersonIdentifier,
): Placed<Served>[] {
  const asNamed = nameServedPerson(serve.userId, identifier)
  const reported = calls.map((call) => namePerson(call.identifiers, identifier)).find((person) => person !== undefined)
  const counted = asNamed ?? reported ?? nameUnknownPerson(subjectId)
  const persons = new Set([counted, ...(reported === undefined ? [] : [reported])])
  const journeyId = calls.find((call) => call.journeyId !== undefined)?.journeyId
  return [...persons].map((person) => ({
    person,
    atMs: serve.servedAtMs,
    subject: `serve:${serve.serveId}`,
    outcome: {
      kind: 'serve',
      serveId: serve.serveId,
      templateId: serve.templateId,
      copyId: serve.copyId,
      arm: serve.arm,
      choice: serve.choice,
      allocationVersion: serve.allocationVersion,
      probability: serve.probability,
      oversize: serve.oversize,
      ...(journeyId !== undefined && { journeyId }),
      counted: person === counted,
      ...(subjectKind !== undefined && { heldBy: `${subjectKind}:${subjectId}` }),
      ...(serve.trackingId !== undefined && { trackingId: serve.trackingId }),
      ...pinnedOf(customs),
    },
  }))
}

/** The source is the anchor's own; action and journey come from the first event that has them. */
function deliveryFacts(anchor: DeliveryEvent, ordered: readonly DeliveryEvent[]) {
  const actionId = anchor.actionId ?? ordered.find((event) => event.actionId !== undefined)?.actionId
  const journeyId = anchor.journeyId ?? ordered.find((event) => event.journeyId !== undefined)?.journeyId
  return {
    deliveryId: anchor.deliveryId,
    channel: anchor.channel,
    ...(anchor.source !== undefined && { source: anchor.source }),
    ...(actionId !== undefined && { actionId }),
    ...(journeyId !== undefined && { journeyId }),
  }
}

/** The earliest of each name among the events that stand beside a delivery or a serve, and whether there are more. */
function pinnedOf(customs: readonly EventFact[]): { pinned?: EventFact[]; more?: true } {
  if (customs.length === 0) return {}
  const ordered = customs.toSorted((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1))
  const ofName = new Map<string, number>()
  const some = ordered.filter(({ name }) => {
    const seen = ofName.get(name) ?? 0
    ofName.set(name, seen + 1)
    return seen < maxPinnedPerName
  })
  let bytes = 0
  const pinned = some.slice(0, maxPinnedEvents).filter((fact) => {
    bytes += Buffer.byteLength(JSON.stringify(fact))
    return bytes <= maxPinnedBytes
  })
  return { pinned, ...(pinned.length < customs.length && { more: true }) }
}

function personOf(event: DeliveryEvent, identifier: PersonIdentifier): PersonKey {
  return namePerson(event.identifiers, identifier) ?? nameUnknownPerson(event.deliveryId)
}

function byTimeThenId(a: DeliveryEvent, b: DeliveryEvent): number {
  return a.atMs - b.atMs || (a.eventId < b.eventId ? -1 : a.eventId > b.eventId ? 1 : 0)
}
