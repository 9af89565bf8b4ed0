// When new weights are a new version. Versions are the strata of the results, so one that changes nothing that anybody could
// notice is not made.
import type { AllocationBasis, StoredAllocation } from '../../../contract/allocation.ts'

/** A weight that was learned and moved by less than this has not moved. One that somebody set moves as they say. */
const leastMove = 0.01

export type AllocationFacts = Omit<StoredAllocation, 'version' | keyof AllocationBasis>

/** The version to store after `previous` (undefined: none was stored yet), or undefined when what stands is as good. */
export function versionAllocation(
  previous: StoredAllocation | undefined,
  next: AllocationBasis,
  facts: AllocationFacts,
): StoredAllocation | undefined {
  if (previous !== undefined && isAsGood(previous, next) && restsOnTheSame(previous, facts)) return undefined
  return { ...facts, ...next, version: (previous?.version ?? 0) + 1 }
}

function restsOnTheSame(previous: StoredAllocation, { metric, floor, controlShare }: AllocationFacts): boolean {
  return previous.metric === metric && previous.floor === floor && previous.controlShare === controlShare
}

function isAsGood(previous: StoredAllocation, next: AllocationBasis): boolean {
  const weights = new Map<string, number>(previous.weights.map(({ copyId, weight }) => [copyId, weight]))
  const isSame = (a: number, b: number) => (next.basis === 'fixed' ? a === b : Math.abs(a - b) < leastMove)
  const stopped = new Set<string>(previous.stopped.map(({ copyId }) => copyId))
  return (
    previous.algorithm === next.algorithm &&
    previous.basis === next.basis &&
    previous.weights.length === next.weights.length &&
    next.weights.every(({ copyId, weight }) => isSame(weight, weights.get(copyId) ?? 2)) &&
    stopped.size === next.stopped.length &&
    next.stopped.every(({ copyId }) => stopped.has(copyId))
  )
}
