// Which sends of one person earned which of the person's own events, and what they add up to. Pure and without order: the
// same sends and events in any order of arrival give the same tallies.
import type { MetricRules } from '../../../contract/metric.ts'
import type { EventFact, Tally } from '../../../contract/outcome.ts'
import type { MetricsInForce } from './metric-rules.ts'
import { addMinor, type Minor, toMinor } from './money.ts'

/** A send of a template. Instants of sends and deliveries are whole seconds. */
export interface CorrelatedSend {
  readonly subject: string
  readonly deliveryId: string
  readonly templateId: string
  readonly atMs: number
  readonly deliveredAtMs?: number | undefined
  /** The serve that explains it. */
  readonly serveId?: string | undefined
  readonly trackingId?: string | undefined
}

/** An event of the person; one that is kept beside a serve names that serve. */
export interface CorrelatedEvent extends EventFact {
  readonly serveId?: string
}

/** An event that counts for a send, by the rules that made it count. */
export interface Credit {
  readonly subject: string
  readonly event: CorrelatedEvent
  readonly rules: MetricRules
}

/** A send that may earn events of one name. */
interface Rival {
  readonly send: CorrelatedSend
  /** Where window and delay begin; of a send that they never begin for, after all events. */
  readonly fromMs: number
  sum: Sum | undefined
}

/** What the events of one name come to for one send. */
interface Sum {
  events: number
  firstAtMs: number
  /** By currency: one, hardly ever more. */
  readonly values: { readonly currency: string; minor: Minor }[]
}

/** Every event with each send that it counts for. */
export function creditEvents(
  sends: readonly CorrelatedSend[],
  events: readonly CorrelatedEvent[],
  metrics: MetricsInForce,
): Credit[] {
  const credits: Credit[] = []
  for (const [name, ofName] of byName(events)) {
    const rules = metrics.find(name)
    creditEach(toRivals(sends, rules), ofName, rules, ({ send: { subject } }, event) =>
      credits.push({ subject, event, rules }),
    )
  }
  return credits
}

/** The tallies of each send, in the order of the sends; their names in order. No two events have the same id. */
export function correlate(
  sends: readonly CorrelatedSend[],
  events: readonly CorrelatedEvent[],
  metrics: MetricsInForce,
): Tally[][] {
  const tallies = sends.map((): Tally[] => [])
  if (sends.length === 0) return tallies
  for (const [name, ofName] of byName(events)) {
    const rules = metrics.find(name)
    const rivals = toRivals(sends, rules)
    creditEach(rivals, ofName, rules, (rival, event) => add(rival, event, rules, metrics.currency))
    for (const [at, { sum }] of rivals.entries()) if (sum !== undefined) tallies[at]?.push(toTally(name, sum))
  }
  return tallies
}

/** Nearly always there is one name. */
function byName(events: readonly CorrelatedEvent[]): (readonly [string, readonly CorrelatedEvent[]])[] {
  const [first] = events
  if (first === undefined) return []
  if (events.every(({ name }) => name === first.name)) return [[first.name, events]]
  return [...Map.groupBy(events, ({ name }) => name)].sort(byText)
}

function toRivals(sends: readonly CorrelatedSend[], { anchor }: MetricRules): Rival[] {
  return sends.map((send) => {
    const fromMs = anchor === 'sent' ? send.atMs : (send.deliveredAtMs ?? Number.POSITIVE_INFINITY)
    return { send, fromMs, sum: undefined }
  })
}

type Take = (rival: Rival, event: CorrelatedEvent) => void

function creditEach(
  rivals: readonly Rival[],
  events: readonly CorrelatedEvent[],
  rules: MetricRules,
  take: Take,
): void {
  const groups = rules.scope === 'org' ? [[...rivals]] : groupByTemplate(rivals)
  for (const group of groups) {
    // Sorted once, so that mostly the first look decides.
    if (group.length > 1) group.sort(rules.model === 'first' ? earliestFirst : latestFirst)
    for (const event of events) credit(group, event, rules, take)
  }
}

