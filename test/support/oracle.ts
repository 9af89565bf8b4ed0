// What the results must be, worked out the naive way: all events at once, nothing stored, nothing incremental. Written from
// the rules and the contract alone and sharing no code with the product, so that the two can disagree.
import type { Arm, PersonIdentifier } from '../../contract/ids.ts'
import type { Integration } from '../../contract/integration.ts'
import type { JoinRule } from '../../contract/outcome.ts'
import { channels, sendMetrics } from '../../contract/reporting-event.ts'
import type { Choice, ServeEvent } from '../../contract/stored-event.ts'
import { type CustomRow, type EventRules, type EventSum, type ExplainedSend, sumEvents } from './oracle-events.ts'
import { type Message, readMessage, sortByTime } from './oracle-reading.ts'

export type OracleEvent =
  | { readonly kind: 'message'; readonly body: Readonly<Record<string, unknown>> }
  /** `name` is what the serve was stored under. */
  | {
      readonly kind: 'serve'
      readonly name: { readonly kind: string; readonly id: string }
      readonly serve: ServeEvent
    }
  /** `row` is the content that stands in the end. */
  | { readonly kind: 'custom'; readonly row: CustomRow }

export interface World {
  readonly identifier: PersonIdentifier
  readonly integrations: readonly Integration[]
  readonly rules: EventRules
  readonly events: readonly OracleEvent[]
}

type Tally = Record<string, number>

export interface ExpectedArm {
  readonly arm: Arm
  readonly copy_id: string | null
  readonly choice: Choice
  readonly counts: Tally
  readonly join: Record<JoinRule, number>
  events: Record<string, EventSum>
}

export interface Expected {
  readonly arms: readonly ExpectedArm[]
  readonly join: Record<JoinRule, number>
  readonly unsent: Tally
  readonly action: Tally
  readonly other_actions: Tally
  readonly other: Tally
}

interface KnownServe extends ServeEvent {
  readonly persons: readonly string[]
  readonly journeyId: string | undefined
  /** Where custom events stand beside it. */
  readonly beside: string
}

const dayMs = 86_400_000
const engagement = ['opened', 'clicked', 'converted', 'unsubscribed', 'spammed', 'replied']
const knownMetrics: readonly string[] = [...sendMetrics, 'drafted', 'attempted', 'deferred']
const knownChannels: readonly string[] = channels

/** The results of one template. */
export function expectResults(world: World, template: string): Expected {
  const arms = new Map<string, ExpectedArm>()
  const armOf = (arm: Arm, copy_id: string | null, choice: Choice): ExpectedArm => {
    const key = JSON.stringify([arm, copy_id, choice])
    const found = arms.get(key) ?? {
      ...{ arm, copy_id, choice, counts: {}, events: {} },
      join: { journey: 0, latest: 0, none: 0 },
    }
    arms.set(key, found)
    return found
  }
  const [join, unsent, action, other_actions, other] = [{ journey: 0, latest: 0, none: 0 }, {}, {}, {}, {}]
  const serves = knownServes(world)

  for (const { templateId, arm, copyId, choice, oversize } of serves) {
    if (templateId !== template) continue
    const { counts } = armOf(arm, copyId, choice)
    add(counts, 'served')
    if (oversize) add(counts, 'oversize')
  }
  const explained = explainedSends(world, serves)
  const ofArm = new Map<ExpectedArm, ExplainedSend[]>()
  for (const events of deliveries(world)) {
    const anchor = anchorOf(events)
    const source = (anchor ?? events[0])?.source
    const integration = world.integrations.find((integration) => integration.source === source)
    if (integration?.templateId !== template) continue
    for (const name of undocumented(events)) add(other, name)
    if (isAction(events)) {
      const actionId = events.find(({ actionId }) => actionId !== undefined)?.actionId
      const isOurs = integration.webhookActionIds.some((id) => id === actionId)
      addAll(isOurs ? action : other_actions, { calls: 1, ...countDocumented(events) })
    } else if (anchor === undefined) {
      const unmatched = events.some(({ metric }) => engagement.includes(metric))
      addAll(unsent, {
        deliveries: 1,
        ...countDocumented(events),
        ...countHumans(events),
        ...(unmatched && { unmatched: 1 }),
      })
    } else {
      const { arm, serve, rule } = explain(events, anchor, integration, serves, world.identifier)
      const row = armOf(arm, serve?.copyId ?? null, serve?.choice ?? 'drawn')
      addAll(row.counts, countSend(events))
      const send = explained.filter(({ deliveryId }) => deliveryId === anchor.deliveryId)
      ofArm.set(row, [...(ofArm.get(row) ?? []), ...send])
      add(row.join, rule)
      add(join, rule)
    }
  }
  const rows = world.events.flatMap((event) => (event.kind === 'custom' ? [event.row] : []))
  const standing = serves.map(({ serveId, beside, persons }) => ({ serveId, beside, persons }))
  for (const [row, own] of ofArm) {
    row.events = sumEvents(rows, explained, own, standing, world.identifier, world.rules)
  }
  return { arms: [...arms.values()], join, unsent, action, other_actions, other }
}

