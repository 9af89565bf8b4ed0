// When new weights are a new version. Versions are the strata of the results, so one that changes nothing that anybody could
// notice is not made.
import type { AllocationBasis, StoredAllocation } from '../../contract/allocation.ts'

/** A weight that moved by less than this has not moved. */
const leastMove = 0.01

export type AllocationFacts = Omit<StoredAllocation, 'version' | keyof AllocationBasis>

/** The version to store after `previous` (undefined: none was stored yet), or undefined when what stands is as good. */
export function versionAllocation(
  previous: StoredAllocation | undefined,
  next: AllocationBasis,
  facts: AllocationFacts,
): StoredAllocation | undefined {
  if (previous !== undefined && isAsGood(previous, next) && previous.controlShare === facts.controlShare)
    return undefined
  return { ...facts, ...next, version: (previous?.version ?? 0) + 1 }
}

function isAsGood(previous: StoredAllocation, next: AllocationBasis): boolean {
  const weights = new Map<string, number>(previous.weights.map(({ copyId, weight }) => [copyId, weight]))
  const stopped = new Set<string>(previous.stopped.map(({ copyId }) => copyId))
  return (
    previous.algorithm === next.algorithm &&
    previous.weights.length === next.weights.length &&
    next.weights.every(({ copyId, weight }) => Math.abs(weight - (weights.get(copyId) ?? 2)) < leastMove) &&
    stopped.size === next.stopped.length &&
    next.stopped.every(({ copyId }) => stopped.has(copyId))
  )
}
