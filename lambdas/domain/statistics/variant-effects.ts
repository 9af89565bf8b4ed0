// How variants stand to one another when each was sent in some periods and not in others: an effect for each variant and one
// for each period, by least squares. What moves all variants of a period alike (a season, a sale) falls out.
import { invertMatrix } from './invert-matrix.ts'
import type { Sums } from './moments.ts'
import { varianceWithin } from './stratified.ts'

export interface VariantCell extends Sums {
  /** Place of the variant, from 0. */
  readonly variant: number
  /** Name of the period. */
  readonly stratum: string
}

export interface VariantEffects {
  /** Mean per send, up to a number that is the same for all. */
  readonly effects: readonly number[]
  /** Standard deviations of independent normals whose differences have the variances of these effects' differences. */
  readonly deviations: readonly number[]
}

/** Why there are none: nothing varies yet, or two variants never met in a period, directly or through others. */
export type NoEffects = 'no_variance' | 'never_together'

/**
 * Two-way fixed effects `y = variant + period + error` with one error variance, profiled over the periods:
 * `L = Σ_s diag(n_s) - n_s n_sᵀ/N_s`, `L α = Σ_s n_is (mean_is - mean_s)`, covariance `v L⁺`. With one period these are the
 * plain means and `v/n`. Source: Searle, "Linear Models" (1971), ch. 7 (the reduced normal equations of the two-way layout).
 */
export function variantEffects(cells: readonly VariantCell[], variants: number): VariantEffects | NoEffects {
  const variance = varianceWithin(cells)
  if (!(variance > 0) || !Number.isFinite(variance)) return 'no_variance'
  const { matrix, right } = normalEquations(cells, variants)
  // The equations leave a number that is common to all open; adding `fix` everywhere makes it 0 in the inverse's sum.
  const fix = Math.max(...matrix.map((row, at) => row[at] ?? 0), 1)
  const inverse = invertMatrix(matrix.map((row) => row.map((value) => value + fix)))
  if (inverse === undefined) return 'never_together'
  const effects = inverse.map((row) => row.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0))
  return { effects, deviations: deviationsOf(inverse, variance) }
}

function normalEquations(cells: readonly VariantCell[], variants: number) {
  const matrix = Array.from({ length: variants }, () => new Array<number>(variants).fill(0))
  const right = new Array<number>(variants).fill(0)
  for (const group of Map.groupBy(cells, ({ stratum }) => stratum).values()) {
    const sends = new Array<number>(variants).fill(0)
    const sums = new Array<number>(variants).fill(0)
    for (const { variant, n, sum } of group) {
      sends[variant] = (sends[variant] ?? 0) + n
      sums[variant] = (sums[variant] ?? 0) + Number(sum)
    }
    const all = sends.reduce((total, n) => total + n, 0)
    if (all === 0) continue
    const mean = sums.reduce((total, sum) => total + sum, 0) / all
    for (const [i, row] of matrix.entries()) {
      const n = sends[i] ?? 0
      right[i] = (right[i] ?? 0) + (sums[i] ?? 0) - n * mean
      for (const j of row.keys()) row[j] = (row[j] ?? 0) + (i === j ? n : 0) - (n * (sends[j] ?? 0)) / all
    }
  }
  return { matrix, right }
}

/**
 * Independent variances `s_i²` with `s_i² + s_j² ≈ V_ij`, the variance of a difference: by least squares
 * `s_i² = (R_i - T/(k - 1))/(k - 2)`, R the sum over j, T that over all pairs. Exact for one period and for two variants.
 */
function deviationsOf(inverse: readonly (readonly number[])[], variance: number): number[] {
  const k = inverse.length
  const at = (i: number, j: number) => inverse[i]?.[j] ?? 0
  const differences = inverse.map((_, i) =>
    inverse.map((__, j) => Math.max(0, variance * (at(i, i) + at(j, j) - at(i, j) - at(j, i)))),
  )
  const rows = differences.map((row) => row.reduce((sum, value) => sum + value, 0))
  const pairs = rows.reduce((sum, row) => sum + row, 0) / 2
  const least = 1e-3 * (pairs / Math.max(1, (k * (k - 1)) / 2))
  return rows.map((row) => Math.sqrt(Math.max(least, k > 2 ? (row - pairs / (k - 1)) / (k - 2) : row / 2)))
}
