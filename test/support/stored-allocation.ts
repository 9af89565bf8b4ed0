// A version of the weights as it is stored, for tests that read it.
import { allocationSchema, type StoredAllocation } from '../../contract/allocation.ts'
import { dayAt } from './result-rows.ts'

/** Learned weights of the template `welcome` on clicks. */
export function versionOf(version: number, weights: Record<string, number>, more: object = {}): StoredAllocation {
  return allocationSchema.parse({
    templateId: 'welcome',
    version,
    metric: 'clicked',
    floor: 0.05,
    maturedThrough: dayAt(0),
    computedAtMs: 0,
    algorithm: 'thompson',
    basis: 'learned',
    weights: Object.entries(weights).map(([copyId, weight]) => ({ copyId, weight })),
    computedFrom: [],
    stopped: [],
    ...more,
  })
}
