// What the statistics say where there is nothing to say: a reason, or a bound, and never NaN or Infinity.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { benjaminiHochberg, holm } from '../../../lambdas/domain/statistics/adjust-p.ts'
import {
  betaChanceToBeat,
  betaExpectedLoss,
  betaInterval,
  betaPosterior,
} from '../../../lambdas/domain/statistics/beta-posterior.ts'
import { cupedLift, cupedTheta } from '../../../lambdas/domain/statistics/cuped.ts'
import { fixedInterval, fixedP } from '../../../lambdas/domain/statistics/fixed-test.ts'
import { inverseChanceLift, inverseChanceMean } from '../../../lambdas/domain/statistics/inverse-propensity.ts'
import { absoluteLift, type Effect, relativeLift, welchDegrees } from '../../../lambdas/domain/statistics/lift.ts'
import {
  addSums,
  centredSquares,
  countSums,
  momentsOf,
  momentsOfShare,
} from '../../../lambdas/domain/statistics/moments.ts'
import { chanceToBeat, expectedLoss } from '../../../lambdas/domain/statistics/normal-chance.ts'
import { betaProbabilityBest, normalProbabilityBest } from '../../../lambdas/domain/statistics/probability-best.ts'
import { momentsOfRatio, ratioLift } from '../../../lambdas/domain/statistics/ratio.ts'
import { chiSquareTail, sampleRatioP, sequentialSampleRatioP } from '../../../lambdas/domain/statistics/sample-ratio.ts'
import { sequentialInterval, sequentialLowerBound, sequentialP } from '../../../lambdas/domain/statistics/sequential.ts'
import { standardise, stratifiedLift, stratifiedScore } from '../../../lambdas/domain/statistics/stratified.ts'

const share = (n: number, successes: number) => momentsOf(countSums(n, successes))

