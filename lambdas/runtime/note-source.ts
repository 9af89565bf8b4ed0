// Which sources an org's events come from, noted by this instance at most once an hour each, and no more than so many of one
// org: health reads all of them, so that nobody who invents campaigns may make the list long.
import type { OrgSlug, SourceRef } from '../../contract/ids.ts'
import { noteBudgetMs } from '../../contract/limits.ts'
import { endedWithin } from './budget.ts'
import { makeCache } from './cache.ts'
import { describeError, type Log } from './log.ts'

export interface NoteSourceProps {
  readonly write: (org: OrgSlug, source: SourceRef, atMs: number, signal: AbortSignal) => Promise<void>
  readonly now: () => number
  readonly log: Log
}

/** More than anybody runs at once. */
export const maxSourcesAnHour = 200
const maxKept = 5_000
const hourMs = 3_600_000

/** Never throws, and ends within `noteBudgetMs`: what is noted must not change the answer. */
export type NoteSource = (org: OrgSlug, source: SourceRef, signal: AbortSignal) => Promise<void>

/** Notes what the messages of an org come from. */
export function makeNoteSource({ write, now, log }: NoteSourceProps): NoteSource {
  const noted = makeCache<true>({ maxEntries: maxKept, lifeMs: hourMs, now })
  const counts = makeCache<number>({ maxEntries: maxKept, lifeMs: hourMs, now })
  return async (org, source, signal) => {
    const atMs = now()
    const [key, hour] = [`${org}#${source}`, `${org}#${Math.floor(atMs / hourMs)}`]
    const count = counts.find(hour) ?? 0
    if (count >= maxSourcesAnHour || noted.find(key)) return
    noted.keep(key, true)
    counts.keep(hour, count + 1)
    try {
      await write(org, source, atMs, endedWithin(noteBudgetMs, signal))
    } catch (error) {
      noted.forget(key)
      log('warn', 'source not noted', { org, source, ...describeError(error) })
    }
  }
}
