// Each send counts as many times as copies were drawn for each one like it: the estimate that needs no strata, but the chance
// with which each copy was drawn. Noisier than the stratified one; the two are shown side by side because they fail apart.
import { type Effect, relativeEffect } from './lift.ts'
import type { Sums } from './moments.ts'

/** Sends that were drawn with one chance. */
export interface WeightedCell extends Sums {
  /** 1 over the chance of the draw; 1 when nothing was drawn. */
  readonly inverseChance: number
}

export interface WeightedMean {
  readonly mean: number
  readonly errorSquared: number
  /** `(Σ w)²/Σ w²`: as many sends of equal weight would know as much (Kish 1965). */
  readonly effectiveSends: number
}

/**
 * Self-normalised mean `Σ w y / Σ w` (Hájek 1971) with error squared `Σ w² (y - mean)² / (Σ w)²`, w one over the chance.
 * Undefined without sends.
 */
export function inverseChanceMean(cells: readonly WeightedCell[]): WeightedMean | undefined {
  const present = cells.filter(({ n }) => n > 0)
  const over = (of: (cell: WeightedCell) => number) => present.reduce((sum, cell) => sum + of(cell), 0)
  const weight = over(({ n, inverseChance }) => n * inverseChance)
  if (!(weight > 0)) return undefined
  const mean = over(({ sum, inverseChance }) => Number(sum) * inverseChance) / weight
  const squares = over((cell) => cell.inverseChance ** 2 * squaresAbout(mean, cell))
  const effectiveSends = weight ** 2 / over(({ n, inverseChance }) => n * inverseChance ** 2)
  return { mean, errorSquared: squares / weight ** 2, effectiveSends }
}

/** Relative lift of two such means. */
export function inverseChanceLift(control: WeightedMean | undefined, treatment: WeightedMean | undefined): Effect {
  if (control === undefined || treatment === undefined) return 'no_data'
  return relativeEffect(control, treatment, control.effectiveSends + treatment.effectiveSends, Number.POSITIVE_INFINITY)
}

/** `Σ (y - mean)²`. */
function squaresAbout(mean: number, { n, sum, sumOfSquares }: WeightedCell): number {
  return Math.max(0, Number(sumOfSquares) - 2 * mean * Number(sum) + n * mean * mean)
}
