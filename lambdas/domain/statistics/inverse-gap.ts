// Weights from scores that somebody else gives (a model's), by how far each is from the best one.

/**
 * Inverse gap weighting: `1/(k + γ (best - score))`, at least `floor/k`, the best one takes what is left.
 * Source: Foster and Rakhlin, "Beyond UCB" (2020), as Eppo's bandit evaluator applies it. The first of equal bests is the best.
 */
export function inverseGapWeights(scores: readonly number[], gamma: number, floor: number): number[] {
  const best = Math.max(...scores)
  const winner = scores.indexOf(best)
  const weights = scores.map((score, at) =>
    at === winner ? 0 : Math.max(floor / scores.length, 1 / (scores.length + gamma * (best - score))),
  )
  const rest = 1 - weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight, at) => (at === winner ? Math.max(0, rest) : weight))
}