describe('a lift that cannot be had says why', () => {
  it.each<[string, () => Effect, string]>([
    ['no control', () => relativeLift(share(0, 0), share(10, 5)), 'no_data'],
    ['no treatment', () => relativeLift(share(10, 5), share(0, 0)), 'no_data'],
    ['no treatment, absolute', () => absoluteLift(share(10, 5), share(0, 0)), 'no_data'],
    ['a control without any', () => relativeLift(share(10, 0), share(10, 5)), 'control_zero'],
    ['all converted', () => relativeLift(share(10, 10), share(10, 10)), 'no_variance'],
    ['all converted, as shares', () => relativeLift(momentsOfShare(10, 10), momentsOfShare(10, 10)), 'no_variance'],
    ['none converted, absolute', () => absoluteLift(share(10, 0), share(10, 0)), 'no_variance'],
    ['a single send', () => relativeLift(share(1, 1), share(10, 5)), 'one_send'],
    ['no share of nothing', () => relativeLift(momentsOfShare(0, 0), momentsOfShare(0, 0)), 'no_data'],
    ['sums beyond all numbers', () => relativeLift(share(10, 5), momentsOf(hugeSums())), 'out_of_range'],
    ['a ratio of nothing', () => ratioLift(ratio(0, 0), ratio(10, 5)), 'no_data'],
    ['a ratio over zero', () => ratioLift(ratio(10, 0), ratio(10, 5)), 'no_data'],
    ['a ratio of one send', () => ratioLift(ratio(1, 1), ratio(10, 5)), 'one_send'],
    ['a ratio of no sends', () => ratioLift({ ...ratio(0, 5), m: 0 }, ratio(10, 5)), 'no_data'],
    ['a ratio to nothing', () => ratioLift(ratio(10, 5), ratio(0, 5)), 'no_data'],
    ['CUPED of nothing', () => cupedLift(cuped(0), cuped(10)), 'no_data'],
    ['CUPED to nothing', () => cupedLift(cuped(10), cuped(0)), 'no_data'],
    ['CUPED to one send', () => cupedLift(cuped(10), cuped(1)), 'one_send'],
    ['no weights to compare with', () => inverseChanceLift(undefined, inverseChanceMean(oneCell())), 'no_data'],
    ['weights to nothing', () => inverseChanceLift(inverseChanceMean(oneCell()), undefined), 'no_data'],
    ['CUPED of one send', () => cupedLift(cuped(1), cuped(10)), 'one_send'],
    ['CUPED on a control without any', () => cupedLift({ ...cuped(10), y: 0, yy: 0 }, cuped(10)), 'control_zero'],
    ['no weights', () => inverseChanceLift(undefined, inverseChanceMean([])), 'no_data'],
  ])('%s', (_, effect, reason) => {
    expect(effect()).toBe(reason)
  })

  it('but has one of a control below 0, above 0 when the copy loses less, by CUPED as well', () => {
    const lost = (y: number) => ({ n: 4, y, yy: (y * y) / 4 + 8, x: 8, xx: 24, xy: 2 * y })
    expect(cupedLift(lost(-40), lost(-20))).toMatchObject({ value: 0.5 })
    expect(cupedLift(lost(-20), lost(-40))).toMatchObject({ value: -1 })
  })

  it('and is there from two sends in each arm on', () => {
    const two = { n: 2, y: 3, yy: 5, x: 1, xx: 1, xy: 2 }
    expect(cupedLift(two, cuped(10))).toMatchObject({ n: 12 })
    expect(cupedLift(cuped(10), two)).toMatchObject({ n: 12 })
    expect(momentsOfRatio({ n: 2, m: 3, mm: 5, d: 2, dd: 2, md: 3 })).toMatchObject({ n: 2, mean: 1.5 })
  })

  it('where CUPED has nothing to go by, is the plain one', () => {
    const constant = ({ n, y, yy }: { n: number; y: number; yy: number }) => ({ n, y, yy, x: n, xx: n, xy: y })
    const [control, treatment] = [constant({ n: 40, y: 10, yy: 10 }), constant({ n: 50, y: 20, yy: 20 })]
    expect(cupedTheta(control, treatment)).toBe(0)
    const plain = relativeLift(share(40, 10), share(50, 20))
    if (typeof plain === 'string') throw new Error(plain)
    expect(cupedLift(control, treatment)).toMatchObject({
      value: expect.closeTo(plain.value, 12),
      standardError: expect.closeTo(plain.standardError, 12),
      degreesOfFreedom: expect.closeTo(plain.degreesOfFreedom, 9),
      n: 90,
    })
  })

  it('counts weighed sends of both arms', () => {
    const mean = inverseChanceMean(oneCell())
    expect(mean?.effectiveSends).toBeCloseTo(100, 9)
    expect(inverseChanceLift(mean, mean)).toMatchObject({ n: expect.closeTo(200, 9) })
    expect(inverseChanceMean([{ ...countSums(0, 0), inverseChance: Number.POSITIVE_INFINITY }, ...oneCell()])).toEqual(
      mean,
    )
    expect(inverseChanceMean([{ ...countSums(0, 0), inverseChance: 2 }])).toBeUndefined()
  })

  it('for a ratio beyond all numbers too', () => {
    expect(momentsOfRatio({ n: 10, m: 1e200, mm: 1e308, d: 1e-200, dd: 1, md: 1 })).toBe('out_of_range')
  })
})

it('takes the absolute lift with the error of a difference, from two sends in each arm on', () => {
  const found = absoluteLift(momentsOfShare(100, 10), momentsOfShare(200, 30))
  if (typeof found === 'string') throw new Error(found)
  expect(found.value).toBeCloseTo(0.05, 12)
  expect(found.standardError).toBeCloseTo(Math.sqrt((0.1 * 0.9) / 100 + (0.15 * 0.85) / 200), 12)
  expect(found.n).toBe(300)
  expect(absoluteLift(share(0, 0), share(9, 3))).toBe('no_data')
  expect(absoluteLift(share(2, 1), share(2, 1))).toMatchObject({ value: 0, degreesOfFreedom: expect.closeTo(2, 12) })
  expect(absoluteLift(share(9, 3), share(1, 1))).toBe('one_send')
  expect(absoluteLift(share(1, 1), share(9, 3))).toBe('one_send')
})

