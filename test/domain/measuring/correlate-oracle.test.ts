// Correlation against a brute-force oracle that shares no code with it: small random timelines full of ties and edges, every
// order of their sends and events.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { MetricRules } from '../../../contract/metric.ts'
import { type CorrelatedEvent, type CorrelatedSend, correlate } from '../../../lambdas/domain/measuring/correlate.ts'
import { metricsInForce } from '../../../lambdas/domain/measuring/metric-rules.ts'
import { type CustomRow, type ExplainedSend, sumEvents } from '../../support/oracle-events.ts'

const seed = Number(process.env.EXACTNESS_SEED ?? Math.floor(Math.random() * 2 ** 31))
const startMs = 1_795_000_000_000
const [windowSeconds, delaySeconds] = [10, 4]
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined })

/** Seconds of sends, some equal; and of events, at each edge of window and delay and one second to each side. */
const sendSecond = fc.constantFrom(0, 0, 1, 4, 10)
const eventMs = fc
  .tuple(
    sendSecond,
    fc.constantFrom(0, delaySeconds, windowSeconds),
    fc.constantFrom(-1, 0, 1),
    fc.constantFrom(0, 1, 999),
  )
  .map(([second, edge, aside, ms]) => startMs + (second + edge + aside) * 1_000 + ms)

const sends = fc.array(
  fc.record({
    template: fc.constantFrom('welcome', 'promo', 'reminder'),
    second: sendSecond,
    deliveredAfter: maybe(fc.constantFrom(0, 1, 4)),
    trackingId: maybe(fc.constantFrom('t1', 't2')),
  }),
  { minLength: 1, maxLength: 4 },
)
const rows = fc.array(
  fc.record({
    name: fc.constantFrom('purchase', 'refund'),
    timestamp: eventMs,
    value: maybe(fc.constantFrom('12.50', '-3', '0.01', '7')),
    delivery_id: maybe(fc.constantFrom('d0', 'd1', 'd9')),
    tracking_id: maybe(fc.constantFrom('t1', 't9')),
  }),
  { minLength: 1, maxLength: 4 },
)
const rules: fc.Arbitrary<MetricRules> = fc.record({
  windowSeconds: fc.constant(windowSeconds),
  delaySeconds: fc.constantFrom(0, delaySeconds, windowSeconds),
  anchor: fc.constantFrom('sent', 'delivered'),
  model: fc.constantFrom('last', 'first', 'every'),
  scope: fc.constantFrom('template', 'org'),
  value: fc.constantFrom('sum', 'sum', 'ignore'),
})

test('says of every send what the oracle says, in every order', { timeout: 60_000 }, () => {
  console.log(`seed ${seed}, replay with EXACTNESS_SEED=${seed}`)
  let counted = 0
  const property = fc.property(sends, rows, rules, rules, (drawnSends, drawnRows, defaults, purchase) => {
    const explained = drawnSends.map(
      ({ template, second, deliveredAfter, trackingId }, at): ExplainedSend & { template: string } => ({
        ...{ deliveryId: `d${at}`, template, person: 'id:1', atMs: startMs + second * 1_000, trackingId },
        deliveredAtMs: deliveredAfter === undefined ? undefined : startMs + (second + deliveredAfter) * 1_000,
        serveId: undefined,
      }),
    )
    const all = drawnRows.map((row): CustomRow => withoutUndefined({ ...row, user_id: '1' }))
    const metrics = [{ name: 'purchase', ...purchase }]
    const expected = new Map(
      explained.map((send) => {
        const sums = sumEvents(all, explained, [send], [], 'id', { currency: 'EUR', defaults, metrics })
        return [send.deliveryId, Object.entries(sums).map(([name, { events, value }]) => [name, events, value.EUR])]
      }),
    )
    counted += [...expected.values()].flat().length
    const inForce = metricsInForce({ currency: 'EUR', metricDefaults: defaults, metrics })
    const toSend = ({ deliveryId, template, ...times }: (typeof explained)[number]): CorrelatedSend => {
      return { ...times, subject: deliveryId, deliveryId, templateId: template }
    }
    const toEvent = ({ timestamp, delivery_id, tracking_id, ...row }: (typeof drawnRows)[number], at: number) =>
      withoutUndefined({ id: `e${at}`, ...row, atMs: timestamp, deliveryId: delivery_id, trackingId: tracking_id })
    const events: CorrelatedEvent[] = drawnRows.map(toEvent)
    for (const [ordered, arrived] of ordersOfBoth(explained.map(toSend), events)) {
      const tallies = correlate(ordered, arrived, inForce)
      for (const [at, { deliveryId }] of ordered.entries()) {
        const found = (tallies[at] ?? []).map(({ name, events, values }) => [name, events, values[0]?.minor])
        expect(found).toEqual(inMinor(expected.get(deliveryId) ?? []))
      }
    }
  })
  fc.assert(property, { numRuns: 400, seed })
  expect(counted).toBeGreaterThan(200)
})

/** Names in order, money in minor units; the oracle leaves out what comes to nothing. */
function inMinor(sums: readonly (readonly unknown[])[]) {
  return sums
    .map(([name, events, value]) => [
      name,
      events,
      value === undefined ? undefined : String(Math.round(Number(value) * 100)),
    ])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))
}

/** Every order of the events with the sends as they are, and every order of the sends with the events turned round. */
function* ordersOfBoth<A, B>(first: readonly A[], second: readonly B[]): Generator<[readonly A[], readonly B[]]> {
  for (const order of orders(second)) yield [first, order]
  for (const order of orders(first)) yield [order, second.toReversed()]
}

function* orders<T>(items: readonly T[]): Generator<readonly T[]> {
  if (items.length < 2) return yield items
  for (const [at, item] of items.entries()) for (const rest of orders(items.toSpliced(at, 1))) yield [item, ...rest]
}

function withoutUndefined<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as never
}
