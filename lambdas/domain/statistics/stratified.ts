// Two arms compared within strata (periods in which the weights stood still), then put together. Pooling the periods instead
// would read a shift of the weights during a season as an effect of the copy.
import { type Effect, estimate, relativeEffect } from './lift.ts'
import { centredSquares, type Sums } from './moments.ts'

/** The two arms in one stratum. */
export interface Stratum {
  readonly control: Sums
  readonly treatment: Sums
}

/** Both means standardised to the same mix of strata, with their errors squared, and the sends that could be compared. */
export interface Standardised {
  readonly control: { readonly mean: number; readonly errorSquared: number }
  readonly treatment: { readonly mean: number; readonly errorSquared: number }
  readonly n: number
}

/**
 * Weighs each stratum by `w = nT nC/(nT + nC)` (Mantel and Haenszel 1959: best when variances are alike, and strata may be
 * tiny or one-sided: those get 0). Error squared `Σ w² v/n / (Σ w)²` with each stratum's own sample variance; a single send
 * takes its arm's variance within strata. Undefined when no stratum has both arms.
 */
export function standardise(strata: readonly Stratum[]): Standardised | undefined {
  const shared = strata.filter(({ control, treatment }) => control.n > 0 && treatment.n > 0)
  if (shared.length === 0) return undefined
  const weights = shared.map(({ control, treatment }) => (treatment.n * control.n) / (treatment.n + control.n))
  const control = standardiseArm(
    shared.map((stratum) => stratum.control),
    weights,
  )
  const treatment = standardiseArm(
    shared.map((stratum) => stratum.treatment),
    weights,
  )
  return { control, treatment, n: shared.reduce((sum, stratum) => sum + stratum.control.n + stratum.treatment.n, 0) }
}

/** Relative lift of the standardised means; for a metric that a send has or has not, the Mantel-Haenszel risk ratio less 1. */
export function stratifiedLift(strata: readonly Stratum[]): Effect {
  const both = standardise(strata)
  if (both === undefined) return 'no_data'
  return relativeEffect(both.control, both.treatment, both.n, Number.POSITIVE_INFINITY)
}

/** Difference of the standardised means; for shares, the Mantel-Haenszel risk difference. */
export function stratifiedDifference(strata: readonly Stratum[]): Effect {
  const both = standardise(strata)
  if (both === undefined) return 'no_data'
  const { control, treatment, n } = both
  const variance = control.errorSquared + treatment.errorSquared
  return estimate(treatment.mean - control.mean, variance, n, Number.POSITIVE_INFINITY)
}

function standardiseArm(cells: readonly Sums[], weights: readonly number[]) {
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  const within = varianceWithin(cells)
  let mean = 0
  let errorSquared = 0
  for (const [at, cell] of cells.entries()) {
    const share = (weights[at] ?? 0) / whole
    const variance = cell.n > 1 ? centredSquares(cell) / (cell.n - 1) : within
    mean += share * (Number(cell.sum) / cell.n)
    errorSquared += (share * share * variance) / cell.n
  }
  return { mean, errorSquared }
}

/** Variance of one send about the mean of its own cell, all cells together; 0 when every cell has a single send. */
export function varianceWithin(cells: readonly Sums[]): number {
  const degrees = cells.reduce((sum, { n }) => sum + Math.max(0, n - 1), 0)
  return degrees === 0 ? 0 : cells.reduce((sum, cell) => sum + centredSquares(cell), 0) / degrees
}
