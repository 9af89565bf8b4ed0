// From rows to the next version of the weights: what has matured, what stops a copy, and what changes nothing.
import { describe, expect, it } from 'vitest'
import { usualMetricRules } from '../../../contract/metric.ts'
import type { CellChange } from '../../../contract/result-cell.ts'
import type { Template } from '../../../contract/template.ts'
import { liftStop } from '../../../lambdas/domain/allocation/lift-stop.ts'
import { learningRange, nextAllocation } from '../../../lambdas/domain/allocation/next-allocation.ts'
import { weightsInForce } from '../../../lambdas/domain/allocation/weights-in-force.ts'
import { copyIdOf, templateOf, variantOf } from '../../support/copy-settings.ts'
import { controlRow, dayAt, drawnRow, rowOf } from '../../support/result-rows.ts'

const copies = [variantOf('a'), variantOf('b')]
const nowMs = Date.parse(`${dayAt(20)}T12:00:00Z`)
const next = (rows: CellChange[], changes: Partial<Template> = {}, variants = copies) =>
  nextAllocation({ template: templateOf('welcome', changes), variants }, rows, usualMetricRules, nowMs)
const weightsOf = (found: ReturnType<typeof next>) =>
  Object.fromEntries((found?.weights ?? []).map(({ copyId, weight }) => [copyId, weight]))

const better = [drawnRow(0, 'a', 0, { sent: 1_000, clicked: 100 }), drawnRow(0, 'b', 0, { sent: 1_000, clicked: 160 })]

describe('weights', () => {
  it('follow what has matured, above the usual floor', () => {
    const found = next(better)
    expect(found).toMatchObject({
      version: 1,
      basis: 'learned',
      metric: 'clicked',
      floor: 0.05,
      maturedThrough: dayAt(16),
    })
    expect(weightsOf(found).b).toBeCloseTo(0.95, 2)
    expect(weightsOf(found).a).toBeGreaterThanOrEqual(0.05)
    expect(found?.computedFrom).toMatchObject([
      { copyId: 'a', sends: 1_000, mean: 0.1 },
      { copyId: 'b', mean: 0.16 },
    ])
  })

  it('take no account of sends that are too young, forced or fallen back to', () => {
    const rows = [
      drawnRow(17, 'a', 0, { sent: 1_000, clicked: 900 }),
      rowOf(0, 'treatment', 'a', 'forced', { sent: 1_000, clicked: 900 }),
      rowOf(0, 'treatment', 'a', 'fallback', { sent: 1_000, clicked: 900 }),
      drawnRow(16, 'a', 0, { sent: 99, clicked: 9 }),
      drawnRow(16, 'b', 0, { sent: 900, clicked: 9 }),
    ]
    expect(next(rows)).toMatchObject({ basis: 'too_few_sends', computedFrom: [{ sends: 99 }, { sends: 900 }] })
  })

  it('are learned from a custom event once its window has closed', () => {
    const purchases = (day: number, copy: string, sends: number) =>
      rowOf(day, 'treatment', copy, 'v0', { sends, events: sends }, { name: 'purchase' })
    const rows = (day: number) => [
      ...['a', 'b'].map((copy) => drawnRow(day, copy, 0, { sent: 1_000 })),
      purchases(day, 'a', 40),
      purchases(day, 'b', 90),
    ]
    expect(next(rows(5), { keyMetric: 'purchase' })).toMatchObject({ basis: 'learned', maturedThrough: dayAt(5) })
    expect(next(rows(6), { keyMetric: 'purchase' })).toMatchObject({ basis: 'too_few_sends' })
  })

  it('are as set by hand, and uniform when asked for', () => {
    const weights = [{ copyId: copyIdOf('b'), weight: 1 }]
    expect(weightsOf(next(better, { algorithm: 'fixed', weights }))).toEqual({ a: 0, b: 1 })
    expect(weightsOf(next(better, { algorithm: 'uniform' }))).toEqual({ a: 0.5, b: 0.5 })
  })

  it('stay uniform on a stored key metric of which more is worse', () => {
    const worse = better.map((row) => ({ ...row, counts: { ...row.counts, bounced: row.counts.clicked ?? 0 } }))
    const found = next(worse, { keyMetric: 'bounced' })
    expect(found).toMatchObject({ algorithm: 'uniform', basis: 'uniform' })
    expect(weightsOf(found)).toEqual({ a: 0.5, b: 0.5 })
    const weights = [{ copyId: copyIdOf('b'), weight: 1 }]
    expect(weightsOf(next(worse, { keyMetric: 'bounced', algorithm: 'fixed', weights }))).toEqual({ a: 0, b: 1 })
  })

  it('are applied as somebody set them, however little they moved, and a copy set to 0 is drawn no more', () => {
    const by = (weight: number): Partial<Template> => ({
      algorithm: 'fixed',
      weights: [
        { copyId: copyIdOf('a'), weight: 1 - weight },
        { copyId: copyIdOf('b'), weight },
      ],
    })
    const found = next(better, by(0.005))
    if (found === undefined) throw new Error('there is a version')
    const under = (weight: number) => {
      const standing = { template: templateOf('welcome', by(weight)), variants: copies, allocation: found }
      return nextAllocation(standing, better, usualMetricRules, nowMs)
    }
    expect(under(0.005)).toBeUndefined()
    expect(weightsOf(under(0.009))).toEqual({ a: 0.991, b: 0.009 })
    expect(weightsInForce(under(0))).toMatchObject({ version: 2, withheld: new Set(['b']) })
  })

  it('are the same for the same data in any order, and no new version when nothing moved', () => {
    const found = next(better)
    expect(next(better.toReversed())).toEqual(found)
    if (found === undefined) throw new Error('there is a version')
    const again = { template: templateOf('welcome'), variants: copies, allocation: found }
    expect(nextAllocation(again, better, usualMetricRules, nowMs + 60_000)).toBeUndefined()
    const third = { ...again, variants: [...copies, variantOf('c')] }
    expect(nextAllocation(third, better, usualMetricRules, nowMs)).toMatchObject({ version: 2, basis: 'too_few_sends' })
  })

  it('are another version under another share of control, though no weight moved', () => {
    const found = next(better, { controlShare: 0.5 })
    if (found === undefined) throw new Error('there is a version')
    const under = (controlShare: number) => {
      const standing = { template: templateOf('welcome', { controlShare }), variants: copies, allocation: found }
      return nextAllocation(standing, better, usualMetricRules, nowMs)
    }
    expect(under(0.5)).toBeUndefined()
    expect(under(0.1)).toMatchObject({ version: 2, controlShare: 0.1 })
  })

  it('are none without a copy to weigh', () => {
    expect(
      next(better, {}, [variantOf('a', { status: 'archived' }), variantOf('c', { arm: 'control' })]),
    ).toBeUndefined()
  })
})

