// Whether an import stands still, and what is then done about it. Goes by when it last got further and when it was last sent on,
// never by its age: a file of a week ago that was taken up today is one of today.
import type { FileImport } from '../../../contract/import.ts'

/** A message is on its way, or somebody at work. */
export const patienceMs = 120_000
/** Longer than a planner may take. */
const planningMs = 1_200_000
/** Longer than a message is hidden while its range is loaded. */
const resendAfterMs = 1_800_000
/** A range that nobody could load in this time is not loadable. */
const stuckAfterMs = 86_400_000
/** Longer than a loader may take. */
const progressingMs = 300_000
/** A planner that dies over a file this often dies of it. */
const maxAttempts = 5

/** Planned again, ranges sent again, counted again, ended with a report that says why; or nothing. */
export type Remedy = 'none' | 'plan' | 'send' | 'finish' | 'give up'

export interface ImportSigns {
  /** When it last got further. */
  readonly progressAtMs: number | undefined
  /** Whether ranges are left to be loaded. */
  readonly isLeft: boolean
  /** Whether no range of anybody waits in the queue or is loaded now, as far as the queue can tell. */
  readonly isQuiet: boolean
}

export function judgeImport(of: FileImport, signs: ImportSigns, nowMs: number): Remedy {
  const gotFurtherAtMs = Math.max(begunAtMs(of), signs.progressAtMs ?? 0)
  const stillMs = nowMs - Math.max(gotFurtherAtMs, of.sentAtMs ?? 0)
  const isLast = countAttempt(of, signs.progressAtMs) > maxAttempts
  if (of.status === 'planning') return stillMs <= planningMs ? 'none' : isLast ? 'give up' : 'plan'
  if (of.status !== 'loading' || stillMs < patienceMs) return 'none'
  if (!signs.isLeft) return isLast ? 'give up' : 'finish'
  if (nowMs - gotFurtherAtMs > stuckAfterMs) return 'give up'
  return signs.isQuiet || stillMs > resendAfterMs ? 'send' : 'none'
}

/** The number of the next attempt since the import last got further, from 1. */
export function countAttempt({ attempts = 0, sentAtMs = 0 }: FileImport, progressAtMs = 0): number {
  return (progressAtMs > sentAtMs ? 0 : attempts) + 1
}

/** Whether an import is at work, so that taking it up again would only have it loaded twice. */
export function isAtWork({ status, takenUpAtMs = 0 }: FileImport, progressAtMs = 0, nowMs: number): boolean {
  if (status !== 'planning' && status !== 'loading') return false
  return nowMs - takenUpAtMs < resendAfterMs || (status === 'loading' && nowMs - progressAtMs < progressingMs)
}

/** When it was first begun, or last taken up again by somebody. */
export function begunAtMs({ startedAtMs, takenUpAtMs = 0 }: FileImport): number {
  return Math.max(startedAtMs, takenUpAtMs)
}
