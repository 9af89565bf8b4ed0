// From the rows of a template to comparisons and the decision: the whole chain, and every edge that must give a sensible answer
// and never NaN.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import type { StoredAllocation } from '../../../contract/allocation.ts'
import { judgementShape } from '../../../contract/comparison.ts'
import { usualMetricRules } from '../../../contract/metric.ts'
import type { CellChange } from '../../../contract/result-cell.ts'
import type { Template, Variant } from '../../../contract/template.ts'
import { type JudgementQuestion, judgeResults } from '../../../lambdas/domain/results/judge-results.ts'
import { templateOf, variantOf } from '../../support/copy-settings.ts'
import { controlRow, dayAt, drawnRow, rowOf } from '../../support/result-rows.ts'
import { versionOf } from '../../support/stored-allocation.ts'

const shape = z.object(judgementShape)
const nowMs = Date.parse(`${dayAt(29)}T12:00:00Z`)

interface Asked extends Partial<JudgementQuestion> {
  readonly template?: Partial<Template>
  readonly variants?: readonly Variant[]
  readonly allocation?: StoredAllocation
}

/** Parsed by the contract, which takes no NaN and no Infinity. */
function judge(rows: readonly CellChange[], { template = {}, variants, allocation, ...question }: Asked = {}) {
  const asked = { metric: 'clicked', nowMs, rules: usualMetricRules, allocations: [], ...question }
  const copies = { template: templateOf('welcome', template), variants: variants ?? [variantOf('a'), variantOf('b')] }
  return shape.parse(judgeResults({ ...copies, ...(allocation && { allocation }) }, rows, asked))
}

const clear = [
  controlRow(0, { sent: 10_000, delivered: 9_900, clicked: 300 }),
  drawnRow(0, 'a', 0, { sent: 10_000, delivered: 9_900, clicked: 450 }),
  drawnRow(0, 'b', 0, { sent: 10_000, delivered: 9_900, clicked: 302 }),
]
const purchase = (day: number, group: 'treatment' | 'control', name: string, sends: number, minor: bigint) =>
  rowOf(
    day,
    group,
    name,
    group === 'control' ? '' : 'v0',
    { sends, events: sends },
    {
      name: 'purchase',
      money: { 'value:USD': minor, 'squares:USD': minor * minor },
    },
  )

