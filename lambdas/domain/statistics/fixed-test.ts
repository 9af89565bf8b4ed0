// The classical interval and p of an estimate: right for one look at a moment fixed beforehand, and for nothing else. Results
// show it nowhere; it stands beside the sequential one in tests and forecasts.
import normalCdf from '@stdlib/stats-base-dists-normal-cdf'
import tCdf from '@stdlib/stats-base-dists-t-cdf'
import { tQuantileAbove } from './invert-distribution.ts'
import type { Estimate } from './lift.ts'

export interface Interval {
  readonly lower: number
  readonly upper: number
}

/** `value ± t(1 - alpha/2, df) se` (Welch 1947). */
export function fixedInterval({ value, standardError, degreesOfFreedom }: Estimate, alpha: number): Interval {
  const half = tQuantileAbove(alpha / 2, degreesOfFreedom) * standardError
  return { lower: value - half, upper: value + half }
}

/** The lower end of the one-sided interval `value - t(1 - alpha, df) se`. */
export function fixedLowerBound({ value, standardError, degreesOfFreedom }: Estimate, alpha: number): number {
  return value - tQuantileAbove(alpha, degreesOfFreedom) * standardError
}

/** Two-sided p, `2 T(-|t|)`: by the lower tail, for `2 (1 - T(|t|))` is 0 from t = 8.3 on. */
export function fixedP({ value, standardError, degreesOfFreedom }: Estimate): number {
  return Math.min(1, 2 * lowerTail(-Math.abs(value / standardError), degreesOfFreedom))
}

/** One-sided p against "not greater", `T(-t)`. */
export function fixedPGreater({ value, standardError, degreesOfFreedom }: Estimate): number {
  return lowerTail(-value / standardError, degreesOfFreedom)
}

function lowerTail(t: number, degreesOfFreedom: number): number {
  return Number.isFinite(degreesOfFreedom) ? tCdf(t, degreesOfFreedom) : normalCdf(t, 0, 1)
}