it('gives finite numbers in their bounds for any counts', () => {
  const arm = fc
    .integer({ min: 0, max: 2_000_000 })
    .chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 0, max: n })))
  fc.assert(
    fc.property(arm, arm, ([nC, c], [nT, t]) => {
      const both = standardise([{ control: countSums(nC, c), treatment: countSums(nT, t) }])
      const effects = [
        relativeLift(share(nC, c), share(nT, t)),
        absoluteLift(share(nC, c), share(nT, t)),
        ...(both === undefined ? [] : [stratifiedLift(both), stratifiedScore(both)]),
      ]
      for (const effect of effects) {
        if (typeof effect === 'string') continue
        const loss = expectedLoss(effect)
        const chances = [fixedP(effect), sequentialP(effect), chanceToBeat(effect)]
        const bounds = [fixedInterval(effect, 0.05), sequentialInterval(effect, 0.05)]
        for (const chance of chances) expect(chance >= 0 && chance <= 1).toBe(true)
        for (const { lower, upper } of bounds) expect(lower < upper && Number.isFinite(upper - lower)).toBe(true)
        for (const part of [loss.keeping, loss.switching]) expect(part >= 0 && Number.isFinite(part)).toBe(true)
        expect(Number.isFinite(sequentialLowerBound(effect, 0.05))).toBe(true)
      }
    }),
  )
})

describe('the sequential interval', () => {
  it('leaves 0 out exactly when p is below alpha', () => {
    const effect = fc.record({
      value: fc.double({ min: -2, max: 2, noNaN: true }),
      standardError: fc.double({ min: 0.01, max: 2, noNaN: true }),
      n: fc.integer({ min: 2, max: 1_000_000 }),
      degreesOfFreedom: fc.constant(Number.POSITIVE_INFINITY),
    })
    fc.assert(
      fc.property(effect, fc.constantFrom(0.01, 0.05, 0.1), (one, alpha) => {
        const { lower, upper } = sequentialInterval(one, alpha)
        const nearest = Math.min(Math.abs(lower), Math.abs(upper))
        fc.pre(nearest > 1e-9)
        expect(lower > 0 || upper < 0).toBe(sequentialP(one, alpha) < alpha)
      }),
    )
  })

  it('is wider than the one for a single look', () => {
    const effect = relativeLift(share(3_000, 90), share(3_000, 120))
    if (typeof effect === 'string') throw new Error(effect)
    expect(sequentialInterval(effect, 0.05).upper).toBeGreaterThan(fixedInterval(effect, 0.05).upper)
  })
})

describe('sums', () => {
  it('of money keep their variance where doubles lose it', () => {
    // 1,000 sends of 10 million euros and a cent or less, in cents: the variance is that of the cents.
    const base = 1_000_000_000n
    const values = Array.from({ length: 1_000 }, (_, at) => base + BigInt(at % 2))
    const sums = {
      n: 1_000,
      sum: values.reduce((sum, value) => sum + value, 0n),
      sumOfSquares: values.reduce((sum, value) => sum + value * value, 0n),
    }
    expect(centredSquares(sums)).toBe(250)
    expect(momentsOf(sums)).toMatchObject({ mean: 1_000_000_000.5, variance: 250 / 999 })
  })

  it('grow into whole numbers of any size, and add up as these do', () => {
    const sums = { n: 2, sum: Number.MAX_SAFE_INTEGER, sumOfSquares: 2n ** 200n }
    expect(addSums([sums, sums])).toEqual({ n: 4, sum: 2n * BigInt(Number.MAX_SAFE_INTEGER), sumOfSquares: 2n ** 201n })
    expect(addSums([{ n: 1, sum: 0.5, sumOfSquares: 0.25 }, countSums(3, 1)])).toEqual({
      n: 4,
      sum: 1.5,
      sumOfSquares: 1.25,
    })
    expect(addSums([])).toEqual(countSums(0, 0))
    expect(addSums([countSums(3, 1), countSums(4, 2)])).toEqual({ n: 7, sum: 3, sumOfSquares: 3 })
    expect(addSums([countSums(3, 1), { n: 1, sum: 2n, sumOfSquares: 4n }])).toEqual({ n: 4, sum: 3n, sumOfSquares: 5n })
  })

  it('of parts have a variance too, and a single send has none', () => {
    expect(centredSquares({ n: 2, sum: 1.5, sumOfSquares: 1.25 })).toBeCloseTo(0.125, 12)
    expect(centredSquares({ n: 4, sum: 3n, sumOfSquares: 2.5 })).toBeCloseTo(2.5 - 9 / 4, 12)
    expect(centredSquares({ n: 4, sum: 1.5, sumOfSquares: 3n })).toBeCloseTo(3 - 2.25 / 4, 12)
    expect(centredSquares({ n: 4, sum: 0.5, sumOfSquares: 0.5 })).toBeCloseTo(0.4375, 12)
    expect(centredSquares({ n: 0, sum: 0, sumOfSquares: 9 })).toBe(0)
    expect(momentsOf({ n: 1, sum: 7, sumOfSquares: 49 })).toEqual({ n: 1, mean: 7, variance: 0 })
  })
})

