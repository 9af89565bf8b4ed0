// p of several comparisons at once. Both keep the order of what they are given.

/**
 * Holm's step-down: the chance of even one false finding stays below alpha.
 * `p_(i) -> max_{j<=i} min(1, (m - j) p_(j))`, counted from 0. Source: Holm (1979).
 */
export function holm(ps: readonly number[]): number[] {
  let most = 0
  return inOrder(ps, (p, rank) => {
    most = Math.max(most, Math.min(1, (ps.length - rank) * p))
    return most
  })
}

/**
 * Benjamini and Hochberg's step-up: the share of false findings among all findings stays below alpha on average.
 * `p_(i) -> min_{j>=i} min(1, m p_(j) / (j + 1))`, counted from 0. Source: Benjamini and Hochberg (1995).
 */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  let least = 1
  const fromLargest = ps.map((p) => -p)
  return inOrder(fromLargest, (negative, rank) => {
    least = Math.min(least, -negative * (ps.length / (ps.length - rank)))
    return least
  })
}

/** Walks the values from the smallest on, and puts each result where its value stood. */
function inOrder(values: readonly number[], adjust: (value: number, rank: number) => number): number[] {
  const adjusted = values.map(() => 0)
  const order = [...values.entries()].sort(([, a], [, b]) => a - b)
  for (const [rank, [place, value]] of order.entries()) adjusted[place] = adjust(value, rank)
  return adjusted
}
