// The pools that random scripts draw from, small and full of edges, so that things collide. The first choices are the
// usual ones: most sends have a serve that could explain them.
import * as fc from 'fast-check'
import type { ServeEvent } from '../../contract/stored-event.ts'
import type { ServeName } from '../../lambdas/domain/copy/name-serve.ts'

type Fields = Readonly<Record<string, unknown>>

const [noon, dayMs] = [Date.UTC(2026, 10, 20, 12) / 1000, 86_400_000]

export const maybe = <T>(value: fc.Arbitrary<T>, freq: number) => fc.option(value, { nil: undefined, freq })
export const weighted = <T>(...choices: [number, T][]) =>
  fc.oneof(...choices.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })))
const anyOf = <T>(weight: number, values: readonly T[]) => values.map((value): [number, T] => [weight, value])

/** Seconds of events: some equal, some next to one another, some around midnight. */
const second = weighted(...anyOf(3, [0, 1, 2, 60]), ...anyOf(1, [43_199, 43_200, 86_400])).map(
  (offset) => noon + offset,
)
/** Distance of a serve from a second: the same second, others, and the edges of windows of 1 and of 30 days. */
const serveOffsetMs = weighted(
  ...anyOf(4, [0, 1, 999, -1, -1_000, -60_000]),
  ...anyOf(2, [1_000, 1_001, 3_600_000]),
  ...[1, 30].flatMap((days) =>
    anyOf(1, [-1_000, -1, 0, 1, 999, 1_000]).map(([weight, edge]): [number, number] => [weight, edge - days * dayMs]),
  ),
)
const personNumber = weighted([8, 1], [1, 2], [1, 3])

/** Ways in which Customer.io may name a person; the last ones name nobody. */
const identity = fc
  .tuple(personNumber, weighted([12, 0], [2, 1], ...anyOf(1, [2, 3, 4, 5, 6, 7])))
  .map(([n, form]): Fields => {
    const [id, email, cio_id] = [String(n), `ann${n}@x.org`, `c${n}`]
    const forms: Fields[] = [
      { identifiers: { id, email, cio_id }, customer_id: '9' },
      { identifiers: { id } },
      { identifiers: { id: null, email: ` Ann${n}@X.org` } },
      { identifiers: { id: '', email, cio_id } },
      { identifiers: { id: n, email: null } },
      { identifiers: {}, customer_id: id },
      { identifiers: { id: null } },
      {},
    ]
    return forms[form] ?? {}
  })

const source = weighted<Fields>(
  [8, { campaign_id: 23 }],
  [2, { broadcast_id: 9 }],
  [2, { campaign_id: 24 }],
  [1, { campaign_id: 25 }],
  [1, { campaign_id: null }],
)
/** 7 is the integration's webhook action, 8 another one of the campaign. */
const action = weighted<Fields>(
  [4, {}],
  ...anyOf<Fields>(2, [{ action_id: 101 }, { action_id: 102 }]),
  ...anyOf<Fields>(1, [{ action_id: 7 }, { action_id: 8 }]),
)
const journey = weighted<Fields>([2, {}], [4, { journey_id: 'J1' }], [2, { journey_id: 'J2' }])
/** What the events of one delivery have in common, mostly. */
const facts = fc.record({ who: identity, source, action, journey })

export const deliveries = fc.record({
  messages: fc.array(fc.record({ facts, channel: weighted<string>([6, 'email'], [2, 'push'], [1, 'pigeon']) }), {
    minLength: 1,
    maxLength: 3,
  }),
  calls: fc.array(facts, { minLength: 1, maxLength: 2 }),
})

const messageMetrics = weighted<string>(
  [12, 'sent'],
  ...anyOf(4, ['delivered', 'opened', 'clicked']),
  ...anyOf(1, ['converted', 'unsubscribed', 'spammed', 'bounced', 'dropped', 'failed', 'undeliverable', 'replied']),
  ...anyOf(1, ['drafted', 'attempted', 'deferred', 'sparkled']),
)
const callMetrics = weighted<string>(
  [5, 'sent'],
  ...anyOf(1, ['drafted', 'attempted', 'failed', 'clicked', 'sparkled']),
)
const flags = weighted<Fields>(
  [6, {}],
  ...anyOf<Fields>(2, [{ synthetic: true }, { machine: true }]),
  ...anyOf<Fields>(1, [{ prefetched: true }, { proxied: true }, { machine: false, synthetic: true }]),
)
const times = weighted([5, 1], [3, 2], [1, 3], [1, 5])

