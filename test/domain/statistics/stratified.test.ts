// Comparing within periods: what a shift of the weights during a season does to a pooled lift, and not to these.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inverseChanceMean } from '../../../lambdas/domain/statistics/inverse-propensity.ts'
import { invertMatrix } from '../../../lambdas/domain/statistics/invert-matrix.ts'
import { countSums } from '../../../lambdas/domain/statistics/moments.ts'
import {
  type Stratum,
  standardise,
  stratifiedDifference,
  stratifiedLift,
  stratifiedScore,
  varianceWithin,
} from '../../../lambdas/domain/statistics/stratified.ts'
import { variantEffects } from '../../../lambdas/domain/statistics/variant-effects.ts'

describe('strata', () => {
  it('give the Mantel-Haenszel risk ratio', () => {
    const strata = [
      { control: countSums(1_000, 20), treatment: countSums(4_500, 108) },
      { control: countSums(1_000, 40), treatment: countSums(500, 22) },
    ]
    const above = (108 * 1_000) / 5_500 + (22 * 1_000) / 1_500
    const below = (20 * 4_500) / 5_500 + (40 * 500) / 1_500
    expect(stratifiedLift(standardised(strata))).toMatchObject({
      value: expect.closeTo(above / below - 1, 12),
      n: 7_000,
    })
  })

  it('of which one arm is missing weigh nothing', () => {
    const both = { control: countSums(500, 15), treatment: countSums(500, 20) }
    const lonely = { control: countSums(0, 0), treatment: countSums(9_000, 9_000) }
    expect(standardise([both, lonely])).toEqual(standardise([both]))
  })

  it('that never have both arms, or are none, are compared by nobody', () => {
    expect(standardise([{ control: countSums(9, 1), treatment: countSums(0, 0) }])).toBeUndefined()
    expect(standardise([{ control: countSums(0, 0), treatment: countSums(9, 1) }])).toBeUndefined()
    expect(standardise([])).toBeUndefined()
  })

  it('of a single send take the variance of their arm', () => {
    const single = { control: countSums(1, 0), treatment: countSums(1, 1) }
    const many = { control: countSums(100, 50), treatment: countSums(100, 50) }
    const found = standardise([single, many])
    const within = 25 / 99
    const error = (0.5 / 50.5) ** 2 * within + ((50 / 50.5) ** 2 * within) / 100
    expect(found?.control.errorSquared).toBeCloseTo(error, 12)
    expect(varianceWithin([countSums(1, 1), countSums(1, 0)])).toBe(0)
  })

  it('put the standard error where repeated sampling puts it, however small they are', () => {
    // 200 strata of 4 control and 6 treatment sends at 20 %: analytic variance of each standardised mean is p(1-p)/n.
    const strata = Array.from({ length: 200 }, (_, at) => ({
      control: countSums(4, at % 5 === 0 ? 2 : at % 5 === 1 ? 2 : 0),
      treatment: countSums(6, at % 5 < 3 ? 2 : 0),
    }))
    const found = standardise(strata)
    expect(found?.control.errorSquared).toBeGreaterThan(0.5 * (0.16 / 800))
    expect(found?.control.errorSquared).toBeLessThan(2 * (0.16 / 800))
  })
})

describe('the test of no difference', () => {
  it('is that of Cochran, Mantel and Haenszel', () => {
    const tables = [
      { nC: 100, xC: 4, nT: 900, xT: 20 },
      { nC: 800, xC: 40, nT: 150, xT: 15 },
      { nC: 1, xC: 0, nT: 1, xT: 1 },
    ]
    const sumOf = (of: (table: (typeof tables)[number]) => number) => tables.reduce((sum, table) => sum + of(table), 0)
    const surplus = sumOf(({ nC, xC, nT, xT }) => xT - (nT * (xC + xT)) / (nC + nT))
    const variance = sumOf(({ nC, xC, nT, xT }) => {
      const [n, x] = [nC + nT, xC + xT]
      return (nC * nT * x * (n - x)) / (n * n * (n - 1))
    })
    const strata = tables.map(({ nC, xC, nT, xT }) => ({ control: countSums(nC, xC), treatment: countSums(nT, xT) }))
    const found = stratifiedScore(standardised(strata))
    if (typeof found === 'string') throw new Error(found)
    expect((found.value / found.standardError) ** 2).toBeCloseTo(surplus ** 2 / variance, 10)
    expect(found.n).toBe(1_952)
  })

  it('does not take few conversions for few in truth: none of 1,000 beside 30 of 10,000 say little', () => {
    const both = standardised([{ control: countSums(10_000, 30), treatment: countSums(1_000, 0) }])
    const byOwn = stratifiedDifference(both)
    const score = stratifiedScore(both)
    if (typeof byOwn === 'string' || typeof score === 'string') throw new Error('no estimate')
    expect(score.value).toBe(byOwn.value)
    expect(score.value / score.standardError).toBeGreaterThan(-2)
    expect(byOwn.value / byOwn.standardError).toBeLessThan(-5)
    const lift = stratifiedLift(both)
    if (typeof lift === 'string') throw new Error(lift)
    expect(lift.value / lift.standardError).toBeGreaterThan(-2)
  })
})