describe('a clear winner', () => {
  const seen = judge(clear)

  it('is compared with control, with an interval that leaves 0 out, and told to ship', () => {
    expect(seen.comparison.control).toEqual({ n: 10_000, mean: 0.03 })
    const [a, b] = seen.comparison.copies
    expect(a).toMatchObject({ copy_id: 'a', n: 10_000, mean: 0.045, no_lift: null, parted: [] })
    expect(a?.lift?.value).toBeCloseTo(0.5, 10)
    expect(a?.lift?.lower).toBeGreaterThan(0)
    expect(a?.lift?.adjusted_p).toBeLessThan(0.001)
    expect(a?.lift?.chance_to_beat_control).toBeGreaterThan(0.999)
    expect(a?.pooled?.lift).toBeCloseTo(0.5, 10)
    expect(a?.inverse_propensity?.lift).toBeCloseTo(0.5, 10)
    expect(b?.lift?.lower).toBeLessThan(0)
    expect(seen.decision).toMatchObject({ decision: 'ready_to_ship', copy_id: 'a', reasons: [{ code: 'better' }] })
    expect(seen.decision.reasons[0]?.message).toContain('Better than control in clicked: lift +50.0 %')
  })

  it('is shown by day, arm and copy', () => {
    expect(seen.by_day).toEqual([
      { day: dayAt(0), arm: 'control', copy_id: null, sends: 10_000, count: 300, open: false },
      { day: dayAt(0), arm: 'treatment', copy_id: 'a', sends: 10_000, count: 450, open: false },
      { day: dayAt(0), arm: 'treatment', copy_id: 'b', sends: 10_000, count: 302, open: false },
    ])
  })

  it('is shown by days that add up to what is compared and to what is left out', () => {
    const rows = [
      ...clear,
      controlRow(1, { sent: 70, clicked: 7 }),
      drawnRow(1, 'a', 1, { sent: 80, clicked: 8 }),
      drawnRow(1, 'a', 2, { sent: 90, clicked: 9 }),
      rowOf(1, 'treatment', '', '', { sent: 5, clicked: 1 }),
      rowOf(1, 'treatment', 'a', 'forced', { sent: 500, clicked: 500 }),
    ]
    const { by_day, comparison } = judge(rows)
    expect(by_day.filter(({ day }) => day === dayAt(1)).map(({ sends, count }) => [sends, count])).toEqual([
      [70, 7],
      [5, 1],
      [170, 17],
    ])
    const compared = [comparison.control, ...comparison.copies].reduce((sum, { n }) => sum + n, 0)
    expect(by_day.reduce((sum, { sends }) => sum + sends, 0)).toBe(compared + 5)
  })

  it('is the same whatever the order of rows, and over shards of one cell', () => {
    const halves = clear.flatMap((row) => {
      const counts = Object.fromEntries(Object.entries(row.counts).map(([name, count]) => [name, count / 2]))
      return [
        { ...row, counts },
        { ...row, counts },
      ]
    })
    expect(judge(clear.toReversed()).comparison).toEqual(seen.comparison)
    expect(judge(halves)).toEqual(seen)
  })

  it('leaves out forced and fallback copies, and sends whose copy no serve tells', () => {
    const more = [
      rowOf(0, 'treatment', 'a', 'forced', { sent: 500, clicked: 500 }),
      rowOf(0, 'treatment', 'a', 'fallback', { sent: 500, clicked: 500 }),
      rowOf(0, 'treatment', '', '', { sent: 70, clicked: 70 }),
    ]
    const { comparison, left_out } = judge([...clear, ...more])
    expect(comparison).toEqual(seen.comparison)
    expect(left_out).toEqual({ open: 0, unknown_copy: 70 })
  })
})

describe('weights that moved while the base rate did', () => {
  const rows = [
    controlRow(0, { sent: 1_000, clicked: 20 }),
    drawnRow(0, 'a', 1, { sent: 4_500, clicked: 90 }),
    drawnRow(0, 'b', 1, { sent: 500, clicked: 10 }),
    controlRow(1, { sent: 1_000, clicked: 40 }),
    drawnRow(1, 'a', 2, { sent: 500, clicked: 20 }),
    drawnRow(1, 'b', 2, { sent: 4_500, clicked: 180 }),
  ]
  const allocations = [versionOf(1, { a: 0.9, b: 0.1 }), versionOf(2, { a: 0.1, b: 0.9 })]

  it('make no lift by periods or by chances, one by pooling, and a warning', () => {
    const { comparison, warnings } = judge(rows, { allocations })
    for (const [at, pooled] of [-0.2667, 0.2667].entries()) {
      expect(comparison.copies[at]?.lift?.value).toBeCloseTo(0, 10)
      expect(comparison.copies[at]?.inverse_propensity?.lift).toBeCloseTo(0, 10)
      expect(comparison.copies[at]?.pooled?.lift).toBeCloseTo(pooled, 4)
      expect(comparison.copies[at]?.parted).toEqual(['pooled'])
    }
    const parted = warnings.filter(({ code }) => code === 'parted')
    expect(parted.map(({ copy_id }) => copy_id)).toEqual(['a', 'b'])
    expect(parted[0]?.message).toContain('with all periods thrown together')
  })

  it('are no broken split, because shares move with the weights', () => {
    const { sample_ratio } = judge(rows, { allocations })
    expect(sample_ratio.find(({ stage }) => stage === 'sent')).toMatchObject({
      between: 'copies',
      labels: ['a', 'b'],
      counts: [5_000, 5_000],
      expected: [5_000, 5_000],
      broken: false,
    })
  })
})

