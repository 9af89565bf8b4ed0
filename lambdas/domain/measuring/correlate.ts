// Which sends of one person earned which of the person's own events, and what they add up to. Pure and without order: the
// same sends and events in any order of arrival give the same tallies.
import type { MetricRules } from '../../../contract/metric.ts'
import type { EventFact, Tally } from '../../../contract/outcome.ts'
import type { MetricsInForce } from './metric-rules.ts'
import { toMinor } from './money.ts'

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

interface Sum {
  events: number
  firstAtMs: number
  readonly values: Map<string, bigint>
}

/** An event that counts for a send, by the rules that made it count. */
export interface Credit {
  readonly subject: string
  readonly event: CorrelatedEvent
  readonly rules: MetricRules
}

/** Every event with each send that it counts for. */
export function creditEvents(
  sends: readonly CorrelatedSend[],
  events: Iterable<CorrelatedEvent>,
  metrics: MetricsInForce,
): Credit[] {
  const credits: Credit[] = []
  creditEach(sends, events, metrics, (subject, event, rules) => credits.push({ subject, event, rules }))
  return credits
}

/** The tallies of each send that has any, by subject; names in order. */
export function correlate(
  sends: readonly CorrelatedSend[],
  events: Iterable<CorrelatedEvent>,
  metrics: MetricsInForce,
): Map<string, Tally[]> {
  const sums = new Map<string, Map<string, Sum>>()
  creditEach(sends, events, metrics, (subject, event, rules) => add(sums, subject, event, rules, metrics.currency))
  const tallies = new Map<string, Tally[]>()
  for (const [subject, byName] of sums) tallies.set(subject, toTallies(byName))
  return tallies
}

type Take = (subject: string, event: CorrelatedEvent, rules: MetricRules) => void

function creditEach(
  sends: readonly CorrelatedSend[],
  events: Iterable<CorrelatedEvent>,
  metrics: MetricsInForce,
  take: Take,
): void {
  if (sends.length === 0) return
  const templates = groupByTemplate(sends)
  const seen = new Set<string>()
  for (const event of events) {
    if (seen.has(event.id)) continue
    seen.add(event.id)
    const rules = metrics.find(event.name)
    if (rules.scope === 'org') credit(sends, event, rules, take)
    else for (const rivals of templates) credit(rivals, event, rules, take)
  }
}

/** Most people have sends of a template or two, so looking for the group costs less than a map. */
function groupByTemplate(sends: readonly CorrelatedSend[]): CorrelatedSend[][] {
  const groups: CorrelatedSend[][] = []
  for (const send of sends) {
    const group = groups.find(([first]) => first?.templateId === send.templateId)
    if (group === undefined) groups.push([send])
    else group.push(send)
  }
  return groups
}

/** Gives an event to those of some sends that it counts for, in one pass without arrays of its own. */
function credit(rivals: readonly CorrelatedSend[], event: CorrelatedEvent, rules: MetricRules, take: Take): void {
  const { windowSeconds, delaySeconds, anchor, model } = rules
  const atMs = Math.floor(event.atMs / 1_000) * 1_000
  let best: CorrelatedSend | undefined
  let bestMs = 0
  for (const send of pinnedOf(rivals, event)) {
    const fromMs = anchor === 'sent' ? send.atMs : send.deliveredAtMs
    if (fromMs === undefined || atMs < fromMs + delaySeconds * 1_000 || atMs > fromMs + windowSeconds * 1_000) continue
    if (model === 'every') take(send.subject, event, rules)
    else if (best === undefined || beats(fromMs, send, bestMs, best, model)) [best, bestMs] = [send, fromMs]
  }
  if (best !== undefined) take(best.subject, event, rules)
}

/** Whether a send takes an event from another that qualifies too. Equal instants: the smaller delivery id. */
function beats(fromMs: number, send: CorrelatedSend, otherMs: number, other: CorrelatedSend, model: 'last' | 'first') {
  if (fromMs === otherMs) return send.deliveryId < other.deliveryId
  return model === 'last' ? fromMs > otherMs : fromMs < otherMs
}

/** The sends that the event names, by delivery or else by the serve that explains them; all of them when it names none. */
function pinnedOf(rivals: readonly CorrelatedSend[], event: CorrelatedEvent): readonly CorrelatedSend[] {
  const { deliveryId, trackingId, serveId } = event
  if (deliveryId !== undefined) {
    const named = rivals.filter((send) => send.deliveryId === deliveryId)
    if (named.length > 0) return named
  }
  if (trackingId !== undefined || serveId !== undefined) {
    const named = rivals.filter(
      (send) =>
        (trackingId !== undefined && send.trackingId === trackingId) ||
        (serveId !== undefined && send.serveId === serveId),
    )
    if (named.length > 0) return named
  }
  return rivals
}

function add(
  sums: Map<string, Map<string, Sum>>,
  subject: string,
  event: CorrelatedEvent,
  rules: MetricRules,
  orgCurrency: string,
): void {
  const byName = sums.get(subject) ?? new Map<string, Sum>()
  sums.set(subject, byName)
  const sum = byName.get(event.name) ?? { events: 0, firstAtMs: event.atMs, values: new Map<string, bigint>() }
  byName.set(event.name, sum)
  sum.events++
  sum.firstAtMs = Math.min(sum.firstAtMs, event.atMs)
  const worth = worthOf(event, rules, orgCurrency)
  if (worth !== undefined) sum.values.set(worth.currency, (sum.values.get(worth.currency) ?? 0n) + worth.minor)
}

/** What an event adds, in whole minor units; undefined when it has no value, or none that counts. */
export function worthOf(
  { value, currency: own }: EventFact,
  rules: MetricRules,
  orgCurrency: string,
): { readonly currency: string; readonly minor: bigint } | undefined {
  if (value === undefined || rules.value === 'ignore') return undefined
  const currency = own ?? rules.currency ?? orgCurrency
  const minor = toMinor(value, currency)
  return minor === undefined ? undefined : { currency, minor }
}

function toTallies(byName: ReadonlyMap<string, Sum>): Tally[] {
  const byText = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1)
  const names = byName.size === 1 ? [...byName] : [...byName].sort(byText)
  return names.map(([name, { events, firstAtMs, values }]) => ({
    name,
    events,
    firstAtMs,
    values: [...values].sort(byText).map(([currency, minor]) => ({ currency, minor: String(minor) })),
  }))
}
