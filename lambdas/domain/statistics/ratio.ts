// A metric that is a sum over a sum (revenue per click): its sends are not its unit, so its variance takes the delta method.
import { type Effect, relativeLift } from './lift.ts'
import type { Missing, Moments } from './moments.ts'

/** Sums over `n` sends of numerator m and denominator d, their squares and their product. */
export interface RatioSums {
  readonly n: number
  readonly m: number
  readonly mm: number
  readonly d: number
  readonly dd: number
  readonly md: number
}

/**
 * Ratio `M/D` and, per send, `(v_M - 2 R c_MD + R² v_D) / D²`, with D the mean denominator, v and c sample variance and
 * covariance. Source: Deng and others (2018); GrowthBook, `RatioStatistic`.
 */
export function momentsOfRatio({ n, m, mm, d, dd, md }: RatioSums): Moments | Missing {
  if (!(n > 0) || d === 0) return 'no_data'
  if (n < 2) return 'one_send'
  const ratio = m / d
  const covariance = (xy: number, x: number, y: number) => (xy - (x * y) / n) / (n - 1)
  const spread = covariance(mm, m, m) - 2 * ratio * covariance(md, m, d) + ratio * ratio * covariance(dd, d, d)
  const variance = spread / (d / n) ** 2
  return Number.isFinite(variance) ? { n, mean: ratio, variance: Math.max(0, variance) } : 'out_of_range'
}

/** Relative lift of a ratio. */
export function ratioLift(control: RatioSums, treatment: RatioSums): Effect {
  return relativeLift(momentsOfRatio(control), momentsOfRatio(treatment))
}