describe('what is learned from', () => {
  it('is the last 90 days and today', () => {
    expect(learningRange(Date.parse('2026-11-25T23:59:00Z'))).toEqual({ from: '2026-08-27', to: '2026-11-25' })
  })

  it('are drawn copies that are known: neither control that asked for its copy, nor sends that no serve explains', () => {
    const more = [
      rowOf(0, 'control', 'a', 'v0', { sent: 500, clicked: 500 }),
      rowOf(0, 'treatment', 'a', '', { sent: 500, clicked: 500 }),
      rowOf(0, 'treatment', '', 'v0', { sent: 500, clicked: 500 }),
      rowOf(0, 'treatment', '', '', { sent: 500, clicked: 500 }),
    ]
    expect(next([...better, ...more])).toEqual(next(better))
  })
})

describe('a copy that makes people leave', () => {
  const rows = [
    drawnRow(19, 'a', 0, { sent: 2_000, unsubscribed: 120 }),
    drawnRow(19, 'b', 0, { sent: 2_000, unsubscribed: 6 }),
    controlRow(19, { sent: 2_000, unsubscribed: 5 }),
  ]

  it('is stopped at once, with what was seen, and stays so', () => {
    const found = next(rows)
    expect(found).toMatchObject({
      stopped: [{ copyId: 'a', guardrail: 'unsubscribed', share: 0.06, controlShare: 0.0025 }],
    })
    expect(weightsOf(found)).toEqual({ b: 1 })
    if (found === undefined) throw new Error('there is a version')
    const later = { template: templateOf('welcome'), variants: copies, allocation: found }
    expect(nextAllocation(later, [], usualMetricRules, nowMs)).toBeUndefined()
  })

  it('is not stopped by a day on which everybody left', () => {
    const storm = [
      drawnRow(18, 'a', 0, { sent: 2_000, unsubscribed: 4 }),
      controlRow(18, { sent: 2_000, unsubscribed: 5 }),
      drawnRow(19, 'a', 1, { sent: 2_000, unsubscribed: 120 }),
      controlRow(19, { sent: 100, unsubscribed: 6 }),
    ]
    expect(next(storm)?.stopped).toEqual([])
  })

  it('is drawn and watched again once its stop was lifted, on sends of later days alone', () => {
    const found = next(rows)
    const stop = found?.stopped[0]
    if (found === undefined || stop === undefined) throw new Error('there is a stop')
    const { copyId, guardrail } = stop
    const liftedAtMs = Date.parse(`${dayAt(20)}T09:00:00Z`)
    const lifted = liftStop(found, { copyId, guardrail, liftedAtMs, who: 'user:ann', reason: 'mistaken' })
    expect(lifted).toMatchObject({ version: 2, stopped: [], lifted: [{ copyId: 'a', who: 'user:ann' }] })
    const standing = { template: templateOf('welcome'), variants: copies, allocation: lifted }
    const laterMs = nowMs + 3 * 86_400_000
    const later = (day: number) => [
      drawnRow(day, 'a', 3, { sent: 2_000, unsubscribed: 120 }),
      controlRow(day, { sent: 2_000, unsubscribed: 5 }),
    ]
    const again = nextAllocation(standing, [...rows, ...later(20)], usualMetricRules, laterMs)
    expect(again).toMatchObject({ version: 3, stopped: [], lifted: lifted.lifted })
    expect(weightsOf(again)).toEqual({ a: 0.5, b: 0.5 })
    const stopped = nextAllocation(standing, [...rows, ...later(21)], usualMetricRules, laterMs)
    expect(stopped).toMatchObject({ stopped: [{ copyId: 'a' }], lifted: lifted.lifted })
    // The other copy's days before the lift are watched all the same, and its own sends are no evidence against it.
    const others = [drawnRow(21, 'b', 3, { sent: 2_000, unsubscribed: 120 })]
    const other = nextAllocation(standing, [...rows, ...later(20), ...others], usualMetricRules, laterMs)
    expect(other?.stopped.map((one) => one.copyId)).toEqual(['b'])
    const twice = stopped && liftStop(stopped, { copyId, guardrail, liftedAtMs: laterMs, who: 'key:k', reason: 'x' })
    expect(twice?.lifted).toMatchObject([{ copyId: 'a', who: 'key:k' }])
  })

  it('is the only one that is let back, and the only lift that is forgotten when it is lifted again', () => {
    const found = next([...rows, drawnRow(19, 'c', 0, { sent: 2_000, unsubscribed: 120 })], {}, [
      ...copies,
      variantOf('c'),
    ])
    if (found === undefined) throw new Error('there is a version')
    expect(found.stopped.map(({ copyId }) => copyId)).toEqual(['a', 'c'])
    const lift = (copy: string, reason: string) =>
      ({ copyId: copyIdOf(copy), guardrail: 'unsubscribed', liftedAtMs: nowMs, who: 'user:ann', reason }) as const
    const once = liftStop(found, lift('a', 'first'))
    expect(once.stopped.map(({ copyId }) => copyId)).toEqual(['c'])
    const thrice = liftStop(liftStop(once, lift('c', 'second')), lift('a', 'third'))
    expect(thrice.stopped).toEqual([])
    expect(thrice.lifted?.map(({ copyId, reason }) => [copyId, reason])).toEqual([
      ['c', 'second'],
      ['a', 'third'],
    ])
  })

  it('does not escape because the stop of another was lifted', () => {
    const found = next(rows)
    if (found === undefined) throw new Error('there is a version')
    const lift = {
      copyId: copyIdOf('b'),
      guardrail: 'spammed',
      liftedAtMs: nowMs,
      who: 'user:ann',
      reason: 'x',
    } as const
    const standing = { ...found, stopped: [], lifted: [lift] }
    const again = { template: templateOf('welcome'), variants: copies, allocation: standing }
    expect(nextAllocation(again, rows, usualMetricRules, nowMs)).toMatchObject({ stopped: [{ copyId: 'a' }] })
  })

  it('needs no stop when nobody can get it any more', () => {
    expect(next(rows, {}, [variantOf('a', { status: 'archived' }), variantOf('b')])).toMatchObject({ stopped: [] })
  })

  it('leaves nothing to draw when it was the last', () => {
    expect(next(rows, {}, [variantOf('a')])).toMatchObject({
      basis: 'all_stopped',
      weights: [],
      stopped: [{ copyId: 'a' }],
    })
  })
})