describe('a split between control and copies that changed without a version', () => {
  it('makes no lift, while the rate moved too: periods end with the week', () => {
    const rows = [
      controlRow(0, { sent: 5_000, clicked: 100 }),
      drawnRow(0, 'a', 1, { sent: 5_000, clicked: 100 }),
      controlRow(8, { sent: 1_000, clicked: 40 }),
      drawnRow(8, 'a', 1, { sent: 9_000, clicked: 360 }),
    ]
    const [a] = judge(rows, { allocations: [versionOf(1, { a: 1 })] }).comparison.copies
    expect(a?.pooled?.lift).toBeGreaterThan(0.3)
    expect(a?.lift?.value).toBeCloseTo(0, 10)
  })

  it('ends no period within a week, which begins on Monday', () => {
    // The first of November 2026 is a Sunday.
    const rows = (control: number, copy: number) => [
      controlRow(control, { sent: 500, clicked: 100 }),
      drawnRow(copy, 'a', 1, { sent: 500, clicked: 100 }),
    ]
    const liftOn = (control: number, copy: number) => judge(rows(control, copy)).comparison.copies[0]?.lift ?? null
    expect(liftOn(1, 7)).not.toBeNull()
    expect(liftOn(0, 1)).toBeNull()
    expect(liftOn(7, 8)).toBeNull()
  })
})

describe('the split', () => {
  it('is not broken by a copy that was archived on its way, nor by one that came in the first hour', () => {
    const rows = [
      drawnRow(0, 'a', 0, { sent: 900 }),
      drawnRow(0, 'b', 0, { sent: 100 }),
      drawnRow(1, 'a', 1, { sent: 5_000 }),
      drawnRow(1, 'b', 1, { sent: 5_050 }),
      drawnRow(1, 'c', 1, { sent: 300 }),
    ]
    const allocations = [versionOf(1, { a: 1 / 3, b: 1 / 3, c: 1 / 3 })]
    const [a, b, c] = [variantOf('a'), variantOf('b'), variantOf('c', { status: 'archived' })]
    const checked = judge(rows, { allocations, variants: [a, b, c] }).sample_ratio
    expect(checked.find(({ stage }) => stage === 'sent')).toMatchObject({
      labels: ['a', 'b'],
      counts: [5_000, 5_050],
      expected: [5_025, 5_025],
      broken: false,
    })
    const all = judge(rows, { allocations, variants: [a, b, variantOf('c')] }).sample_ratio
    expect(all.find(({ stage }) => stage === 'sent')).toMatchObject({ labels: ['a', 'b', 'c'], broken: true })
    expect(judge(rows.slice(0, 2)).sample_ratio[0]).toMatchObject({ labels: ['a', 'b'], broken: false })
    expect(judge(rows.slice(0, 2)).sample_ratio[1]).toMatchObject({ counts: [900, 100], broken: true })
  })

  it('between arms is held to the share of now, on days that had no other', () => {
    const rows = [
      controlRow(0, { sent: 5_000 }),
      drawnRow(0, 'a', 1, { sent: 5_000 }),
      controlRow(1, { sent: 2_000 }),
      drawnRow(1, 'a', 1, { sent: 2_000 }),
      drawnRow(1, 'a', 2, { sent: 4_000 }),
      controlRow(2, { sent: 1_000 }),
      drawnRow(2, 'a', 2, { sent: 9_000 }),
    ]
    const template = { splitMode: 'external', controlShare: 0.1 } as const
    const versions = [versionOf(1, { a: 1 }, { controlShare: 0.5 }), versionOf(2, { a: 1 }, { controlShare: 0.1 })]
    const [now] = judge(rows, { template, allocations: versions }).sample_ratio
    expect(now).toMatchObject({ between: 'arms', stage: 'sent', counts: [1_000, 9_000], broken: false })
    const [ever] = judge(rows, { template, allocations: [versionOf(1, { a: 1 })] }).sample_ratio
    expect(ever).toMatchObject({ counts: [8_000, 20_000], broken: true })
  })

  it('between arms is checked where both pass: from sent on when Customer.io splits, from served on when we do', () => {
    const external = judge(clear, { template: { splitMode: 'external', controlShare: 1 / 3 } }).sample_ratio
    expect(external.filter(({ between }) => between === 'arms').map(({ stage }) => stage)).toEqual([
      'sent',
      'delivered',
    ])
    expect(external.every(({ broken }) => !broken)).toBe(true)
    const ours = judge(clear, { template: { splitMode: 'random', controlShare: 1 / 3 } }).sample_ratio
    expect(ours.filter(({ between }) => between === 'arms').map(({ stage }) => stage)).toEqual([
      'served',
      'sent',
      'delivered',
    ])
  })

  it('that is broken leaves no decision', () => {
    const { decision } = judge(clear, { template: { splitMode: 'external', controlShare: 0.5 } })
    expect(decision).toMatchObject({ decision: 'cannot_tell', copy_id: null })
    expect(decision.reasons[0]?.message).toContain('10000 : 20000 sent for 15000 : 15000 expected')
  })

  it('of persons, who keep their arm, is shown and warned of, and breaks nothing', () => {
    const template = { splitMode: 'persistent', controlShare: 0.5 } as const
    const seen = judge(clear, { template })
    const sent = seen.sample_ratio.find(({ between, stage }) => between === 'arms' && stage === 'sent')
    expect(sent).toMatchObject({ counts: [10_000, 20_000], broken: false })
    expect(sent?.p).toBeLessThan(0.001)
    expect(seen.sample_ratio.some(({ broken }) => broken)).toBe(false)
    expect(seen.warnings).toContainEqual(expect.objectContaining({ code: 'repeated_people', copy_id: null }))
    expect(seen.decision).toMatchObject({ decision: 'ready_to_ship', copy_id: 'a' })
    for (const splitMode of ['random', 'external'] as const) {
      const other = judge(clear, { template: { splitMode, controlShare: 0.5 } })
      expect(other.sample_ratio.some(({ broken }) => broken)).toBe(true)
      expect(other.warnings.map(({ code }) => code)).not.toContain('repeated_people')
    }
    expect(judge([], { template }).warnings).toEqual([])
  })

  it('is not checked where no share is meant', () => {
    const variants = [variantOf('a', { attrs: { plan: ['pro'] } }), variantOf('b')]
    expect(judge(clear, { variants, template: { controlShare: 0.5 } }).sample_ratio).toEqual([])
    expect(
      judge(clear, { template: { splitMode: 'external' } }).sample_ratio.every(({ between }) => between === 'copies'),
    ).toBe(true)
  })
})

