// Two arms compared within strata (periods in which the weights stood still), then put together. Pooling the periods instead
// would read a shift of the weights during a season as an effect of the copy.
import { type Effect, estimate, type Mean, relativeEffect } from './lift.ts'
import { addSums, centredSquares, type Sums } from './moments.ts'

/** The two arms in one stratum. */
export interface Stratum {
  readonly control: Sums
  readonly treatment: Sums
}

/** Both means standardised to the same mix of strata, with their errors squared, and the sends that could be compared. */
export interface Standardised {
  readonly control: StandardisedArm
  readonly treatment: StandardisedArm
  readonly n: number
}

export interface StandardisedArm {
  /** Sends in strata that both arms have. */
  readonly n: number
  readonly mean: number
  readonly errorSquared: number
  /** What the error is if the arms do not differ: each stratum's variance is that of both arms' sends together. */
  readonly sharedErrorSquared: number
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
  const together = shared.map(({ control, treatment }) => sampleVariance(addSums([control, treatment])))
  const arm = (cells: readonly Sums[]) => standardiseArm(cells, weights, together)
  const control = arm(shared.map((stratum) => stratum.control))
  const treatment = arm(shared.map((stratum) => stratum.treatment))
  return { control, treatment, n: control.n + treatment.n }
}

/**
 * An arm that seems to vary less than both together is not believed: by chance few conversions would pass for a sure thing.
 */
export function careful({ mean, errorSquared, sharedErrorSquared }: StandardisedArm): Mean {
  return { mean, errorSquared: Math.max(errorSquared, sharedErrorSquared) }
}

/** Relative lift of the standardised means; for a metric that a send has or has not, the Mantel-Haenszel risk ratio less 1. */
export function stratifiedLift({ control, treatment, n }: Standardised): Effect {
  return relativeEffect(careful(control), careful(treatment), n, Number.POSITIVE_INFINITY)
}

/** Difference of the standardised means; for shares, the Mantel-Haenszel risk difference. */
export function stratifiedDifference(both: Standardised): Effect {
  return differenceOf(both, ({ errorSquared }) => errorSquared)
}

/**
 * The same difference with the error that it has if there is none: what tests "no difference". For shares its square over that of
 * its error is the statistic of Cochran (1954), Mantel and Haenszel (1959), which holds also where one arm has few conversions.
 */
export function stratifiedScore(both: Standardised): Effect {
  return differenceOf(both, ({ sharedErrorSquared }) => sharedErrorSquared)
}

function differenceOf({ control, treatment, n }: Standardised, errorOf: (arm: StandardisedArm) => number): Effect {
  return estimate(treatment.mean - control.mean, errorOf(control) + errorOf(treatment), n, Number.POSITIVE_INFINITY)
}

function standardiseArm(
  cells: readonly Sums[],
  weights: readonly number[],
  together: readonly number[],
): StandardisedArm {
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  const within = varianceWithin(cells)
  let [n, mean, errorSquared, sharedErrorSquared] = [0, 0, 0, 0]
  for (const [at, cell] of cells.entries()) {
    const share = (weights[at] ?? 0) / whole
    n += cell.n
    mean += share * (Number(cell.sum) / cell.n)
    errorSquared += (share * share * (cell.n > 1 ? sampleVariance(cell) : within)) / cell.n
    sharedErrorSquared += (share * share * (together[at] ?? 0)) / cell.n
  }
  return { n, mean, errorSquared, sharedErrorSquared }
}

/** Of two sends or more. */
function sampleVariance(sums: Sums): number {
  return centredSquares(sums) / (sums.n - 1)
}

/** Variance of one send about the mean of its own cell, all cells together; 0 when every cell has a single send. */
export function varianceWithin(cells: readonly Sums[]): number {
  const degrees = cells.reduce((sum, { n }) => sum + Math.max(0, n - 1), 0)
  return degrees === 0 ? 0 : cells.reduce((sum, cell) => sum + centredSquares(cell), 0) / degrees
}
