// The decision in words: each rule once, at its edge, and the sentence that a reader gets.
import { describe, expect, it } from 'vitest'
import { copyIdSchema } from '../../../contract/ids.ts'
import { checkSampleRatios } from '../../../lambdas/domain/results/check-sample-ratios.ts'
import { type ArmCell, compareArms } from '../../../lambdas/domain/results/compare-arms.ts'
import { type DecisionQuestion, decide } from '../../../lambdas/domain/results/decide.ts'
import { countSums } from '../../../lambdas/domain/statistics/moments.ts'
import { drawBinomial, seededRandom } from '../../support/seeded-random.ts'

type Count = readonly [copyId: string, sends: number, successes: number]
const cell = ([copyId, n, successes]: Count): ArmCell => ({
  copyId,
  stratum: 'v0',
  sums: countSums(n, successes),
  inverseChance: 1,
})

function decideOn(control: Count, treatment: readonly Count[], change: Partial<DecisionQuestion> = {}) {
  const comparisons = compareArms({ control: [cell(control)], treatment: treatment.map(cell) })
  return decide({ metric: 'clicked', comparisons, controlSends: control[1], sampleRatios: [], stopped: [], ...change })
}
const codes = ({ reasons }: ReturnType<typeof decide>) => reasons.map(({ code, copyId }) => [code, copyId])
const control: Count = ['', 10_000, 300]
const stop = {
  copyId: copyIdSchema.parse('b'),
  guardrail: 'unsubscribed',
  share: 0.06,
  controlShare: 0.003,
  worseByAtLeast: 0.02,
} as const

describe('ready to ship', () => {
  it('is a copy that is better at any look, the best of them when there are two, and says by how much', () => {
    const found = decideOn(control, [
      ['a', 10_000, 420],
      ['b', 10_000, 520],
      ['c', 10_000, 301],
    ])
    expect(found).toMatchObject({ decision: 'ready_to_ship', copyId: 'b' })
    expect(codes(found)).toEqual([['better', 'b']])
    expect(found.reasons[0]?.message).toMatch(
      /^Better than control in clicked: lift \+73\.3 %, between \+\d+\.\d % and \+\d+\.\d % however often one looks \(p below 0\.001 after all comparisons\)\.$/,
    )
  })

  it('is not a copy that was stopped, however well it does', () => {
    const found = decideOn(
      control,
      [
        ['a', 10_000, 420],
        ['b', 10_000, 520],
      ],
      { stopped: [stop] },
    )
    expect(found).toMatchObject({ decision: 'ready_to_ship', copyId: 'a' })
    expect(codes(found)).toEqual([
      ['better', 'a'],
      ['guardrail', 'b'],
    ])
    expect(found.reasons[1]?.message).toBe(
      "Stopped: 6.0 % of its sends were unsubscribed, 0.30 % of control's, and chance does not explain it.",
    )
  })

  it('is found within four weeks when there is a copy to find', () => {
    const random = seededRandom(7)
    let found = 0
    for (let test = 0; test < 200; test++) {
      const sums = [drawBinomial(random, 14_000, 0.03), drawBinomial(random, 14_000, 0.039)]
      const { decision } = decideOn(['', 14_000, sums[0] ?? 0], [['a', 14_000, sums[1] ?? 0]])
      found += Number(decision === 'ready_to_ship')
    }
    expect(found / 200).toBeGreaterThan(0.6)
  })
})

describe('keep running', () => {
  it('while too little was sent or converted, whichever arm it is', () => {
    for (const [arm, copy] of [
      [
        ['', 99, 50],
        ['a', 5_000, 10],
      ],
      [
        ['', 5_000, 900],
        ['a', 99, 0],
      ],
      [
        ['', 5_000, 8],
        ['a', 5_000, 80],
      ],
    ] as [Count, Count][]) {
      const found = decideOn(arm, [copy])
      expect(found.decision).toBe('keep_running')
      expect(codes(found)).toEqual([['too_early', 'a']])
    }
    const none = decideOn(['', 600, 0], [['a', 5_000, 80]])
    expect(none).toMatchObject({ decision: 'keep_running', reasons: [{ code: 'no_lift', copyId: 'a' }] })
    expect(none.reasons[0]?.message).toBe('No lift yet: control has no clicked at all.')
    expect(decideOn(['', 500, 500], [['a', 500, 500]]).reasons[0]?.message).toBe(
      'No lift yet: no send differs from another in clicked.',
    )
    expect(decideOn(['', 5_000, 8], [['a', 5_000, 80]]).reasons[0]?.message).toBe(
      'Too early: 5000 sends and 5000 of control in the same periods, with too little clicked to go by.',
    )
  })

  it('while the interval still holds both better and worse', () => {
    const found = decideOn(control, [
      ['a', 10_000, 320],
      ['b', 10_000, 150],
    ])
    expect(found.decision).toBe('keep_running')
    expect(codes(found)).toEqual([
      ['undecided', 'a'],
      ['worse', 'b'],
    ])
    expect(found.reasons[1]?.message).toContain('Worse than control in clicked: lift -50.0 %')
  })
})

