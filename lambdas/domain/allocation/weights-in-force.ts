// How copies are drawn under the weights that are stored: what a serve needs of an allocation, and nothing of its history.
import type { StoredAllocation } from '../../../contract/allocation.ts'
import type { Weights } from '../copy/choose-copy.ts'

/** The stored weights as a draw takes them; uniform while none were computed. */
export function weightsInForce(stored: StoredAllocation | undefined): Weights {
  if (stored === undefined) return 'uniform'
  // By hand, no weight means never; learned, it means that better ones are known, unless nothing else fits the person.
  const unweighted = stored.basis === 'fixed' ? stored.weights.filter(({ weight }) => weight === 0) : []
  return {
    version: stored.version,
    weights: new Map(stored.weights.map(({ copyId, weight }) => [copyId, weight])),
    withheld: new Set([...stored.stopped, ...unweighted].map(({ copyId }) => copyId)),
  }
}
