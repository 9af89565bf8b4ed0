// Something worth noting, noted at most once a minute by this instance, so that no flood of it becomes a flood of writes.
import type { OrgSlug } from '../../contract/ids.ts'
import { makeCache } from './cache.ts'
import { describeError, type Log } from './log.ts'

export interface OnceAMinuteProps {
  readonly write: (org: OrgSlug, what: string, atMs: number, signal: AbortSignal) => Promise<void>
  readonly now: () => number
  readonly log: Log
}

const maxKept = 5_000

/** Never throws: what is noted must not change the answer. */
export function makeOnceAMinute({ write, now, log }: OnceAMinuteProps) {
  const noted = makeCache<true>({ maxEntries: maxKept, lifeMs: 60_000, now })
  return async (org: OrgSlug, what: string, signal: AbortSignal): Promise<void> => {
    const key = `${org}#${what}`
    if (noted.find(key)) return
    noted.keep(key, true)
    try {
      await write(org, what, now(), signal)
    } catch (error) {
      noted.forget(key)
      log('warn', 'not noted', { org, what, ...describeError(error) })
    }
  }
}
