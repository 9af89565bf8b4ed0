// Did the split give what it was meant to give? Both checks find a broken split; only the sequential one may be looked at
// every day. An arm that was meant to get nothing is dropped, whatever it got.
import gammaln from '@stdlib/math-base-special-gammaln'
import normalCdf from '@stdlib/stats-base-dists-normal-cdf'

/**
 * p of Pearson's chi-square against the expected weights (any scale); 1 when there is nothing to compare. The tail
 * itself keeps the digits that `1 - cdf` loses. Source: GrowthBook, packages/back-end, `checkSrm`.
 */
export function sampleRatioP(counts: readonly number[], weights: readonly number[]): number {
  const { meant, total, shares } = meantArms(counts, weights)
  if (meant.length < 2 || total === 0) return 1
  const statistic = meant.reduce((sum, count, at) => {
    const expected = (shares[at] ?? 0) * total
    return sum + (count - expected) ** 2 / expected
  }, 0)
  return chiSquareTail(statistic, meant.length - 1)
}

/**
 * Chance that chi-square with whole `degrees` is above `x`: `e^(-x/2) Σ_{i<d/2} (x/2)^i/i!` when they are even, else
 * `2 Φ(-√x) + e^(-x/2) Σ_{1<=i<=(d-1)/2} (x/2)^(i-1/2)/Γ(i+1/2)`. Nothing is subtracted, so no digits are lost. Source:
 * Abramowitz and Stegun 26.4.4 and 26.4.5. The incomplete gamma function of any degrees would be 100 kB at every cold start.
 */
export function chiSquareTail(x: number, degrees: number): number {
  const isOdd = degrees % 2 === 1
  let term = isOdd ? Math.sqrt((2 * x) / Math.PI) * Math.exp(-x / 2) : Math.exp(-x / 2)
  let sum = isOdd ? 2 * normalCdf(-Math.sqrt(x), 0, 1) : 0
  for (let step = isOdd ? 3 : 2; step <= degrees; step += 2) {
    sum += term
    term *= x / step
  }
  return Math.min(1, sum)
}

/** An arm without a count has not been there, so its weight is dropped with it. */
function meantArms(counts: readonly number[], weights: readonly number[]) {
  const pairs = counts.map((count, at) => ({ count, weight: weights[at] ?? 0 })).filter(({ weight }) => weight > 0)
  const scale = pairs.reduce((sum, { weight }) => sum + weight, 0)
  const meant = pairs.map(({ count }) => count)
  return {
    meant,
    shares: pairs.map(({ weight }) => weight / scale),
    total: meant.reduce((sum, count) => sum + count, 0),
  }
}

/** Logarithms of how likely these arrivals were, under the meant split and under any split (Dirichlet prior). */
export interface LogMarginals {
  readonly meant: number
  readonly any: number
}

/**
 * `ln m0 = Σ n_i ln θ_i`, `ln m1 = ln B(α + n) - ln B(α)`, for arrivals in one order. Counts suffice: neither depends on it.
 * Source: Lindon and Malek, "Anytime-Valid Inference for Multinomial Count Data" (2022); optimizely/ssrm.
 */
export function logMarginals(
  counts: readonly number[],
  shares: readonly number[],
  prior: readonly number[],
): LogMarginals {
  const meant = counts.reduce((sum, count, at) => sum + (count === 0 ? 0 : count * Math.log(shares[at] ?? 0)), 0)
  const posterior = counts.map((count, at) => count + (prior[at] ?? 0))
  return { meant, any: logMultivariateBeta(posterior) - logMultivariateBeta(prior) }
}

/**
 * Anytime-valid p of the split, `min(1, m0/m1)` with prior Dirichlet(1, …, 1): below 0.01 at any look in at most one
 * experiment of a hundred. Keep the least of all looks when a sequence is shown.
 */
export function sequentialSampleRatioP(counts: readonly number[], weights: readonly number[]): number {
  const { meant, shares, total } = meantArms(counts, weights)
  if (meant.length < 2 || total === 0) return 1
  const marginals = logMarginals(
    meant,
    shares,
    meant.map(() => 1),
  )
  return Math.min(1, Math.exp(marginals.meant - marginals.any))
}

function logMultivariateBeta(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0)
  return values.reduce((total, value) => total + gammaln(value), 0) - gammaln(sum)
}
