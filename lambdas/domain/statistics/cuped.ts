// CUPED: what a person did before the test explains part of what they do in it; taking that part away narrows the interval.
import { type Effect, estimate, welchDegrees } from './lift.ts'

/** Sums over `n` sends of the metric y, of the same person's x from before, their squares and their product. */
export interface CupedSums {
  readonly n: number
  readonly y: number
  readonly yy: number
  readonly x: number
  readonly xx: number
  readonly xy: number
}

/** `θ = cov(x, y)/var(x)` over all sends whatever their arm; 0 when x does not vary. Source: Deng, Xu, Kohavi and Walker (2013). */
export function cupedTheta(control: CupedSums, treatment: CupedSums): number {
  const { xx, xy } = spreadOf({
    n: control.n + treatment.n,
    y: control.y + treatment.y,
    yy: control.yy + treatment.yy,
    x: control.x + treatment.x,
    xx: control.xx + treatment.xx,
    xy: control.xy + treatment.xy,
  })
  return xx > 0 ? xy / xx : 0
}

/**
 * Relative lift of `y - θ x`: the difference of adjusted means over the size of control's plain mean `mC`. Variance, with
 * `r = mT/mC` of the plain means: `(vT - 2 θ cT + θ² xT)/(nT mC²) + (r² vC - 2 r θ cC + θ² xC)/(nC mC²)`, where v, x and c are
 * the arm's variances of y and x and their covariance. Source: GrowthBook, `RegressionAdjustedStatistic`.
 */
export function cupedLift(control: CupedSums, treatment: CupedSums): Effect {
  if (!(control.n > 0 && treatment.n > 0)) return 'no_data'
  if (control.n < 2 || treatment.n < 2) return 'one_send'
  const base = control.y / control.n
  if (base === 0) return 'control_zero'
  const theta = cupedTheta(control, treatment)
  const ratio = treatment.y / treatment.n / base
  const adjusted = ({ n, y, x }: CupedSums) => (y - theta * x) / n
  const variance = (errorSquared(control, theta, ratio) + errorSquared(treatment, theta, 1)) / base ** 2
  const degrees = welchDegrees(
    { n: control.n, variance: errorSquared(control, theta, 1) * control.n },
    { n: treatment.n, variance: errorSquared(treatment, theta, 1) * treatment.n },
  )
  const value = (adjusted(treatment) - adjusted(control)) / Math.abs(base)
  return estimate(value, variance, control.n + treatment.n, degrees)
}

/** `(r² v - 2 r θ c + θ² x)/n`: how uncertain the mean of `r y - θ x` is. */
function errorSquared(sums: CupedSums, theta: number, ratio: number): number {
  const { yy, xx, xy } = spreadOf(sums)
  const spread = ratio * ratio * yy - 2 * ratio * theta * xy + theta * theta * xx
  return Math.max(0, spread) / (sums.n - 1) / sums.n
}

/** Sums of squares and products about the means. */
function spreadOf({ n, y, yy, x, xx, xy }: CupedSums): { yy: number; xx: number; xy: number } {
  return { yy: yy - (y * y) / n, xx: xx - (x * x) / n, xy: xy - (x * y) / n }
}
