// Something worth noting, counted by this instance and noted at most once a minute, so that no flood of it becomes a flood of
// writes.
import type { OrgSlug } from '../../contract/ids.ts'
import { noteBudgetMs } from '../../contract/limits.ts'
import { endedWithin } from './budget.ts'
import { makeCache } from './cache.ts'
import { describeError, type Log } from './log.ts'

export interface OnceAMinuteProps {
  /** `count`: how often this instance has seen it since the hour began. */
  readonly write: (
    org: OrgSlug,
    what: string,
    seen: { readonly atMs: number; readonly count: number },
    signal: AbortSignal,
  ) => Promise<void>
  readonly now: () => number
  readonly log: Log
}

const maxKept = 5_000
const hourMs = 3_600_000

/** Never throws, and ends within `noteBudgetMs`: what is noted must not change the answer. */
export function makeOnceAMinute({ write, now, log }: OnceAMinuteProps) {
  const noted = makeCache<true>({ maxEntries: maxKept, lifeMs: 60_000, now })
  const counts = makeCache<number>({ maxEntries: maxKept, lifeMs: hourMs, now })
  return async (org: OrgSlug, what: string, signal: AbortSignal): Promise<void> => {
    const atMs = now()
    const key = `${org}#${what}#${Math.floor(atMs / hourMs)}`
    const count = (counts.find(key) ?? 0) + 1
    counts.keep(key, count)
    if (noted.find(key)) return
    noted.keep(key, true)
    try {
      await write(org, what, { atMs, count }, endedWithin(noteBudgetMs, signal))
    } catch (error) {
      noted.forget(key)
      log('warn', 'not noted', { org, what, ...describeError(error) })
    }
  }
}
