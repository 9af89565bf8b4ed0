// Quantiles against functions whose inverse is known.
import { expect, it } from 'vitest'
import {
  betaQuantile,
  invertDistribution,
  tQuantileAbove,
} from '../../../lambdas/domain/statistics/invert-distribution.ts'

it('finds where a rising function reaches a value, to the last digits', () => {
  for (const p of [1e-9, 0.001, 0.3, 0.7, 7.9]) {
    const found = invertDistribution((x) => x ** 3, p, 0, 2)
    expect(Math.abs(found / Math.cbrt(p) - 1)).toBeLessThan(4e-16)
  }
  expect(invertDistribution((x) => x - 5, 0, -1e6, 1e6)).toBeCloseTo(5, 12)
})

it('stops when there is no number between, and after 200 halvings at the most', () => {
  let calls = 0
  const found = invertDistribution(
    (x) => {
      calls += 1
      return x
    },
    0.3,
    0,
    1,
  )
  expect(found).toBeCloseTo(0.3, 15)
  expect(calls).toBeLessThan(60)
  calls = 0
  invertDistribution(
    () => {
      calls += 1
      return 1
    },
    0.5,
    0,
    1,
  )
  expect(calls).toBe(200)
})

it.each([0.4, 0.25, 0.05, 0.001, 1e-8])('of Student, one degree: that of Cauchy, with %d above', (tail) => {
  expect(tQuantileAbove(tail, 1) * Math.tan(Math.PI * tail)).toBeCloseTo(1, 11)
})

it('of Student, two degrees: the closed form; of very many the normal', () => {
  for (const tail of [0.3, 0.025, 1e-4]) {
    const closed = (1 - 2 * tail) / Math.sqrt(2 * tail * (1 - tail))
    expect(tQuantileAbove(tail, 2) / closed).toBeCloseTo(1, 11)
  }
  expect(tQuantileAbove(0.025, Number.POSITIVE_INFINITY)).toBeCloseTo(1.959963984540054, 12)
  expect(tQuantileAbove(0.025, 1e6)).toBeCloseTo(1.959963984540054, 5)
  expect(tQuantileAbove(0.5, 7)).toBeCloseTo(0, 12)
})

it('of Beta(a, 1): the a-th root', () => {
  for (const p of [0.01, 0.5, 0.975]) expect(betaQuantile(p, 4, 1)).toBeCloseTo(p ** (1 / 4), 13)
})
