// Rule by rule, each with its edges: one second too early, the first second, the last one, one too late.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type MetricRules, usualMetricRules } from '../../../contract/metric.ts'
import { type CorrelatedEvent, type CorrelatedSend, correlate } from '../../../lambdas/domain/measuring/correlate.ts'
import { metricsInForce } from '../../../lambdas/domain/measuring/metric-rules.ts'

const startMs = 1_795_000_000_000
const windowSeconds = 100

const sendAt = (second: number, deliveryId = `d${second}`, more: Partial<CorrelatedSend> = {}): CorrelatedSend => ({
  ...{ subject: `send:${deliveryId}`, deliveryId, templateId: 'welcome', atMs: startMs + second * 1_000 },
  ...more,
})
const eventAt = (second: number, more: Partial<CorrelatedEvent> = {}): CorrelatedEvent => ({
  ...{ id: `e${second}`, name: 'purchase', atMs: startMs + second * 1_000 },
  ...more,
})
const force = (rules: Partial<MetricRules> = {}) =>
  metricsInForce({ currency: 'EUR', metricDefaults: { ...usualMetricRules, windowSeconds, ...rules } })

/** Deliveries that an event counts for. */
function earners(sends: readonly CorrelatedSend[], event: CorrelatedEvent, rules: Partial<MetricRules> = {}): string[] {
  const tallies = correlate(sends, [event], force(rules))
  return sends.flatMap(({ deliveryId }, at) => (tallies[at]?.length === 0 ? [] : [deliveryId])).toSorted()
}

describe('the window', () => {
  test.each([
    [-1, []],
    [0, ['d0']],
    [1, ['d0']],
    [99, ['d0']],
    [100, ['d0']],
    [101, []],
  ])('an event %i s after the send', (second, expected) => {
    expect(earners([sendAt(0)], eventAt(second))).toEqual(expected)
  })

  test.each([
    [9, []],
    [10, ['d0']],
    [11, ['d0']],
    [100, ['d0']],
    [101, []],
  ])('an event %i s after the send, with a delay of 10 s', (second, expected) => {
    expect(earners([sendAt(0)], eventAt(second), { delaySeconds: 10 })).toEqual(expected)
  })

  test.each([
    [29, []],
    [30, ['d0']],
    [130, ['d0']],
    [131, []],
  ])('an event %i s after the send, anchored on a delivery 30 s after it', (second, expected) => {
    const sends = [sendAt(0, 'd0', { deliveredAtMs: startMs + 30_000 })]
    expect(earners(sends, eventAt(second), { anchor: 'delivered' })).toEqual(expected)
  })

  test('is of whole seconds: 999 ms do not leave it', () => {
    expect(earners([sendAt(0)], eventAt(100.999))).toEqual(['d0'])
    expect(earners([sendAt(0)], eventAt(-0.001))).toEqual([])
  })

  test('has nothing for a send that was not delivered when that is the anchor', () => {
    expect(earners([sendAt(0)], eventAt(10), { anchor: 'delivered' })).toEqual([])
  })
})

describe('of several sends that qualify', () => {
  const sends = [sendAt(0), sendAt(10), sendAt(20)]

  test.each([
    ['last', ['d10']],
    ['first', ['d0']],
    ['every', ['d0', 'd10']],
  ] as const)('model %s', (model, expected) => {
    expect(earners(sends, eventAt(15), { model })).toEqual(expected)
  })

  test.each(['last', 'first'] as const)('equal times: the smaller delivery id, model %s', (model) => {
    expect(earners([sendAt(0, 'b'), sendAt(0, 'a'), sendAt(0, 'c')], eventAt(1), { model })).toEqual(['a'])
  })

  test('one in each template, or one in the whole org', () => {
    const both = [sendAt(0, 'w'), sendAt(5, 'p', { templateId: 'promo' })]
    expect(earners(both, eventAt(10))).toEqual(['p', 'w'])
    expect(earners(both, eventAt(10), { scope: 'org' })).toEqual(['p'])
    expect(earners(both, eventAt(10), { scope: 'org', model: 'first' })).toEqual(['w'])
    expect(earners(both, eventAt(10), { scope: 'org', model: 'every' })).toEqual(['p', 'w'])
  })
})