describe('chances to be the best', () => {
  it('add up to 1 and follow the means', () => {
    const arms = fc.array(
      fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: 1e-4, max: 3, noNaN: true })),
      {
        minLength: 1,
        maxLength: 8,
      },
    )
    fc.assert(
      fc.property(arms, (all) => {
        const chances = normalProbabilityBest(
          all.map(([mean]) => mean),
          all.map(([, deviation]) => deviation),
        )
        expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12)
        expect(chances.every((chance) => chance >= 0 && chance <= 1)).toBe(true)
      }),
    )
    const [low = 1, high = 0] = normalProbabilityBest([0, 0.1], [0.1, 0.1])
    expect(high).toBeGreaterThan(low)
  })

  it('of two are what the exact sum says', () => {
    const counts = fc
      .integer({ min: 1, max: 3_000 })
      .chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 0, max: n })))
    fc.assert(
      fc.property(counts, counts, ([nA, a], [nB, b]) => {
        const [control, treatment] = [betaPosterior(nA, a), betaPosterior(nB, b)]
        const [, best = Number.NaN] = betaProbabilityBest([control, treatment])
        expect(best).toBeCloseTo(betaChanceToBeat(control, treatment), 8)
      }),
      { numRuns: 60 },
    )
  })

  it('agree between the sum and the integral, which takes over for many', () => {
    const control = { a: 1_000, b: 30_000 }
    const summed = betaChanceToBeat(control, { a: 1_000, b: 29_000 })
    const integrated = betaChanceToBeat(control, { a: 1_000 + 1e-9, b: 29_000 })
    expect(integrated).toBeCloseTo(summed, 7)
    expect(betaExpectedLoss(control, { a: 5_000, b: 29_000 }).switching).toBeGreaterThanOrEqual(0)
  })

  it('are a certainty for one alone, and nothing for none', () => {
    expect(normalProbabilityBest([3], [1])).toEqual([1])
    expect(betaProbabilityBest([])).toEqual([])
  })

  it('stay inside 0 and 1 for all converted and none converted', () => {
    const { lower, upper } = betaInterval(betaPosterior(10, 10), 0.05)
    expect(lower).toBeCloseTo(0.025 ** (1 / 11), 10)
    expect(upper).toBeLessThanOrEqual(1)
    expect(betaChanceToBeat(betaPosterior(100, 0), betaPosterior(100, 100))).toBeCloseTo(1, 12)
  })
})

describe('several p', () => {
  const ps = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 10 })

  it('grow by adjusting, Holm above Benjamini and Hochberg, and keep their order', () => {
    fc.assert(
      fc.property(ps, (all) => {
        const [family, discovery] = [holm(all), benjaminiHochberg(all)]
        for (const [at, p] of all.entries()) {
          expect(discovery[at]).toBeGreaterThanOrEqual(p)
          expect(family[at]).toBeGreaterThanOrEqual((discovery[at] ?? 0) - 1e-12)
          expect(family[at]).toBeLessThanOrEqual(1)
          for (const [other, q] of all.entries()) if (p < q) expect(family[at]).toBeLessThanOrEqual(family[other] ?? 0)
        }
      }),
    )
  })
})

describe('the sample ratio', () => {
  it('finds nothing wrong with nothing, with one arm, and with an arm that was meant to be empty', () => {
    for (const check of [sampleRatioP, sequentialSampleRatioP]) {
      expect(check([], [])).toBe(1)
      expect(check([0, 0], [1, 1])).toBe(1)
      expect(check([10], [1])).toBe(1)
      expect(check([10, 5], [1, 0])).toBe(1)
    }
  })

  it('finds a broken split, later when it may be looked at always', () => {
    expect(sequentialSampleRatioP([5_300, 4_700], [1, 1])).toBeLessThan(1e-5)
    expect(sequentialSampleRatioP([540, 460], [0.5, 0.5])).toBeGreaterThan(sampleRatioP([540, 460], [0.5, 0.5]))
    expect(sequentialSampleRatioP([10_000_000, 9_000_000], [1, 1])).toBe(0)
  })
})