describe('no difference that matters', () => {
  it('is a whole range within 2 %: one end of it is not enough', () => {
    const found = decideOn(['', 300_000, 9_000], [['a', 300_000, 9_450]])
    expect(codes(found)).toEqual([['undecided', 'a']])
    const worse = decideOn(['', 300_000, 9_450], [['a', 300_000, 9_000]])
    expect(codes(worse)).toEqual([['undecided', 'a']])
  })
})

describe('the least that something is said of', () => {
  it('is of control in the periods of the copy: what control was sent before does not count', () => {
    const comparisons = compareArms({
      control: [
        { ...cell(['', 5_000, 3_000]), stratum: 'v1' },
        { ...cell(['', 2, 2]), stratum: 'v2' },
      ],
      treatment: [{ ...cell(['a', 400, 240]), stratum: 'v2' }],
    })
    const found = decide({ metric: 'opened', comparisons, controlSends: 5_002, sampleRatios: [], stopped: [] })
    expect(codes(found)).toEqual([['too_early', 'a']])
    expect(found.reasons[0]?.message).toContain('400 sends and 2 of control in the same periods')
  })

  it('is 100 sends of a copy and of control', () => {
    expect(codes(decideOn(['', 100, 30], [['a', 100, 33]]))).toEqual([['undecided', 'a']])
    expect(codes(decideOn(['', 100, 30], [['a', 99, 33]]))).toEqual([['too_early', 'a']])
    expect(codes(decideOn(['', 99, 30], [['a', 100, 33]]))).toEqual([['too_early', 'a']])
  })

  it('is what holds after all comparisons: a winner alone may be none among ten', () => {
    const winner: Count = ['a', 10_000, 395]
    const others = Array.from({ length: 9 }, (_, at): Count => [`b${at}`, 10_000, 300])
    expect(decideOn(control, [winner]).decision).toBe('ready_to_ship')
    expect(decideOn(control, [winner, ...others]).decision).toBe('keep_running')
  })
})

describe('worse', () => {
  it('is what holds after all comparisons too, not the range of one alone', () => {
    const worse: Count = ['a', 10_000, 215]
    const others = Array.from({ length: 9 }, (_, at): Count => [`b${at}`, 10_000, 300])
    expect(codes(decideOn(control, [worse]))).toEqual([['worse', 'a']])
    expect(codes(decideOn(control, [worse, ...others]))[0]).toEqual(['undecided', 'a'])
  })

  it('of one copy stops nothing while another has too little behind it', () => {
    const found = decideOn(control, [
      ['a', 10_000, 150],
      ['b', 99, 3],
    ])
    expect(found.decision).toBe('keep_running')
    expect(codes(found)).toEqual([
      ['too_early', 'b'],
      ['worse', 'a'],
    ])
  })
})

describe('stop', () => {
  it('when nobody answered the copy at all, once that cannot be chance', () => {
    expect(decideOn(['', 400, 10], [['a', 400, 0]]).decision).toBe('keep_running')
    const found = decideOn(['', 5_000, 150], [['a', 5_000, 0]])
    expect(found.decision).toBe('stop')
    expect(found.reasons[0]?.message).toContain('Worse than control in clicked: lift -100.0 %')
  })

  it('when every copy is worse or makes no difference that matters', () => {
    const many: Count = ['', 20_000_000, 6_000_000]
    const found = decideOn(many, [
      ['a', 20_000_000, 5_000_000],
      ['b', 20_000_000, 6_010_000],
    ])
    expect(found.decision).toBe('stop')
    expect(codes(found)).toEqual([
      ['worse', 'a'],
      ['same', 'b'],
    ])
  })

  it('when every copy was stopped', () => {
    expect(codes(decideOn(control, [['b', 10_000, 520]], { stopped: [stop] }))).toEqual([['guardrail', 'b']])
    expect(decideOn(control, [['b', 10_000, 520]], { stopped: [stop] }).decision).toBe('stop')
  })
})