describe('an event that names its send', () => {
  const sends = [sendAt(0), sendAt(10), sendAt(5, 'p', { templateId: 'promo' })]

  test('counts for that one in its template, and by time in the others', () => {
    expect(earners(sends, eventAt(20, { deliveryId: 'd0' }))).toEqual(['d0', 'p'])
  })

  test('does not count in that template when it is outside the window, though another send would have it', () => {
    expect(earners(sends, eventAt(104, { deliveryId: 'd0' }))).toEqual(['p'])
    expect(earners(sends, eventAt(105, { deliveryId: 'd0' }), { scope: 'org' })).toEqual([])
  })

  test('by the tracking id of the serve behind it, which a delivery outranks', () => {
    const served = [sendAt(0, 'a', { trackingId: 't' }), sendAt(10, 'b')]
    expect(earners(served, eventAt(20, { trackingId: 't' }))).toEqual(['a'])
    expect(earners(served, eventAt(20, { trackingId: 't', deliveryId: 'b' }))).toEqual(['b'])
    expect(earners(served, eventAt(20, { trackingId: 'other' }))).toEqual(['b'])
  })

  test('by standing beside the serve behind it', () => {
    const served = [sendAt(0, 'a', { serveId: 's' }), sendAt(10, 'b')]
    expect(earners(served, eventAt(20, { serveId: 's' }))).toEqual(['a'])
  })
})

describe('what is kept of a send', () => {
  const tallies = (events: readonly CorrelatedEvent[], rules: Partial<MetricRules> = {}) =>
    correlate([sendAt(0)], events, force(rules))[0]

  test('events, the first time and exact sums by currency', () => {
    const events = [
      eventAt(30, { value: '7', currency: 'JPY' }),
      eventAt(20, { value: '0.1' }),
      eventAt(10.5, { value: '0.2' }),
      eventAt(40),
    ]
    const values = [
      { currency: 'EUR', minor: '30' },
      { currency: 'JPY', minor: '7' },
    ]
    expect(tallies(events)).toEqual([{ name: 'purchase', events: 4, firstAtMs: startMs + 10_500, values }])
  })

  test('no value where a definition ignores it, or where its currency has no such minor unit', () => {
    expect(tallies([eventAt(1, { value: '5' })], { value: 'ignore' })).toMatchObject([{ values: [] }])
    expect(tallies([eventAt(1, { value: '0.5' })], { currency: 'JPY' })).toMatchObject([{ events: 1, values: [] }])
  })

  test('names in the order of the alphabet', () => {
    const names = Array.from({ length: 45 }, (_, at) => `n${String(at).padStart(2, '0')}`)
    const kept = tallies(names.toReversed().map((name, at) => eventAt(at, { name })))
    expect(kept?.map(({ name }) => name)).toEqual(names)
  })
})

test('no order of arrival makes a difference', () => {
  const sends = fc.array(
    fc
      .record({ second: fc.nat(5), template: fc.constantFrom('a', 'b') })
      .map(({ second, template }) => ({ second, template })),
    { maxLength: 5 },
  )
  const events = fc.array(fc.record({ second: fc.nat(9), value: fc.constantFrom('1', '2.5') }), { maxLength: 6 })
  const rules = fc.record({
    model: fc.constantFrom('last', 'first', 'every'),
    scope: fc.constantFrom('template', 'org'),
    windowSeconds: fc.nat(6),
  })
  const property = fc.property(
    sends,
    events,
    rules,
    fc.infiniteStream(fc.nat()),
    (drawnSends, drawnEvents, rule, dice) => {
      const made = drawnSends.map(({ second, template }, at) =>
        sendAt(second, `${template}${at}`, { templateId: template }),
      )
      const arrived = drawnEvents.map(({ second, value }, at) => eventAt(second, { id: `e${at}`, value }))
      const shuffled = <T>(items: readonly T[]) =>
        items
          .map((item) => ({ item, place: dice.next().value }))
          .toSorted((a, b) => a.place - b.place)
          .map(({ item }) => item)
      const metrics = force(rule)
      const bySubject = (sends: readonly CorrelatedSend[], events: readonly CorrelatedEvent[]) => {
        const tallies = correlate(sends, events, metrics)
        return new Map(sends.map(({ subject }, at) => [subject, tallies[at]]))
      }
      expect(bySubject(shuffled(made), shuffled(arrived))).toEqual(bySubject(made, arrived))
    },
  )
  fc.assert(property, { numRuns: 500 })
})
