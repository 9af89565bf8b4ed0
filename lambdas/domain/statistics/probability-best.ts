// The chance of each of several to be the best one, by quadrature: the same data give the same weights, whoever asks.
import betainc from '@stdlib/math-base-special-betainc'
import normalCdf from '@stdlib/stats-base-dists-normal-cdf'
import { type Beta, betaDensity, betaEnds } from './beta-posterior.ts'
import { visitNodes } from './integrate.ts'

interface Posterior {
  readonly density: (x: number) => number
  readonly below: (x: number) => number
  /** Where to cut the integral. */
  readonly ends: readonly number[]
}

/**
 * P(best) of independent normals: `∫ φ_i Π_{j≠i} Φ_j`. Standard deviations must be above 0.
 * Source: Scott, "A modern Bayesian look at the multi-armed bandit" (2010); by quadrature, so that a re-run gives the same.
 */
export function normalProbabilityBest(means: readonly number[], deviations: readonly number[]): number[] {
  const steps = [-8.5, -6.5, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6.5, 8.5]
  return probabilityBest(
    means.map((mean, at) => {
      const deviation = deviations[at] ?? 0
      return {
        density: (x) => Math.exp(-(((x - mean) / deviation) ** 2) / 2) / (deviation * Math.sqrt(2 * Math.PI)),
        below: (x) => normalCdf((x - mean) / deviation, 0, 1),
        ends: steps.map((step) => mean + step * deviation),
      }
    }),
  )
}

/**
 * P(best) of shares that are known as Beta posteriors: `∫ f_i Π_{j≠i} F_j`.
 * Source: Scott, "A modern Bayesian look at the multi-armed bandit" (2010).
 */
export function betaProbabilityBest(posteriors: readonly Beta[]): number[] {
  return probabilityBest(
    posteriors.map((beta) => ({
      density: (x) => betaDensity(beta, x),
      below: (x) => betainc(x, beta.a, beta.b),
      ends: betaEnds(beta),
    })),
  )
}

/** Sums to 1; empty for none. */
function probabilityBest(posteriors: readonly Posterior[]): number[] {
  if (posteriors.length < 2) return posteriors.map(() => 1)
  const best = posteriors.map(() => 0)
  const ends = posteriors.flatMap((posterior) => posterior.ends)
  visitNodes(ends, (x, weight) => {
    const below = posteriors.map((posterior) => posterior.below(x))
    // Products of those before and those after, so that no division by a chance of 0 is needed.
    const before = running(below)
    const after = running(below.toReversed()).toReversed()
    for (const [at, { density }] of posteriors.entries()) {
      const others = (before[at] ?? 0) * (after[at] ?? 0)
      if (others > 0) best[at] = (best[at] ?? 0) + weight * density(x) * others
    }
  })
  const sum = best.reduce((total, chance) => total + chance, 0)
  return best.map((chance) => chance / sum)
}

/** Products of all earlier factors: 1, f0, f0 f1 … */
function running(factors: readonly number[]): number[] {
  let product = 1
  return factors.map((factor) => {
    const earlier = product
    product *= factor
    return earlier
  })
}
