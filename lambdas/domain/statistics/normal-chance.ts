// What a normal posterior says of a lift: the chance that it is above 0, and what a wrong choice is expected to cost. For
// reading only; the decision is built on the sequential interval.
import normalCdf from '@stdlib/stats-base-dists-normal-cdf'
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import type { Interval } from './fixed-test.ts'

interface Normal {
  readonly value: number
  readonly standardError: number
}

/** `Phi(d/se)`: the chance that the treatment beats control, flat prior. Source: GrowthBook, packages/stats, bayesian. */
export function chanceToBeat({ value, standardError }: Normal): number {
  return normalCdf(value / standardError, 0, 1)
}

export interface Loss {
  /** Expected lift that is given away by keeping control, `E max(d, 0)`. */
  readonly keeping: number
  /** Expected lift that is lost by switching, `E max(-d, 0)`. */
  readonly switching: number
}

/** `se phi(z) ± d Phi(±z)` with `z = d/se`. Source: GrowthBook, packages/stats, `get_risk`. */
export function expectedLoss({ value, standardError }: Normal): Loss {
  const z = value / standardError
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
  // The two terms of the smaller one cancel far out; it is never below 0.
  return {
    keeping: Math.max(0, standardError * density + value * normalCdf(z, 0, 1)),
    switching: Math.max(0, standardError * density - value * normalCdf(-z, 0, 1)),
  }
}

/**
 * The central interval that holds the lift with chance `1 - alpha`: `value ± z(1 - alpha/2) se`.
 * Source: GrowthBook, packages/stats (flat prior).
 */
export function credibleInterval({ value, standardError }: Normal, alpha: number): Interval {
  const half = -normalQuantile(alpha / 2, 0, 1) * standardError
  return { lower: value - half, upper: value + half }
}