/** Every send, claimed by a template or not, with what its own events are correlated by. */
function explainedSends(world: World, serves: readonly KnownServe[]): ExplainedSend[] {
  return deliveries(world).flatMap((events) => {
    const anchor = anchorOf(events)
    const integration = world.integrations.find(({ source }) => source === anchor?.source)
    if (anchor === undefined) return []
    const serve = integration && explain(events, anchor, integration, serves, world.identifier).serve
    return {
      deliveryId: anchor.deliveryId,
      template: integration?.templateId,
      person: anchor.personFor(world.identifier),
      atMs: anchor.atMs,
      deliveredAtMs: events.find(({ metric }) => metric === 'delivered')?.atMs,
      trackingId: serve?.trackingId,
      serveId: serve?.serveId,
    }
  })
}

/** How many of each kind there are in the whole org, templates or not. */
export function expectTotals(world: World): Record<'send' | 'unsent' | 'action' | 'serve', number> {
  const all = deliveries(world)
  const actions = all.filter(isAction)
  const sends = all.filter((events) => anchorOf(events) !== undefined)
  return {
    send: sends.length,
    action: actions.length,
    unsent: all.length - sends.length - actions.length,
    serve: knownServes(world).length,
  }
}

/** The events of each delivery, each once, in order. A webhook's own events are kept apart: they are never a send. */
function deliveries({ events }: World): Message[][] {
  const messages = events.flatMap((event) => (event.kind === 'message' ? (readMessage(event.body) ?? []) : []))
  const unique = new Map(messages.map((message) => [`${message.deliveryId} ${message.eventId}`, message]))
  const byDelivery = Map.groupBy(unique.values(), (message) => `${isCall(message)} ${message.deliveryId}`)
  return [...byDelivery.values()].map(sortByTime)
}

function isCall({ channel }: Message): boolean {
  return channel === 'webhook'
}

function isAction(events: readonly Message[]): boolean {
  return events.some(isCall)
}

/** The event that makes a delivery a send: the earliest `sent`, else the earliest `delivered`. */
function anchorOf(events: readonly Message[]): Message | undefined {
  if (isAction(events)) return undefined
  return events.find(({ metric }) => metric === 'sent') ?? events.find(({ metric }) => metric === 'delivered')
}

function knownServes({ events, identifier, rules }: World): KnownServe[] {
  const unique = new Map(
    events.flatMap((event) =>
      event.kind === 'serve' ? [[`${JSON.stringify(event.name)} ${event.serve.serveId}`, event] as const] : [],
    ),
  )
  return [...unique.values()].map(({ name, serve }) => {
    const reports = deliveries({ identifier, integrations: [], rules, events })
      .flat()
      .filter(({ deliveryId, channel }) => name.kind === 'delivery' && deliveryId === name.id && channel === 'webhook')
    const reported = reports.find(({ named }) => named)?.personFor(identifier)
    const named = serve.userId === undefined ? undefined : nameOf(identifier, serve.userId)
    return {
      ...serve,
      beside: `${name.kind} ${name.id}`,
      persons: [named, reported].filter((person) => person !== undefined),
      journeyId: reports.find(({ journeyId }) => journeyId !== undefined)?.journeyId,
    }
  })
}

function nameOf(identifier: PersonIdentifier, userId: string): string {
  return `${identifier}:${identifier === 'email' ? userId.trim().toLowerCase() : userId}`
}

