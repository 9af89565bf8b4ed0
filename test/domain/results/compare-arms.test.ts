// Copies against control: by periods, beside the two readings that need none, and a warning when they part.
import { describe, expect, it } from 'vitest'
import { checkSampleRatios } from '../../../lambdas/domain/results/check-sample-ratios.ts'
import { type ArmCell, type ComparedLift, compareArms } from '../../../lambdas/domain/results/compare-arms.ts'
import { stratifyDays } from '../../../lambdas/domain/results/stratify-days.ts'
import { countSums, type Sums } from '../../../lambdas/domain/statistics/moments.ts'

const cell = (copyId: string, stratum: string, sums: Sums, inverseChance = 1): ArmCell => ({
  copyId,
  stratum,
  sums,
  inverseChance,
})

/** Base rate 2 %, then 4 %; the weights move from a to b in between; no copy does anything. */
const season = {
  control: [cell('', 'v1', countSums(1_000, 20)), cell('', 'v2', countSums(1_000, 40))],
  treatment: [
    cell('a', 'v1', countSums(4_500, 90), 1 / 0.9),
    cell('a', 'v2', countSums(500, 20), 1 / 0.1),
    cell('b', 'v1', countSums(500, 10), 1 / 0.1),
    cell('b', 'v2', countSums(4_500, 180), 1 / 0.9),
  ],
}

describe('weights that move while the base rate does', () => {
  const compared = compareArms(season)

  it('make nothing of nothing by periods and by chances, and a quarter by pooling', () => {
    expect(compared.map(({ copyId }) => copyId)).toEqual(['a', 'b'])
    expect(compared.map(({ lift }) => liftOf(lift).value)).toEqual([expect.closeTo(0, 12), expect.closeTo(0, 12)])
    expect(compared.map(({ inverse }) => inverse.lift)).toMatchObject([
      { value: expect.closeTo(0, 12) },
      { value: expect.closeTo(0, 12) },
    ])
    expect(compared.map(({ pooled }) => pooled)).toMatchObject([
      { value: expect.closeTo(-0.2667, 4) },
      { value: expect.closeTo(0.2667, 4) },
    ])
  })

  it('are warned of, for the pooled reading only', () => {
    expect(compared.map(({ parted }) => parted)).toEqual([['pooled'], ['pooled']])
  })

  it('leave fewer sends to weigh by chances than there are', () => {
    for (const { n, inverse } of compared) {
      expect(n).toBe(5_000)
      expect(inverse.effectiveSends).toBeCloseTo(10_000 ** 2 / (4_500 / 0.81 + 500 / 0.01), 6)
    }
  })
})

it('warns when the lift itself changed, for the two readings weigh its times differently', () => {
  const [only] = compareArms({
    control: [cell('', 'v1', countSums(100_000, 3_000)), cell('', 'v2', countSums(100_000, 3_000))],
    treatment: [cell('a', 'v1', countSums(20_000, 300), 50), cell('a', 'v2', countSums(200_000, 8_000))],
  })
  expect(only?.parted).toContain('inverse')
  expect(liftOf(only?.lift).value).toBeGreaterThan(0)
  expect(only?.inverse.lift).toMatchObject({ value: expect.closeTo(-0.4, 1) })
})