describe('weighing by chances', () => {
  it('counts a rare draw for all those it stands for', () => {
    const found = inverseChanceMean([
      { ...countSums(900, 18), inverseChance: 1 / 0.9 },
      { ...countSums(100, 4), inverseChance: 1 / 0.1 },
    ])
    expect(found?.mean).toBeCloseTo(0.03, 12)
    // (1000 + 1000)² / (900/0.81 + 100/0.01)
    expect(found?.effectiveSends).toBeCloseTo(4_000_000 / (900 / 0.81 + 10_000), 8)
  })

  it('is the plain mean with its plain error when all chances are alike', () => {
    const found = inverseChanceMean([{ ...countSums(1_000, 30), inverseChance: 4 }])
    expect(found).toMatchObject({ mean: 0.03, effectiveSends: expect.closeTo(1_000, 9) })
    expect(found?.errorSquared).toBeCloseTo((0.03 * 0.97) / 1_000, 12)
  })
})

describe('effects of variants', () => {
  const cell = (variant: number, stratum: string, n: number, successes: number) => ({
    variant,
    stratum,
    ...countSums(n, successes),
  })

  it('of one period are the plain means with v/n', () => {
    const cells = [cell(0, 'v0', 100, 10), cell(1, 'v0', 400, 60), cell(2, 'v0', 200, 24)]
    const found = variantEffects(cells, 3)
    if (typeof found === 'string') throw new Error(found)
    const variance = varianceWithin(cells)
    const [a = 0, b = 0, c = 0] = found.effects
    expect(b - a).toBeCloseTo(0.05, 12)
    expect(c - a).toBeCloseTo(0.02, 12)
    expect(found.deviations).toEqual([100, 400, 200].map((n) => expect.closeTo(Math.sqrt(variance / n), 12)))
  })

  it('of many have deviations of their own, though one that is known far better than the rest is given a least', () => {
    const sizes = [100, 400, 200, 800, 50]
    const cells = sizes.map((n, at) => cell(at, 'v0', n, n / 10))
    const found = variantEffects(cells, sizes.length)
    if (typeof found === 'string') throw new Error(found)
    const variance = varianceWithin(cells)
    expect(found.deviations).toEqual(sizes.map((n) => expect.closeTo(Math.sqrt(variance / n), 12)))
    const uneven = [1_000_000, 100, 100, 100].map((n, at) => cell(at, 'v0', n, n / 10))
    const known = variantEffects(uneven, 4)
    if (typeof known === 'string') throw new Error(known)
    const least = (1e-3 * varianceWithin(uneven) * (3 * (1 / 1_000_000 + 1 / 100) + 3 * (2 / 100))) / 6
    expect(known.deviations[0]).toBeCloseTo(Math.sqrt(least), 9)
  })

  it('of a period in which nothing was sent are those of the others', () => {
    const cells = [cell(0, 'v0', 100, 10), cell(1, 'v0', 400, 60)]
    expect(variantEffects([...cells, cell(0, 'v1', 0, 0), cell(1, 'v1', 0, 0)], 2)).toEqual(variantEffects(cells, 2))
  })

  it('do not see what moves a period as a whole', () => {
    const cells = [
      ...[cell(0, 'v0', 4_500, 90), cell(1, 'v0', 500, 10)],
      ...[cell(0, 'v1', 500, 20), cell(1, 'v1', 4_500, 180)],
    ]
    const found = variantEffects(cells, 2)
    if (typeof found === 'string') throw new Error(found)
    expect((found.effects[0] ?? 1) - (found.effects[1] ?? 0)).toBeCloseTo(0, 12)
  })

  it('reach a variant that came late through those it met', () => {
    const cells = [
      ...[cell(0, 'v0', 1_000, 20), cell(1, 'v0', 1_000, 30)],
      ...[cell(1, 'v1', 1_000, 60), cell(2, 'v1', 1_000, 70)],
    ]
    const found = variantEffects(cells, 3)
    if (typeof found === 'string') throw new Error(found)
    expect((found.effects[2] ?? 0) - (found.effects[0] ?? 0)).toBeCloseTo(0.02, 12)
    expect(found.deviations[1]).toBeLessThan(found.deviations[2] ?? 0)
  })

  it('are refused when two never met, when nothing varies and when there is nothing', () => {
    expect(variantEffects([cell(0, 'v0', 500, 9), cell(1, 'v1', 500, 9)], 2)).toBe('never_together')
    expect(variantEffects([cell(0, 'v0', 500, 0), cell(1, 'v0', 500, 0)], 2)).toBe('no_variance')
    expect(variantEffects([], 2)).toBe('no_variance')
  })
})

it('inverts what has an inverse', () => {
  const matrices = fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 4 }), {
    minLength: 4,
    maxLength: 4,
  })
  fc.assert(
    fc.property(matrices, (matrix) => {
      const inverse = invertMatrix(matrix)
      if (inverse === undefined) return
      for (const [i, row] of matrix.entries()) {
        for (let j = 0; j < 4; j++) {
          const sum = row.reduce((total, value, at) => total + value * (inverse[at]?.[j] ?? 0), 0)
          expect(sum).toBeCloseTo(i === j ? 1 : 0, 6)
        }
      }
    }),
  )
  expect(
    invertMatrix([
      [0, 1],
      [1, 0],
    ]),
  ).toEqual([
    [0, 1],
    [1, 0],
  ])
  expect(
    invertMatrix([
      [1, 1],
      [1, 1],
    ]),
  ).toBeUndefined()
  expect(
    invertMatrix([
      [1, 0, 0],
      [0, 1, 1],
      [0, 1, 1 + 1e-13],
    ]),
  ).toBeUndefined()
  expect(
    invertMatrix([
      [2e-20, 0],
      [0, 1e-20],
    ]),
  ).toEqual([
    [expect.closeTo(5e19, -10), 0],
    [0, expect.closeTo(1e20, -10)],
  ])
})

function standardised(strata: readonly Stratum[]) {
  const both = standardise(strata)
  if (both === undefined) throw new Error('no stratum has both arms')
  return both
}