function ratio(n: number, d: number) {
  return { n, m: 4, mm: 10, d, dd: d * d, md: 4 }
}

function cuped(n: number) {
  return { n, y: 4, yy: 8, x: 3, xx: 6, xy: 2 }
}

function oneCell() {
  return [{ ...countSums(100, 20), inverseChance: 3 }]
}

function hugeSums() {
  return { n: 10, sum: 10n ** 400n, sumOfSquares: 10n ** 800n }
}

describe('a lift of too little or too much', () => {
  const moments = (n: number, mean: number, variance: number) => ({ n, mean, variance })

  it('is none when either arm has a single send, or nothing at all', () => {
    for (const lift of [relativeLift, absoluteLift]) {
      expect(lift(moments(1, 0.5, 0.25), moments(100, 0.5, 0.25))).toBe('one_send')
      expect(lift(moments(100, 0.5, 0.25), moments(1, 0.5, 0.25))).toBe('one_send')
      expect(lift('no_data', moments(100, 0.5, 0.25))).toBe('no_data')
      expect(lift(moments(100, 0.5, 0.25), 'out_of_range')).toBe('out_of_range')
      expect(lift(moments(100, 0.5, 0.25), 'one_send')).toBe('one_send')
    }
    expect(relativeLift(moments(100, 0, 0), moments(100, 0.5, 0.25))).toBe('control_zero')
  })

  it('has degrees of freedom by each arm, by both alike where nothing varies', () => {
    expect(welchDegrees(moments(5, 0, 0), moments(7, 0, 0))).toBeCloseTo(1 / (0.25 / 4 + 0.25 / 6), 12)
    expect(welchDegrees(moments(5, 0, 0), moments(7, 0, 3))).toBeCloseTo(6, 12)
    expect(welchDegrees(moments(1, 0, 0), moments(7, 0, 3))).toBe(0)
    expect(welchDegrees(moments(7, 0, 3), moments(1, 0, 0))).toBe(0)
  })

  it('is none when value or error is beyond what can be computed', () => {
    expect(absoluteLift(moments(100, 1, Number.POSITIVE_INFINITY), moments(100, 2, 1))).toBe('out_of_range')
    expect(absoluteLift(moments(100, -1.7e308, 1), moments(100, 1.7e308, 1))).toBe('out_of_range')
    expect(momentsOf({ n: 10, sum: 10n ** 400n, sumOfSquares: 1n })).toBe('out_of_range')
    expect(momentsOf({ n: 10, sum: 1n, sumOfSquares: 10n ** 400n })).toBe('out_of_range')
  })
})

describe('adding sums', () => {
  it('of whole numbers stay whole past what a double holds, of parts stay parts', () => {
    const big = Number.MAX_SAFE_INTEGER
    expect(addSums([countSums(1, big), countSums(1, big)]).sum).toBe(BigInt(big) * 2n)
    expect(
      addSums([
        { n: 1, sum: 0.5, sumOfSquares: 0.25 },
        { n: 1, sum: 2n, sumOfSquares: 4n },
      ]),
    ).toEqual({
      n: 2,
      sum: 2.5,
      sumOfSquares: 4.25,
    })
    expect(
      addSums([
        { n: 1, sum: 2n, sumOfSquares: 4n },
        { n: 1, sum: 0.5, sumOfSquares: 0.25 },
      ]).sum,
    ).toBe(2.5)
    expect(
      addSums([
        { n: 1, sum: 0.25, sumOfSquares: 0 },
        { n: 1, sum: 0.5, sumOfSquares: 0 },
      ]).sum,
    ).toBe(0.75)
  })
})

it.each([
  [1, 3.841458820694124],
  [2, 5.991464547107979],
  [3, 7.814727903251179],
  [5, 11.070497693516351],
  [8, 15.507313055865453],
])('chi-square of %i degrees has a twentieth above its tabled value', (degrees, value) => {
  expect(chiSquareTail(value, degrees)).toBeCloseTo(0.05, 13)
  expect(chiSquareTail(0, degrees)).toBe(1)
})