describe('a custom event', () => {
  const rows = [
    controlRow(0, { sent: 1_000 }),
    drawnRow(0, 'a', 0, { sent: 1_000 }),
    purchase(0, 'control', '', 50, 50_000n),
    purchase(0, 'treatment', 'a', 90, 99_000n),
    controlRow(20, { sent: 400 }),
    drawnRow(20, 'a', 0, { sent: 300 }),
    purchase(20, 'treatment', 'a', 1, 900_000n),
  ]
  const seen = judge(rows, { metric: 'purchase' })

  it('is compared on sends whose window has closed; the others are counted apart', () => {
    expect(seen.closed_through).toBe(dayAt(14))
    expect(seen.comparison.control).toEqual({ n: 1_000, mean: 0.05 })
    expect(seen.comparison.copies).toMatchObject([{ copy_id: 'a', n: 1_000, mean: 0.09 }])
    expect(seen.left_out).toEqual({ open: 700, unknown_copy: 0 })
    expect(seen.by_day.map(({ day, open }) => [day, open])).toEqual([
      [dayAt(0), false],
      [dayAt(0), false],
      [dayAt(20), true],
      [dayAt(20), true],
    ])
  })

  it('is compared by what a send earned, in each currency, in major units', () => {
    expect(seen.values).toMatchObject([
      { currency: 'USD', control: { n: 1_000, mean: 0.5 }, copies: [{ copy_id: 'a', n: 1_000, mean: 0.99 }] },
    ])
    expect(seen.values[0]?.copies[0]?.lift?.value).toBeCloseTo(0.98, 10)
  })

  it('counts a day longer where the window begins with the delivery', () => {
    const rules = { ...usualMetricRules, anchor: 'delivered' } as const
    expect(judge(rows, { metric: 'purchase', rules }).closed_through).toBe(dayAt(13))
  })
})

