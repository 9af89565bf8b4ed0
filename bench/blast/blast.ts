// A blast as it arrives: 1,000 messages, half of them with copy of ours, and what became of them. The same every time.
import type { ServeEvent } from '../../contract/stored-event.ts'
import { type ServeName, serveIdOf } from '../../lambdas/domain/copy/name-serve.ts'
import { cioBody, idOf } from '../cio-body.ts'
import { actions, slug, template, variants } from '../org.ts'

export type Arrival =
  | { readonly kind: 'serve'; readonly atMs: number; readonly name: ServeName; readonly serve: ServeEvent }
  | { readonly kind: 'message'; readonly atMs: number; readonly body: string }
  | { readonly kind: 'purchase'; readonly atMs: number; readonly personId: string }

/** Of the sends: how many reach a metric. Half of those opened are opened twice. */
const shares = { delivered: 0.98, opened: 0.4, clicked: 0.06, converted: 0.02 } as const

const [secondMs, minuteMs, hourMs] = [1_000, 60_000, 3_600_000]
/** Customer.io sends 20 a second of this blast. */
const sendEveryMs = 50
const startMs = Date.UTC(2026, 10, 24, 9)

export interface BlastOptions {
  /** Without serves the reporting events are the same. */
  readonly served: boolean
  /** Everybody buys once, a day after the send. */
  readonly bought: boolean
}

/** Blasts so far: each is of other persons and deliveries, so that none finds what another left. */
let blasts = 0
const sendsApart = 100_000

/** Everything that arrives, in the order of arrival. */
export function makeBlast(sends: number, options: BlastOptions): Arrival[] {
  const first = blasts++ * sendsApart
  const random = sequence(20_261_124)
  return Array.from({ length: sends }, (_, at) => oneSend(first + at, at * sendEveryMs, random, options))
    .flat()
    .toSorted((a, b) => a.atMs - b.atMs)
}

function oneSend(at: number, afterMs: number, random: () => number, { served, bought }: BlastOptions): Arrival[] {
  const sentMs = startMs + afterMs
  const treated = at % 2 === 0
  const after = (meanMs: number) => -Math.log(1 - random()) * meanMs
  const message = (metric: string, atMs: number) =>
    reported(at, 'email', metric, atMs, treated ? actions.treatment : actions.control)
  const openedMs = sentMs + 30 * secondMs + after(2 * hourMs)
  const [opens, clicks] = [random() < shares.opened, random() < shares.clicked / shares.opened]
  const converts = random() < shares.converted / shares.clicked
  return [
    ...(treated && served ? [serveOf(at, sentMs - 2 * secondMs)] : []),
    ...(treated ? [reported(at, 'webhook', 'sent', sentMs - secondMs, actions.webhook)] : []),
    message('sent', sentMs),
    ...(random() < shares.delivered ? [message('delivered', sentMs + secondMs + after(5 * secondMs))] : []),
    ...(opens ? [message('opened', openedMs)] : []),
    ...(opens && random() < 0.5 ? [message('opened', openedMs + after(6 * hourMs))] : []),
    ...(opens && clicks ? [message('clicked', openedMs + after(minuteMs))] : []),
    ...(bought ? [{ kind: 'purchase', atMs: sentMs + 24 * hourMs, personId: personOf(at) } as const] : []),
    ...(opens && clicks && converts ? [message('converted', openedMs + after(20 * minuteMs))] : []),
  ]
}

let events = 0

function reported(at: number, channel: 'email' | 'webhook', metric: string, atMs: number, actionId: number): Arrival {
  const body = cioBody({
    eventId: idOf('event', 1_000_000 + events++),
    channel,
    metric,
    seconds: Math.floor(atMs / secondMs),
    deliveryId: deliveryOf(at, channel),
    personId: personOf(at),
    journeyId: idOf('journey', 1_000_000 + at),
    actionId,
  })
  return { kind: 'message', atMs, body }
}

function serveOf(at: number, atMs: number): Arrival {
  const name = { kind: 'delivery', id: deliveryOf(at, 'webhook') } as const
  const { templateId } = template
  const variant = variants[at % variants.length]
  if (variant === undefined) throw new Error('the template has no copy')
  const serve: ServeEvent = {
    kind: 'serve',
    serveId: serveIdOf(slug, name, templateId, 0),
    templateId,
    copyId: variant.copyId,
    arm: variant.arm,
    servedAtMs: atMs,
    userId: personOf(at),
    choice: 'drawn',
    allocationVersion: 0,
    probability: 1 / variants.length,
    copyBytes: 143,
    oversize: false,
  }
  return { kind: 'serve', atMs, name, serve }
}

function personOf(at: number): string {
  return String(700_000 + at)
}

function deliveryOf(at: number, channel: 'email' | 'webhook'): string {
  return idOf('delivery', (channel === 'email' ? 5_000_000 : 6_000_000) + at)
}

/** Numbers from 0 up to 1, the same for the same seed (a linear congruence is even enough here). */
function sequence(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