describe('a comparison', () => {
  const control = [cell('', 'v0', countSums(10_000, 300))]
  const treatment = [cell('a', 'v0', countSums(10_000, 400)), cell('b', 'v0', countSums(10_000, 310))]

  it('of one period is the plain lift, pooled and weighed alike', () => {
    const [first] = compareArms({ control, treatment })
    expect(first).toMatchObject({ copyId: 'a', n: 10_000, mean: 0.04, parted: [] })
    const lift = liftOf(first?.lift)
    expect(lift.value).toBeCloseTo(1 / 3, 12)
    expect(first?.pooled).toMatchObject({
      value: expect.closeTo(lift.value, 12),
    })
    // Control by itself seems to vary less than both together, and is not believed.
    const shared = (0.035 * 0.965 * 20_000) / 19_999 / 10_000
    expect(lift.standardError).toBeCloseTo(Math.sqrt((0.04 * 0.96) / 9_999 + shared * (4 / 3) ** 2) / 0.03, 10)
    const { lower = 9, upper = 0 } = lift.interval
    expect(upper - lift.value).toBeGreaterThan(lift.value - lower)
    expect(first?.inverse.lift).toMatchObject({ value: expect.closeTo(lift.value, 12) })
    expect(lift).toMatchObject({ controlMean: 0.03, treatmentMean: 0.04 })
    expect(lift.controlError).toBeCloseTo(Math.sqrt(0.97 / 0.03 / 9_999), 6)
    expect(lower).toBeGreaterThan(0)
    expect(lift).toMatchObject({ sends: 10_000, controlSends: 10_000 })
    expect(lift.chanceToBeat).toBeGreaterThan(0.999)
    expect(lift.expectedLoss.keeping).toBeCloseTo(lift.value, 3)
  })

  it('with others is held to more', () => {
    const [first, second] = compareArms({ control, treatment })
    const [alone] = compareArms({ control, treatment: treatment.slice(0, 1) })
    expect(liftOf(alone?.lift).adjustedP).toBe(liftOf(alone?.lift).p)
    expect(liftOf(first?.lift).adjustedP).toBeCloseTo(2 * liftOf(first?.lift).p, 12)
    expect(liftOf(second?.lift).adjustedP).toBe(liftOf(second?.lift).p)
  })

  it('is not had, and says why, without control, without sends, without anybody, and with everybody', () => {
    const why = (change: { control?: ArmCell[]; treatment?: ArmCell[] }) =>
      compareArms({ control, treatment, ...change }).map(({ lift }) => lift)
    expect(why({ control: [] })).toEqual(['no_data', 'no_data'])
    expect(why({ treatment: [cell('a', 'v0', countSums(0, 0))] })).toEqual(['no_data'])
    expect(why({ treatment: [cell('a', 'v9', countSums(50, 2))] })).toEqual(['no_data'])
    expect(why({ control: [cell('', 'v0', countSums(50, 0))] })).toEqual(['control_zero', 'control_zero'])
    const everybody = [cell('', 'v0', countSums(50, 50))]
    expect(why({ control: everybody, treatment: [cell('a', 'v0', countSums(9, 9))] })).toEqual(['no_variance'])
    expect(why({ treatment: [] })).toEqual([])
  })

  it('adds up what one period has in several cells, of control as of a copy, and orders copies by id', () => {
    const parts = {
      control: [cell('', 'v0', countSums(4_000, 100)), cell('plain', 'v0', countSums(6_000, 200))],
      treatment: [
        cell('b', 'v0', countSums(10_000, 310)),
        cell('a', 'v0', countSums(1_000, 100)),
        cell('a', 'v0', countSums(9_000, 300)),
      ],
    }
    expect(compareArms(parts)).toEqual(compareArms({ control, treatment }))
  })

  it('parts from no other reading by less than half a percent, however sure both are', () => {
    const many = (rate: number) => countSums(1e10, rate * 1e10)
    const seasons = (first: number) => ({
      control: [cell('', 'v1', many(0.2)), cell('', 'v2', many(0.4))],
      treatment: [cell('a', 'v1', countSums(first, first * 0.2)), cell('a', 'v2', many(0.4))],
    })
    expect(compareArms(seasons(0.99e10))[0]?.parted).toEqual([])
    expect(compareArms(seasons(0.9e10))[0]?.parted).toContain('pooled')
  })

  it('parts by the larger of the two errors: a noisy reading is allowed to be off', () => {
    const noisy = (inverseChance: number) =>
      compareArms({
        control: [cell('', 'v1', countSums(100_000, 3_000)), cell('', 'v2', countSums(100_000, 3_000))],
        treatment: [cell('a', 'v1', countSums(400, 8), inverseChance), cell('a', 'v2', countSums(100_000, 3_000))],
      })[0]
    const found = noisy(500)
    const other = found?.inverse.lift
    if (other === undefined || typeof other === 'string') throw new Error('there is a reading')
    const lift = liftOf(found?.lift)
    const distance = Math.abs(other.value - lift.value)
    expect(distance).toBeGreaterThan(2 * lift.standardError)
    expect(distance).toBeLessThan(2 * other.standardError)
    expect(found?.parted).not.toContain('inverse')
  })

  it('does not let a copy that cannot be compared make the others pay', () => {
    const [only] = compareArms({ control, treatment: treatment.slice(0, 1) })
    const [first] = compareArms({ control, treatment: [...treatment.slice(0, 1), cell('z', 'v7', countSums(10, 1))] })
    expect(first?.lift).toEqual(only?.lift)
  })

  it('of a control below 0 is above 0 when the copy loses less, in every reading', () => {
    const lost = (copyId: string, each: number, spread: number) =>
      cell(copyId, 'v0', { n: 1_000, sum: -1_000 * each, sumOfSquares: 1_000 * (each * each + spread) })
    const [only] = compareArms({ control: [lost('', 10, 4)], treatment: [lost('a', 5, 4)] })
    const lift = liftOf(only?.lift)
    expect(lift.value).toBeCloseTo(0.5, 12)
    expect(lift.interval.lower).toBeGreaterThan(0)
    expect(lift.chanceToBeat).toBeGreaterThan(0.99)
    expect(only?.pooled).toMatchObject({ value: lift.value })
    expect(only?.inverse.lift).toMatchObject({ value: lift.value })
    const [none] = compareArms({ control: [lost('', 10, 4)], treatment: [cell('a', 'v0', countSums(1_000, 0))] })
    expect(liftOf(none?.lift).value).toBeCloseTo(1, 12)
    const [worse] = compareArms({ control: [lost('', 10, 4)], treatment: [lost('a', 20, 4)] })
    expect(liftOf(worse?.lift).value).toBeCloseTo(-1, 12)
    const [level] = compareArms({
      control: [{ ...lost('', 10, 0), sums: { n: 9, sum: -90, sumOfSquares: 900.5 } }],
      treatment: [cell('a', 'v0', { n: 9, sum: 0, sumOfSquares: 0 })],
    })
    expect(liftOf(level?.lift).value).toBeCloseTo(1, 12)
  })

  it('holds for sums that no double holds', () => {
    const euros = (n: number, each: bigint): Sums => ({
      n,
      sum: BigInt(n) * each,
      sumOfSquares: BigInt(n) * each * each + BigInt(n) * 10n ** 24n,
    })
    const [only] = compareArms({
      control: [cell('', 'v0', euros(1_000, 10n ** 13n))],
      treatment: [cell('a', 'v0', euros(1_000, 11n ** 13n / 3n))],
    })
    expect(liftOf(only?.lift).value).toBeCloseTo(11 ** 13 / 3 / 1e13 - 1, 9)
    const huge = { n: 5, sum: 10n ** 400n, sumOfSquares: 10n ** 800n }
    const [beyond] = compareArms({ control, treatment: [cell('a', 'v0', huge)] })
    expect(beyond).toMatchObject({ lift: 'out_of_range', mean: null, pooled: 'out_of_range', parted: [] })
  })
})