/** Most people have sends of a template or two, so looking for the group costs less than a map. */
function groupByTemplate(rivals: readonly Rival[]): Rival[][] {
  const groups: Rival[][] = []
  for (const rival of rivals) {
    const group = groups.find(([first]) => first?.send.templateId === rival.send.templateId)
    if (group === undefined) groups.push([rival])
    else group.push(rival)
  }
  return groups
}

/** Equal instants: the smaller delivery id. */
function latestFirst(a: Rival, b: Rival): number {
  return b.fromMs > a.fromMs ? 1 : b.fromMs < a.fromMs ? -1 : byDelivery(a, b)
}

function earliestFirst(a: Rival, b: Rival): number {
  return a.fromMs > b.fromMs ? 1 : a.fromMs < b.fromMs ? -1 : byDelivery(a, b)
}

function byDelivery({ send: a }: Rival, { send: b }: Rival): number {
  return a.deliveryId < b.deliveryId ? -1 : 1
}

/** Gives an event to the first of some rivals whose window it is in, or to every one. */
function credit(group: readonly Rival[], event: CorrelatedEvent, rules: MetricRules, take: Take): void {
  const { windowSeconds, delaySeconds, model } = rules
  const atMs = Math.floor(event.atMs / 1_000) * 1_000
  const earliestMs = atMs - windowSeconds * 1_000
  const latestMs = atMs - delaySeconds * 1_000
  for (const rival of pinnedOf(group, event)) {
    if (rival.fromMs < earliestMs || rival.fromMs > latestMs) continue
    take(rival, event)
    if (model !== 'every') return
  }
}

/** The rivals that the event names, by delivery or else by the serve that explains them; all of them when it names none. */
function pinnedOf(rivals: readonly Rival[], event: CorrelatedEvent): readonly Rival[] {
  const { deliveryId, trackingId, serveId } = event
  if (deliveryId !== undefined) {
    const named = rivals.filter(({ send }) => send.deliveryId === deliveryId)
    if (named.length > 0) return named
  }
  if (trackingId !== undefined || serveId !== undefined) {
    const named = rivals.filter(
      ({ send }) =>
        (trackingId !== undefined && send.trackingId === trackingId) ||
        (serveId !== undefined && send.serveId === serveId),
    )
    if (named.length > 0) return named
  }
  return rivals
}

function add(rival: Rival, event: CorrelatedEvent, rules: MetricRules, orgCurrency: string): void {
  rival.sum ??= { events: 0, firstAtMs: event.atMs, values: [] }
  const { sum } = rival
  sum.events++
  if (event.atMs < sum.firstAtMs) sum.firstAtMs = event.atMs
  const worth = worthOf(event, rules, orgCurrency)
  if (worth === undefined) return
  const value = sum.values.find(({ currency }) => currency === worth.currency)
  if (value === undefined) sum.values.push(worth)
  else value.minor = addMinor(value.minor, worth.minor)
}

/** What an event adds, in whole minor units; undefined when it has no value, or none that counts. */
export function worthOf(
  { value, currency: own }: EventFact,
  rules: MetricRules,
  orgCurrency: string,
): { readonly currency: string; minor: Minor } | undefined {
  if (value === undefined || rules.value === 'ignore') return undefined
  const currency = own ?? rules.currency ?? orgCurrency
  const minor = toMinor(value, currency)
  return minor === undefined ? undefined : { currency, minor }
}

function toTally(name: string, { events, firstAtMs, values }: Sum): Tally {
  const inOrder = values.length > 1 ? values.toSorted((a, b) => (a.currency < b.currency ? -1 : 1)) : values
  return { name, events, firstAtMs, values: inOrder.map(({ currency, minor }) => ({ currency, minor: String(minor) })) }
}

function byText([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}