describe('an answer without a lift', () => {
  it('says that control cannot have what is served', () => {
    const { comparison, decision } = judge([...clear, rowOf(0, 'treatment', 'a', 'v0', { served: 9 })], {
      metric: 'served',
    })
    expect(comparison).toEqual({ control: { n: 0, mean: null }, copies: [] })
    expect(decision).toMatchObject({ decision: 'cannot_tell', reasons: [{ code: 'no_control' }] })
  })

  it.each<[string, CellChange[], string, string]>([
    ['nothing was sent', [], 'cannot_tell', 'No copy was sent yet.'],
    [
      'sums came to nothing',
      [controlRow(0, { sent: 0 }), drawnRow(0, 'a', 0, { sent: 0 })],
      'cannot_tell',
      'No copy was sent',
    ],
    ['only control was sent', [controlRow(0, { sent: 500, clicked: 5 })], 'cannot_tell', 'No copy was sent yet.'],
    ['only copies were sent', [drawnRow(0, 'a', 0, { sent: 500, clicked: 5 })], 'cannot_tell', 'Control has no sends'],
    [
      'everybody converted',
      [controlRow(0, { sent: 500, clicked: 500 }), drawnRow(0, 'a', 0, { sent: 500, clicked: 500 })],
      'keep_running',
      'No lift yet: no send differs from another in clicked.',
    ],
    [
      'control has none yet',
      [controlRow(0, { sent: 200 }), drawnRow(0, 'a', 0, { sent: 500, clicked: 20 })],
      'keep_running',
      'No lift yet: control has no clicked at all.',
    ],
    [
      'control cannot have any',
      [controlRow(0, { sent: 500 }), drawnRow(0, 'a', 0, { sent: 500, clicked: 20 })],
      'cannot_tell',
      "Control has no clicked in 500 sends, where this copy's rate would have given 20.",
    ],
    [
      'the arms never met',
      [
        controlRow(0, { sent: 500, clicked: 9 }),
        drawnRow(1, 'a', 1, { sent: 500, clicked: 20 }),
        drawnRow(0, 'b', 0, { sent: 1 }),
      ],
      'keep_running',
      'never sent in the same period as control',
    ],
  ])('when %s', (_name, rows, decision, message) => {
    const seen = judge(rows)
    expect(seen.decision.decision).toBe(decision)
    expect(seen.decision.reasons.map((reason) => reason.message).join(' ')).toContain(message)
    expect(seen.comparison.copies.find(({ copy_id }) => copy_id === 'a')?.lift ?? null).toBeNull()
  })

  it('but one without ends, when there is one send each', () => {
    const seen = judge([controlRow(0, { sent: 1, clicked: 1 }), drawnRow(0, 'a', 0, { sent: 1 })])
    expect(seen.decision).toMatchObject({ decision: 'keep_running', reasons: [{ code: 'too_early', copy_id: 'a' }] })
    expect(seen.comparison.copies[0]?.lift).toMatchObject({ value: -1, lower: null, upper: null, p: 1 })
  })

  it('when sums are beyond what a double holds', () => {
    const huge = 10n ** 200n
    const rows = [
      controlRow(0, { sent: 10 }),
      drawnRow(0, 'a', 0, { sent: 10 }),
      purchase(0, 'control', '', 2, huge),
      purchase(0, 'treatment', 'a', 3, huge),
    ]
    const [value] = judge(rows, { metric: 'purchase' }).values
    expect(value?.copies[0]).toMatchObject({
      lift: null,
      no_lift: expect.stringContaining('beyond what can be computed'),
    })
  })
})