describe('the stratum of a day', () => {
  it('is the version that drew most of it, for both arms, and goes on until another does', () => {
    const rows = [
      { day: '2026-11-02', version: 'v0', sends: 90 },
      { day: '2026-11-03', version: 'v0', sends: 10 },
      { day: '2026-11-03', version: 'v1', sends: 80 },
      { day: '2026-11-05', version: 'v9', sends: 50 },
      { day: '2026-11-05', version: 'v10', sends: 50 },
      { day: '2026-11-06', version: 'v11', sends: 0 },
    ]
    const days = ['2026-11-01', '2026-11-02', '2026-11-04', '2026-11-06']
    expect(Object.fromEntries(stratifyDays(rows, days))).toEqual({
      '2026-11-01': 'v0',
      '2026-11-02': 'v0',
      '2026-11-03': 'v1',
      '2026-11-04': 'v1',
      '2026-11-05': 'v10',
      '2026-11-06': 'v10',
    })
  })

  it('is that of the first version by day, in whatever order rows come', () => {
    const rows = [
      { day: '2026-11-05', version: 'v4', sends: 9 },
      { day: '2026-11-03', version: 'v2', sends: 9 },
    ]
    expect([...stratifyDays(rows, ['2026-11-01']).entries()]).toEqual([
      ['2026-11-01', 'v2'],
      ['2026-11-03', 'v2'],
      ['2026-11-05', 'v4'],
    ])
    const two = [
      { day: '2026-11-05', version: 'v4', sends: 5 },
      { day: '2026-11-05', version: 'v3', sends: 8 },
      { day: '2026-11-05', version: 'v4', sends: 5 },
    ]
    expect(stratifyDays(two, []).get('2026-11-05')).toBe('v4')
  })

  it('is that of the first version before there was one, and v0 when there never was', () => {
    expect([...stratifyDays([{ day: '2026-11-02', version: 'v3', sends: 1 }], ['2026-11-01']).values()]).toEqual([
      'v3',
      'v3',
    ])
    expect([...stratifyDays([], ['2026-11-01'])]).toEqual([['2026-11-01', 'v0']])
  })
})

describe('sample ratios', () => {
  it('are checked at each stage, and called broken when chance cannot have done it', () => {
    const stages = [
      { stage: 'sent', counts: [5_020, 4_980] },
      { stage: 'delivered', counts: [5_000, 4_000] },
    ] as const
    const [sent, delivered] = checkSampleRatios(stages, [2, 2])
    expect(sent).toMatchObject({ stage: 'sent', expected: [5_000, 5_000], broken: false })
    expect(sent?.fixedP).toBeCloseTo(0.689, 3)
    expect(delivered).toMatchObject({ expected: [4_500, 4_500], broken: true })
  })

  it('of nothing are not broken', () => {
    expect(checkSampleRatios([{ stage: 'served', counts: [0, 0] }], [0, 0])).toMatchObject([
      { p: 1, broken: false, expected: [0, 0] },
    ])
  })
})

function liftOf(lift: ComparedLift | string | undefined): ComparedLift {
  if (lift === undefined || typeof lift === 'string') throw new Error(`no lift: ${lift}`)
  return lift
}
