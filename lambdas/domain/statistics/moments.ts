// From sums over sends to a mean and a variance. Sums of money come as whole minor units and may be far above 2^53, so the
// subtraction that loses digits is done in whole numbers.

/** What a metric came to over `n` sends. For a metric that a send has or has not, both sums are the number that have it. */
export interface Sums {
  readonly n: number
  readonly sum: number | bigint
  readonly sumOfSquares: number | bigint
}

/** Mean and variance (of one send, not of the mean). */
export interface Moments {
  readonly n: number
  readonly mean: number
  readonly variance: number
}

/** Why there is no number: an expected outcome, told to the reader in place of NaN. */
export type Missing = 'no_data' | 'one_send' | 'control_zero' | 'no_variance' | 'out_of_range'

/** Sums of a metric that a send has or has not. */
export function countSums(n: number, successes: number): Sums {
  return { n, sum: successes, sumOfSquares: successes }
}

/** Adds sums up; none of them: nothing of nothing. */
export function addSums(all: readonly Sums[]): Sums {
  return all.reduce<Sums>(
    (total, sums) => ({
      n: total.n + sums.n,
      sum: add(total.sum, sums.sum),
      sumOfSquares: add(total.sumOfSquares, sums.sumOfSquares),
    }),
    { n: 0, sum: 0, sumOfSquares: 0 },
  )
}

/**
 * Mean `s/n` and sample variance `(ss - s²/n)/(n - 1)`; the variance of a single send is taken to be 0.
 * Source: the textbook's unbiased estimate, from sums that are exact.
 */
export function momentsOf(sums: Sums): Moments | Missing {
  const { n } = sums
  if (!(n > 0)) return 'no_data'
  const mean = Number(sums.sum) / n
  const variance = n > 1 ? centredSquares(sums) / (n - 1) : 0
  return Number.isFinite(mean) && Number.isFinite(variance) ? { n, mean, variance } : 'out_of_range'
}

/** Mean `p` and variance `p(1 - p)` of a share, as GrowthBook's engine takes it (no correction by n - 1). */
export function momentsOfShare(n: number, successes: number): Moments | Missing {
  if (!(n > 0)) return 'no_data'
  const mean = successes / n
  return { n, mean, variance: mean * (1 - mean) }
}

/** `ss - s²/n`, never negative, exact before the last division when all sums are whole. */
export function centredSquares({ n, sum, sumOfSquares }: Sums): number {
  if (!(n > 0)) return 0
  if (typeof sum === 'number' && sum === sumOfSquares) return (sum * Math.max(0, n - sum)) / n
  if (isWhole(n) && isWhole(sum) && isWhole(sumOfSquares)) {
    const scaled = BigInt(n) * BigInt(sumOfSquares) - BigInt(sum) * BigInt(sum)
    return Math.max(0, Number(scaled) / n)
  }
  return Math.max(0, Number(sumOfSquares) - (Number(sum) * Number(sum)) / n)
}

function isWhole(value: number | bigint): boolean {
  return typeof value === 'bigint' || Number.isSafeInteger(value)
}

function add(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum) || !isWhole(a) || !isWhole(b)) return sum
  }
  return isWhole(a) && isWhole(b) ? BigInt(a) + BigInt(b) : Number(a) + Number(b)
}
