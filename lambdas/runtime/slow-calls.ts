// Tells of calls that took longer than a caller likes to wait, beside the answer.
import type { OrgSlug } from '../../contract/ids.ts'
import { slowCopyMs } from '../../contract/limits.ts'

/** Notes what an org should hear of in health. Never throws. */
export type NoteSlow = (org: OrgSlug, what: string, signal: AbortSignal) => Promise<void>

/** Makes what does a call's work and notes when more than `slowCopyMs` have passed since it arrived, served or refused. */
export function makeSlowCalls(note: NoteSlow | undefined, now: () => number) {
  return async <T>(org: OrgSlug, arrivedMs: number, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } finally {
      // Not waited for: the call is late already.
      if (now() - arrivedMs > slowCopyMs) void note?.(org, 'copy.slow', AbortSignal.timeout(slowCopyMs))
    }
  }
}