/** An event is of the delivery that `of` picks, with now and then other facts than its delivery's. */
export const messageDraft = fc.record({
  kind: fc.constant('message' as const),
  of: fc.nat(11),
  call: weighted([3, false], [1, true]),
  metric: messageMetrics,
  callMetric: callMetrics,
  second,
  flags,
  large: weighted([9, false], [1, true]),
  other: fc.record({
    who: maybe(identity, 7),
    source: maybe(source, 11),
    action: maybe(action, 7),
    journey: maybe(journey, 7),
  }),
  times,
})

export const serveDraft = fc.record({
  kind: fc.constant('serve' as const),
  name: weighted<ServeName['kind']>(
    [9, 'delivery'],
    ...anyOf<ServeName['kind']>(1, ['tracking', 'idempotency', 'unnamed']),
  ),
  of: fc.nat(1),
  templateId: weighted([4, 0], [1, 1]),
  copy: weighted([3, 'a'], [2, 'b'], [2, 'c']),
  tracking: maybe(fc.nat(1), 4),
  second,
  offsetMs: serveOffsetMs,
  user: maybe(personNumber, 3),
  choice: weighted<ServeEvent['choice']>([6, 'drawn'], [1, 'forced'], [1, 'fallback']),
  version: fc.nat(1),
  oversize: weighted([4, false], [1, true]),
  times,
})

/** Distances of a custom event from a second of sends: the edges of delays and windows, one second to each side. */
const eventOffset = weighted(
  ...anyOf(3, [0, 1, -1, 30]),
  ...[1, 60, 61, 86_400, 1_209_600].flatMap((edge) => anyOf(1, [edge - 1, edge, edge + 1])),
)
const eventNames = ['purchase', 'sign up', 'refund']

const eventRow = fc.record({
  name: weighted<string>(...anyOf(2, eventNames)),
  second,
  offset: eventOffset,
  ms: weighted([3, 0], [1, 1], [1, 999]),
  person: weighted<'user' | 'email' | 'both' | 'nobody'>([6, 'user'], [1, 'email'], [1, 'both'], [2, 'nobody']),
  number: personNumber,
  delivery: maybe(weighted<string>([3, 'D0'], [2, 'D1'], [1, 'D2'], [2, 'C0']), 3),
  tracking: maybe(fc.nat(1), 3),
  value: maybe(weighted<string>(...anyOf(1, ['12.50', '-3', '0', '7', '0.01', '0.125'])), 1),
  currency: maybe(weighted<string>([2, 'EUR'], [1, 'JPY'], [1, 'KWD']), 3),
})

export const customDraft = fc.record({
  kind: fc.constant('custom' as const),
  mode: weighted<'first' | 'latest'>([1, 'first'], [1, 'latest']),
  /** Events with an id of their own may come again with other content. */
  rows: fc.oneof({ weight: 2, arbitrary: fc.tuple(eventRow) }, { weight: 1, arbitrary: fc.tuple(eventRow, eventRow) }),
  named: fc.boolean(),
  times,
})

const rules = fc.record({
  windowSeconds: weighted([2, 60], [2, 86_400], [3, 1_209_600]),
  delaySeconds: weighted([4, 0], [1, 1], [1, 60]),
  anchor: weighted<'sent' | 'delivered'>([3, 'sent'], [1, 'delivered']),
  model: weighted<'last' | 'first' | 'every'>([3, 'last'], [2, 'first'], [2, 'every']),
  scope: weighted<'template' | 'org'>([2, 'template'], [1, 'org']),
  value: weighted<'sum' | 'ignore'>([5, 'sum'], [1, 'ignore']),
})

/** One event name has a definition of its own, another a currency; the third goes by the defaults. */
export const eventRules = fc.record({ defaults: rules, purchase: rules, signUp: rules }).map((drawn) => ({
  currency: 'EUR',
  defaults: drawn.defaults,
  metrics: [
    { name: 'purchase', ...drawn.purchase },
    { name: 'sign up', ...drawn.signUp, currency: 'JPY' },
  ],
}))
