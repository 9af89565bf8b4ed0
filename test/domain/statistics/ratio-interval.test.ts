// The range of a relative lift whose control is itself uncertain, against the inequality that defines it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { relativeEffect } from '../../../lambdas/domain/statistics/lift.ts'
import { sequentialRatioInterval } from '../../../lambdas/domain/statistics/ratio-interval.ts'
import { sequentialInterval } from '../../../lambdas/domain/statistics/sequential.ts'

const alpha = 0.05
const share = (n: number, successes: number) => ({
  mean: successes / n,
  errorSquared: ((successes / n) * (1 - successes / n)) / n,
})
/** Half of the sequential interval of an estimate with standard error 1. */
const reach = (n: number) =>
  sequentialInterval({ value: 0, standardError: 1, n, degreesOfFreedom: Number.POSITIVE_INFINITY }, alpha).upper

describe('the range of a relative lift', () => {
  it('holds just the lifts that the difference does not rule out', () => {
    const mean = fc.record({
      mean: fc.double({ min: -2, max: 2, noNaN: true }).filter((value) => Math.abs(value) > 1e-3),
      errorSquared: fc.double({ min: 1e-6, max: 0.5, noNaN: true }),
    })
    fc.assert(
      fc.property(mean, mean, fc.integer({ min: 2, max: 1_000_000 }), (control, treatment, n) => {
        const { lower = -1e9, upper = 1e9 } = sequentialRatioInterval(control, treatment, n, alpha)
        const measured = Math.sign(control.mean) * (treatment.mean / control.mean - 1)
        expect(lower).toBeLessThanOrEqual(measured)
        expect(upper).toBeGreaterThanOrEqual(measured)
        const isRuledOut = (lift: number) => {
          const ratio = Math.sign(control.mean) * lift + 1
          const error = treatment.errorSquared + ratio ** 2 * control.errorSquared
          return (treatment.mean - ratio * control.mean) ** 2 > reach(n) ** 2 * error
        }
        const step = 1e-6 * (1 + Math.abs(lower) + Math.abs(upper))
        for (const part of [0.001, 0.3, 0.7, 0.999]) {
          expect(isRuledOut(Math.max(lower, -1e3) + part * (Math.min(upper, 1e3) - Math.max(lower, -1e3)))).toBe(false)
        }
        if (lower > -1e3 && upper < 1e3) {
          expect(isRuledOut(lower - step)).toBe(true)
          expect(isRuledOut(upper + step)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('is that of the delta method when both means are known well', () => {
    const [control, treatment, n] = [share(5_000_000, 150_000), share(5_000_000, 165_000), 10_000_000]
    const usual = relativeEffect(control, treatment, n, Number.POSITIVE_INFINITY)
    if (typeof usual === 'string') throw new Error(usual)
    const { lower = 0, upper = 0 } = sequentialRatioInterval(control, treatment, n, alpha)
    expect(lower).toBeCloseTo(sequentialInterval(usual, alpha).lower, 3)
    expect(upper).toBeCloseTo(sequentialInterval(usual, alpha).upper, 3)
    expect(upper + lower).toBeGreaterThan(2 * usual.value)
  })

  it('has no upper end while control may as well have nothing, and none at all while the copy may as well', () => {
    const clear = share(1_000, 300)
    const [some, none] = [share(1_000, 5), share(1_000, 1)]
    const open = sequentialRatioInterval(some, clear, 2_000, alpha)
    expect(open.upper).toBeUndefined()
    expect(open.lower).toBeGreaterThan(5)
    expect(sequentialRatioInterval(none, none, 2_000, alpha)).toEqual({ lower: undefined, upper: undefined })
  })

  it('ends at control times the reach: the fewest conversions with an upper end are its square', () => {
    const n = 100_000
    const conversions = reach(2 * n) ** 2
    const ends = (count: number) => sequentialRatioInterval(share(n, count), share(n, count), 2 * n, alpha).upper
    expect(ends(Math.floor(conversions))).toBeUndefined()
    expect(ends(Math.ceil(conversions))).toBeDefined()
  })

  it('of a control below 0 is turned round, so that less of a loss is above 0', () => {
    const lost = (mean: number) => ({ mean, errorSquared: 1e-4 })
    const { lower = 0, upper = 0 } = sequentialRatioInterval(lost(-1), lost(-0.5), 1_000, alpha)
    const mirrored = sequentialRatioInterval(lost(1), lost(0.5), 1_000, alpha)
    expect(lower).toBeCloseTo(-(mirrored.upper ?? 0), 12)
    expect(upper).toBeCloseTo(-(mirrored.lower ?? 0), 12)
    expect(lower).toBeGreaterThan(0)
    const open = sequentialRatioInterval(
      { mean: -1e-3, errorSquared: 1 },
      { mean: -9, errorSquared: 1e-4 },
      1_000,
      alpha,
    )
    expect(open.lower).toBeUndefined()
    expect(open.upper).toBeLessThan(0)
  })
})