interface Explained {
  readonly arm: Arm
  readonly serve?: ServeEvent
  readonly rule: JoinRule
}

function explain(
  events: readonly Message[],
  anchor: Message,
  { templateId, controlActionIds, treatmentActionIds, serveWindowDays }: Integration,
  serves: readonly KnownServe[],
  identifier: PersonIdentifier,
): Explained {
  const anchorFirst = [anchor, ...events]
  const actionId = anchorFirst.find(({ actionId }) => actionId !== undefined)?.actionId
  const journeyId = anchorFirst.find(({ journeyId }) => journeyId !== undefined)?.journeyId
  const decided = controlActionIds.some((id) => id === actionId)
    ? 'control'
    : treatmentActionIds.some((id) => id === actionId)
      ? 'treatment'
      : undefined

  const person = anchor.personFor(identifier)
  const own = serves
    .filter((serve) => serve.templateId === templateId && serve.persons.includes(person))
    .toSorted((a, b) => a.servedAtMs - b.servedAtMs || (a.serveId > b.serveId ? -1 : 1))
  const gapMs = ({ servedAtMs }: ServeEvent) => anchor.atMs - Math.floor(servedAtMs / 1000) * 1000
  const ofJourney = own.filter((serve) => journeyId !== undefined && serve.journeyId === journeyId)
  // Of equal instants the smaller id stands last, so "latest" finds it; "earliest" has to look for it.
  const after = ofJourney.filter((serve) => gapMs(serve) < 0)
  const byJourney =
    ofJourney.findLast((serve) => gapMs(serve) >= 0) ??
    after.findLast(({ servedAtMs }) => servedAtMs === after[0]?.servedAtMs)
  const latest = own.findLast((serve) => gapMs(serve) >= 0)
  const byTime = latest !== undefined && gapMs(latest) <= serveWindowDays * dayMs ? latest : undefined
  const serve = byJourney ?? byTime
  if (serve === undefined || (decided !== undefined && serve.arm !== decided)) {
    return { arm: decided ?? (controlActionIds.length === 0 ? 'control' : 'treatment'), rule: 'none' }
  }
  return { arm: serve.arm, serve, rule: byJourney === undefined ? 'latest' : 'journey' }
}

/** Once per send and metric; `sent` also when `delivered` stands in for it. */
function countSend(events: readonly Message[]): Tally {
  const counts: Tally = { sent: 1, events: events.length, ...countHumans(events) }
  for (const metric of sendMetrics) if (events.some((event) => event.metric === metric)) counts[metric] = 1
  for (const metric of ['opened', 'clicked']) {
    const raw = events.filter((event) => event.metric === metric).length
    if (raw > 0) counts[`${metric}_events`] = raw
  }
  if (events.every(({ metric }) => metric !== 'sent')) counts.stand_in = 1
  return counts
}

function countHumans(events: readonly Message[]): Tally {
  const click = events.some(({ metric, machine }) => metric === 'clicked' && !machine)
  const open = events.some(({ metric, machine, synthetic }) => metric === 'opened' && !machine && (!synthetic || click))
  return { ...(click && { human_clicked: 1 }), ...(open && { human_opened: 1 }) }
}

/** What was never sent, and calls, count every documented metric that they have. */
function countDocumented(events: readonly Message[]): Tally {
  const metrics = new Set(events.map(({ metric }) => metric).filter((metric) => knownMetrics.includes(metric)))
  return { events: events.length, ...Object.fromEntries([...metrics].map((metric) => [metric, 1])) }
}

/** Names that Customer.io's documents do not have, each once per delivery. */
function undocumented(events: readonly Message[]): Set<string> {
  const metrics = events.filter(({ metric }) => !knownMetrics.includes(metric)).map(({ metric }) => `metric:${metric}`)
  const unknown = events.filter(({ channel }) => !knownChannels.includes(channel))
  return new Set([...metrics, ...unknown.map(({ channel }) => `channel:${channel}`)])
}

function addAll(tally: Tally, counts: Tally): void {
  for (const [name, count] of Object.entries(counts)) add(tally, name, count)
}

function add(tally: Tally, name: string, count = 1): void {
  tally[name] = (tally[name] ?? 0) + count
}
