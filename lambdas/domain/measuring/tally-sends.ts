// The custom events that each send of some persons earned: what is kept of the person's events and of those that stand beside
// a delivery or a serve, brought together and correlated person by person.
import type { PersonKey } from '../../../contract/ids.ts'
import { maxEventNames, maxPersonEvents } from '../../../contract/limits.ts'
import type { EventFact, Send, Served } from '../../../contract/outcome.ts'
import { type CorrelatedEvent, type CorrelatedSend, type Credit, correlate, creditEvents } from './correlate.ts'
import type { MetricsInForce } from './metric-rules.ts'
import type { Placed } from './place-outcomes.ts'

/** A send, and the serve that explains it. */
export interface ExplainedPlace {
  readonly placed: Placed<Send>
  readonly serve: Served | undefined
}

/**
 * The sends with their tallies; one that no template claims earns nothing. Where a limit keeps events of the person from being
 * looked at, every send says so.
 * @param customs of each person one event more than are looked at, when there are more
 */
export function tallySends(
  sends: readonly ExplainedPlace[],
  serves: readonly Placed<Served>[],
  customs: ReadonlyMap<PersonKey, readonly EventFact[]>,
  metrics: MetricsInForce,
): Placed<Send>[] {
  const servesByPerson = Map.groupBy(serves, ({ person }) => person)
  return [...Map.groupBy(sends, ({ placed }) => placed.person)].flatMap(([person, ofPerson]) => {
    const own = customs.get(person) ?? []
    const beside = [...ofPerson.map(({ placed }) => placed), ...(servesByPerson.get(person) ?? [])]
    const more = own.length > maxPersonEvents || beside.some(({ outcome }) => outcome.more === true)
    const events = eventsOf(ofPerson, servesByPerson.get(person) ?? [], own)
    const claimed = ofPerson.flatMap(toCorrelated)
    const tallies = correlate(claimed, events, metrics)
    const bySubject = new Map(claimed.map(({ subject }, at) => [subject, tallies[at]]))
    return ofPerson.map(({ placed }) => {
      const ofSend = bySubject.get(placed.subject) ?? []
      const cut = placed.outcome.templateId !== undefined && (more || ofSend.length > maxEventNames)
      const earned = {
        ...(ofSend.length > 0 && { tallies: ofSend.slice(0, maxEventNames) }),
        ...(cut && { cut: true as const }),
      }
      return { ...placed, outcome: { ...placed.outcome, ...earned } }
    })
  })
}

/**
 * A person's own events, as many as are looked at, and those that stand beside their sends and serves; each once. The own ones
 * are kept by id; beside two serves of one name the same event stands twice, and where it was before until that is cleared.
 */
function eventsOf(
  sends: readonly ExplainedPlace[],
  serves: readonly Placed<Served>[],
  customs: readonly EventFact[],
): readonly CorrelatedEvent[] {
  const own = customs.length > maxPersonEvents ? customs.slice(0, maxPersonEvents) : customs
  const beside = [
    ...sends.flatMap(({ placed }) => besideDelivery(placed.outcome)),
    ...serves.flatMap(({ outcome }) => besideServe(outcome)),
  ]
  if (beside.length === 0) return own
  const seen = new Set<string>()
  return [...own, ...beside].filter(({ id }) => !seen.has(id) && seen.add(id))
}

/** Which events count for which of one person's sends: what their tallies add up. */
export function creditSends(
  sends: readonly ExplainedPlace[],
  serves: readonly Placed<Served>[],
  customs: readonly EventFact[],
  metrics: MetricsInForce,
): Credit[] {
  return creditEvents(sends.flatMap(toCorrelated), eventsOf(sends, serves, customs), metrics)
}

function toCorrelated({ placed: { subject, atMs, outcome }, serve }: ExplainedPlace): CorrelatedSend[] {
  const { deliveryId, templateId, deliveredAtMs } = outcome
  if (templateId === undefined) return []
  const { serveId, trackingId } = serve ?? {}
  return [{ subject, deliveryId, templateId, atMs, deliveredAtMs, serveId, trackingId }]
}

function besideDelivery({ pinned = [], deliveryId }: Send): CorrelatedEvent[] {
  return pinned.map((fact) => ({ ...fact, deliveryId }))
}

function besideServe({ pinned = [], serveId }: Served): CorrelatedEvent[] {
  return pinned.map((fact) => ({ ...fact, serveId }))
}