describe('a warning', () => {
  const codes = (rows: readonly CellChange[], asked?: Asked) => judge(rows, asked).warnings.map(({ code }) => code)
  const human = clear.map((row) => ({ ...row, counts: { ...row.counts, human_clicked: row.counts.clicked ?? 0 } }))

  it('is not given where there is nothing to be careful of', () => {
    expect(codes(human)).toEqual([])
    expect(codes(human, { metric: 'delivered', template: { keyMetric: 'delivered' } })).toEqual([])
  })

  it('tells of a metric that is not the one that the test is about', () => {
    expect(codes(human, { metric: 'converted' })).toEqual(['other_metric'])
    expect(codes(human, { template: { keyMetric: 'converted' } })).toEqual(['other_metric'])
  })

  it('tells of machines from a tenth of what they did alone, and points to the reading without them', () => {
    const by = (parts: number) =>
      clear.map((row) => ({ ...row, counts: { ...row.counts, human_clicked: (row.counts.clicked ?? 0) * parts } }))
    expect(codes(by(0.91))).toEqual([])
    const [warning] = judge(by(0.75)).warnings
    expect(warning).toMatchObject({ code: 'machines', copy_id: null })
    expect(warning?.message).toBe(
      '25.0 % of the sends that were clicked were so by machines alone, whatever the copy says: read human_clicked instead.',
    )
    expect(codes(by(0.5), { metric: 'human_clicked', template: { keyMetric: 'human_clicked' } })).toEqual([])
  })

  it('tells of sends whose copy nobody knows, above one of twenty', () => {
    const unknown = (sent: number) => [...human, rowOf(0, 'treatment', '', '', { sent })]
    expect(codes(unknown(1_000))).toEqual([])
    expect(codes(unknown(1_100))).toEqual(['unknown_copy'])
    expect(judge(unknown(5_000)).warnings[0]?.message).toContain('Of 5000 of 25000 sends nobody knows the copy')
  })

  it('tells of money that a few large values make, of control as of a copy', () => {
    const earned = (group: 'treatment' | 'control', name: string, values: readonly bigint[]) => {
      const money = {
        'value:USD': values.reduce((sum, value) => sum + value, 0n),
        'squares:USD': values.reduce((sum, value) => sum + value * value, 0n),
      }
      const counts = { sends: values.length, events: values.length }
      return rowOf(0, group, name, group === 'control' ? '' : 'v0', counts, { name: 'purchase', money })
    }
    const alike = Array.from({ length: 40 }, () => 500n)
    const asked = { metric: 'purchase', template: { keyMetric: 'purchase' } }
    const told = (control: readonly bigint[], copy: readonly bigint[]) =>
      judge([...clear, earned('control', '', control), earned('treatment', 'a', copy)], asked).warnings
    expect(told(alike, alike)).toEqual([])
    expect(told(alike, [...alike, 100_000n])).toMatchObject([{ code: 'few_values', copy_id: 'a' }])
    expect(told([...alike, 100_000n], alike)).toMatchObject([{ code: 'few_values', copy_id: null }])
    expect(told([...alike, 100_000n], alike)[0]?.message).toContain(
      'What control earned in USD rests on few values: it is as uncertain as 1.4 equal ones.',
    )
    expect(told(alike.slice(0, 10), alike)).toEqual([])
    expect(told(alike.slice(0, 9), alike)).toMatchObject([{ code: 'few_values', copy_id: null }])
  })
})