describe('cannot tell', () => {
  it('of a metric of which more is worse, though a copy has surely more of it', () => {
    for (const metric of ['unsubscribed', 'spammed', 'bounced', 'dropped', 'failed', 'undeliverable']) {
      const found = decideOn(['', 20_000, 100], [['b', 20_000, 300]], { metric, stopped: [stop] })
      expect(found.decision).toBe('cannot_tell')
      expect(codes(found)).toEqual([
        ['harm_metric', undefined],
        ['guardrail', 'b'],
      ])
      expect(found.reasons[0]?.message).toContain(`More ${metric} is worse`)
    }
    expect(decideOn(['', 20_000, 100], [['b', 20_000, 300]], { metric: 'bounce' }).decision).toBe('ready_to_ship')
  })

  it('without control, without copies, and on a split that is broken', () => {
    expect(codes(decideOn(['', 0, 0], [['a', 500, 9]]))).toEqual([['no_control', undefined]])
    expect(decideOn(['', 0, 0], [['a', 500, 9]]).reasons[0]?.message).toContain('that clicked is measured on')
    expect(codes(decideOn(control, []))).toEqual([['no_treatment', undefined]])
    const sampleRatios = checkSampleRatios([{ stage: 'sent', counts: [10_000, 8_000] }], [1, 1])
    const found = decideOn(control, [['a', 8_000, 520]], { sampleRatios })
    expect(found).toMatchObject({ decision: 'cannot_tell' })
    expect(found.reasons[0]?.message).toBe(
      'The split is not what it was meant to be: 10000 : 8000 sent for 9000 : 9000 expected (p below 0.001). What broke it may break the rates as well.',
    )
    const told = decideOn(control, [['b', 8_000, 520]], { sampleRatios, stopped: [stop] })
    expect(codes(told)).toEqual([
      ['sample_ratio', undefined],
      ['guardrail', 'b'],
    ])
  })

  it('when control has none where ten would be expected, for then it may not be able to have any', () => {
    expect(codes(decideOn(['', 624, 0], [['a', 5_000, 80]]))).toEqual([['no_lift', 'a']])
    const found = decideOn(['', 625, 0], [['a', 5_000, 80]])
    expect(found.decision).toBe('cannot_tell')
    expect(codes(found)).toEqual([['control_without', 'a']])
    expect(found.reasons[0]?.message).toBe(
      "Control has no clicked in 625 sends, where this copy's rate would have given 10. Either control cannot have any, or nobody tells of it.",
    )
  })

  it('on a part of the days, neither of a winner nor of an end; what was stopped stays told', () => {
    const part = { startedOn: '2026-11-01' }
    expect(decideOn(control, [['a', 10_000, 420]], part).reasons[0]?.message).toContain('which began on 2026-11-01')
    expect(codes(decideOn(control, [['a', 10_000, 420]], part))).toEqual([
      ['part_of_days', undefined],
      ['better', 'a'],
    ])
    expect(codes(decideOn(control, [['a', 10_000, 150]], part))).toEqual([
      ['part_of_days', undefined],
      ['worse', 'a'],
    ])
    expect(decideOn(control, [['a', 10_000, 150]], part)).toMatchObject({ decision: 'cannot_tell' })
    expect(decideOn(control, [['a', 10_000, 310]], part).decision).toBe('keep_running')
    const both: Count[] = [
      ['a', 10_000, 420],
      ['b', 10_000, 420],
    ]
    expect(codes(decideOn(control, both, { ...part, stopped: [stop] })).at(-1)).toEqual(['guardrail', 'b'])
  })

  it('when the reading by chances sees no gain where the one by periods does', () => {
    const comparisons = compareArms({
      control: [
        { ...cell(['', 100_000, 3_000]), stratum: 'v1' },
        { ...cell(['', 100_000, 3_000]), stratum: 'v2' },
      ],
      treatment: [
        { ...cell(['a', 20_000, 300]), stratum: 'v1', inverseChance: 50 },
        { ...cell(['a', 200_000, 8_000]), stratum: 'v2' },
      ],
    })
    const found = decide({ metric: 'clicked', comparisons, controlSends: 200_000, sampleRatios: [], stopped: [] })
    expect(found.decision).toBe('cannot_tell')
    expect(codes(found)).toEqual(
      [
        ['better', 'a'],
        ['parted', 'a'],
        ['parted', 'a'],
      ].slice(0, found.reasons.length),
    )
    expect(found.reasons.at(-1)?.message).toContain('the lift itself changed over time')
  })

  it('but not when both see a gain, only not the same', () => {
    const comparisons = compareArms({
      control: [
        { ...cell(['', 100_000, 3_000]), stratum: 'v1' },
        { ...cell(['', 100_000, 3_000]), stratum: 'v2' },
      ],
      treatment: [
        { ...cell(['a', 20_000, 700]), stratum: 'v1', inverseChance: 50 },
        { ...cell(['a', 200_000, 8_000]), stratum: 'v2' },
      ],
    })
    expect(comparisons[0]?.parted).toContain('inverse')
    const found = decide({ metric: 'clicked', comparisons, controlSends: 200_000, sampleRatios: [], stopped: [] })
    expect(found).toMatchObject({ decision: 'ready_to_ship', copyId: 'a' })
    expect(codes(found)[1]).toEqual(['parted', 'a'])
  })

  it('but a winner stays one when only pooling disagrees, and the reason says why', () => {
    const comparisons = compareArms({
      control: [
        { ...cell(['', 10_000, 200]), stratum: 'v1' },
        { ...cell(['', 10_000, 2_000]), stratum: 'v2' },
      ],
      treatment: [
        { ...cell(['a', 9_000, 360]), stratum: 'v1', inverseChance: 1 / 0.9 },
        { ...cell(['a', 1_000, 400]), stratum: 'v2', inverseChance: 1 / 0.1 },
      ],
    })
    const found = decide({ metric: 'clicked', comparisons, controlSends: 20_000, sampleRatios: [], stopped: [] })
    expect(found).toMatchObject({ decision: 'ready_to_ship', copyId: 'a' })
    expect(found.reasons[1]?.message).toMatch(
      /^The lift is \+\d+\.\d % period by period, but -\d+\.\d % with all periods thrown together/,
    )
  })
})
