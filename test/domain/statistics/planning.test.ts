// Forecasts, credit, and weights from scores.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inverseGapWeights } from '../../../lambdas/domain/statistics/inverse-gap.ts'
import { daysUntil, sendsForFixedTest, sendsForSequentialTest } from '../../../lambdas/domain/statistics/power.ts'
import { sequentialInterval } from '../../../lambdas/domain/statistics/sequential.ts'
import { splitCredit } from '../../../lambdas/domain/statistics/split-credit.ts'

const plan = { mean: 0.03, variance: 0.0291, lift: 0.2, alpha: 0.05, power: 0.8 }

describe('a forecast', () => {
  it('needs more sends when one may look always, but not many times more', () => {
    const fixed = sendsForFixedTest(plan) ?? 0
    const sequential = sendsForSequentialTest(plan) ?? 0
    expect(sequential).toBeGreaterThan(fixed)
    expect(sequential).toBeLessThan(3 * fixed)
  })

  it('needs fewer sends for a larger lift, and as many for a fall as for a rise', () => {
    expect(sendsForSequentialTest({ ...plan, lift: 0.4 })).toBeLessThan(sendsForSequentialTest(plan) ?? 0)
    expect(sendsForSequentialTest({ ...plan, lift: -0.2 })).toBe(sendsForSequentialTest(plan))
  })

  it('is not made when there is nothing to find, no mean, no variance, or no end', () => {
    const impossible = [{ lift: 0 }, { mean: 0 }, { variance: 0 }]
    expect(impossible.map((change) => sendsForFixedTest({ ...plan, ...change }))).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(sendsForSequentialTest({ ...plan, lift: 0 })).toBeUndefined()
    expect(sendsForSequentialTest({ ...plan, lift: 1e-5 })).toBeUndefined()
  })

  it('is the fewest sends at which the range, and the chance to find, leave 0 out', () => {
    for (const lift of [0.2, -0.5, 1.5]) {
      const found = sendsForSequentialTest({ ...plan, lift }) ?? 0
      const isFound = (n: number) => {
        // Half of the sends in each arm, so that the difference of means has four times the variance over all sends.
        const standardError = Math.sqrt((4 * plan.variance) / n) / plan.mean
        const effect = { value: Math.abs(lift), standardError, n, degreesOfFreedom: Number.POSITIVE_INFINITY }
        return sequentialInterval(effect, plan.alpha).lower >= 0.8416212335729143 * standardError
      }
      expect([isFound(found - 1), isFound(found)]).toEqual([false, true])
    }
  })

  it('counts whole days, and none when there is enough', () => {
    expect(daysUntil(1_000, 100, 90)).toBe(10)
    expect(daysUntil(1_000, 0, -5)).toBeUndefined()
    expect(daysUntil(1_001, 0, 500)).toBe(3)
    expect(daysUntil(1_000, 1_000, 500)).toBe(0)
    expect(daysUntil(1_000, 0, 0)).toBeUndefined()
  })
})

describe('credit', () => {
  it('adds up to the cent, to nothing but the whole, for any amount', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom('first', 'last', 'linear', 'position'),
        (cents, touches, model) => {
          const parts = splitCredit(cents, touches, model)
          expect(parts).toHaveLength(touches)
          expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(cents)
          const even = [cents / BigInt(touches), cents / BigInt(touches) + (cents < 0n ? -1n : 1n)]
          if (model === 'linear') expect(parts.filter((part) => !even.includes(part))).toEqual([])
        },
      ),
    )
  })

  it('gives 40, 20 and 40 parts by position, the cent left over to the first', () => {
    expect(splitCredit(10_000n, 3, 'position')).toEqual([4_000n, 2_000n, 4_000n])
    expect(splitCredit(10_000n, 4, 'position')).toEqual([4_000n, 1_000n, 1_000n, 4_000n])
    expect(splitCredit(100n, 3, 'linear')).toEqual([34n, 33n, 33n])
    expect(splitCredit(-100n, 3, 'linear')).toEqual([-34n, -33n, -33n])
    expect(splitCredit(1n, 3, 'position')).toEqual([1n, 0n, 0n])
    expect(splitCredit(100n, 0, 'linear')).toEqual([])
    expect(splitCredit(0n, 2, 'linear')).toEqual([0n, 0n])
  })

  it('gives what rounding leaves to the largest remainders, wherever they stand', () => {
    // 0.8, 0.4 and 0.8 cents; then 1.2, 0.6 and 1.2; then 1.6, 0.8 and 1.6.
    expect(splitCredit(2n, 3, 'position')).toEqual([1n, 0n, 1n])
    expect(splitCredit(3n, 3, 'position')).toEqual([1n, 1n, 1n])
    expect(splitCredit(4n, 3, 'position')).toEqual([2n, 1n, 1n])
    expect(splitCredit(-3n, 3, 'position')).toEqual([-1n, -1n, -1n])
    // A tenth each in the middle: 0.5 of 5 cents, 2 at the ends.
    expect(splitCredit(5n, 4, 'position')).toEqual([2n, 1n, 0n, 2n])
  })
})

it('weighs scores so that the weights are 1 together', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 10 }), (scores) => {
      const weights = inverseGapWeights(scores, 10, 0.1)
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
      expect(weights.every((weight) => weight >= 0.1 / scores.length - 1e-12)).toBe(true)
    }),
  )
})