describe('a test that changes on its way', () => {
  it('neither ships an archived copy nor waits for it', () => {
    const archived = (id: string) => variantOf(id, { status: 'archived' })
    expect(judge(clear, { variants: [archived('a'), variantOf('b')] }).decision).toMatchObject({
      decision: 'keep_running',
      reasons: [{ code: 'undecided', copy_id: 'b' }],
    })
    const worse = [
      controlRow(0, { sent: 10_000, clicked: 450 }),
      drawnRow(0, 'a', 0, { sent: 10_000, clicked: 200 }),
      drawnRow(0, 'b', 0, { sent: 10_000, clicked: 440 }),
    ]
    expect(judge(worse).decision.decision).toBe('keep_running')
    expect(judge(worse, { variants: [variantOf('a'), archived('b')] }).decision.decision).toBe('stop')
    expect(judge(clear, { variants: [archived('a'), archived('b')] }).decision).toMatchObject({
      decision: 'cannot_tell',
      reasons: [{ code: 'none_running' }],
    })
  })

  it('holds an archived copy against the others all the same: to archive losers makes no winner', () => {
    const control = controlRow(0, { sent: 10_000, clicked: 300 })
    const rows = [control, ...['a', 'b', 'c'].map((id) => drawnRow(0, id, 0, { sent: 10_000, clicked: 360 }))]
    const variants = [variantOf('a'), variantOf('b'), variantOf('c')]
    const adjusted = judge(rows, { variants }).comparison.copies.map(({ lift }) => lift?.adjusted_p)
    const left = variants.map((one) => (one.copyId === 'a' ? one : { ...one, status: 'archived' as const }))
    expect(judge(rows, { variants: left }).comparison.copies.map(({ lift }) => lift?.adjusted_p)).toEqual(adjusted)
  })

  it('keeps the old copy of an edited one, and compares the new one from its own days', () => {
    const rows = [...clear, controlRow(1, { sent: 500, clicked: 15 }), drawnRow(1, 'a2', 1, { sent: 500, clicked: 20 })]
    const variants = [variantOf('a', { status: 'archived' }), variantOf('a2'), variantOf('b')]
    const { copies } = judge(rows, { variants }).comparison
    expect(copies.map(({ copy_id, n }) => [copy_id, n])).toEqual([
      ['a', 10_000],
      ['a2', 500],
      ['b', 10_000],
    ])
    expect(copies[1]?.lift?.control_mean).toBeCloseTo(0.03, 10)
  })

  it('never ships a copy that was stopped, and says why it was', () => {
    const stop = { copyId: 'a', guardrail: 'spammed', share: 0.06, controlShare: 0.001, worseByAtLeast: 0.04 }
    const seen = judge(clear, { allocation: versionOf(4, { b: 1 }, { stopped: [stop] }) })
    expect(seen.decision.decision).toBe('keep_running')
    expect(seen.stopped).toMatchObject([
      { copy_id: 'a', guardrail: 'spammed', message: expect.stringContaining('Stopped: 6.0 %') },
    ])
    expect(seen.allocation).toMatchObject({ version: 4, basis: 'learned', weights: [{ copy_id: 'b', weight: 1 }] })
  })

  it('counts what a changed control action left without a copy, and compares the rest', () => {
    const rows = [...clear, rowOf(1, 'treatment', '', '', { sent: 900, clicked: 30 })]
    expect(judge(rows).left_out.unknown_copy).toBe(900)
    expect(judge(rows).comparison).toEqual(judge(clear).comparison)
  })
})

it('never holds a number that is none, whatever the rows', () => {
  const count = fc.oneof(fc.constant(0), fc.constant(1), fc.nat(1_000), fc.constant(Number.MAX_SAFE_INTEGER))
  const money = fc.oneof(fc.constant(0n), fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.constant(10n ** 400n))
  const row = fc.record({
    day: fc.nat(29),
    group: fc.constantFrom('treatment' as const, 'control' as const, 'other' as const),
    name: fc.constantFrom('a', 'b', ''),
    stratum: fc.constantFrom('', 'v0', 'v1', 'v2', 'forced', 'fallback'),
    sent: count,
    clicked: count,
    value: fc.option(money),
  })
  const rows = fc.array(row, { maxLength: 12 })
  fc.assert(
    fc.property(rows, fc.constantFrom('clicked', 'purchase', 'served', 'sent'), (drawn, metric) => {
      const cells = drawn.map(({ day, group, name, stratum, sent, clicked, value }) =>
        value === null
          ? rowOf(day, group, name, stratum, { sent, clicked: Math.min(sent, clicked), served: clicked })
          : rowOf(
              day,
              group,
              name,
              stratum,
              { sends: clicked, events: clicked },
              {
                name: 'purchase',
                money: { 'value:USD': value, 'squares:USD': value * value },
              },
            ),
      )
      judge(cells, { metric, allocations: [versionOf(1, { a: 0, b: 1 })], template: { controlShare: 0.5 } })
    }),
    { numRuns: 300 },
  )
})
