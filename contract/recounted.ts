// What the nightly recount found of an org, as it is stored: whether counters are the sum of outcomes, and what became of every
// reporting event that was accepted. Computed from what is stored, every night anew; nothing adds to it in between.
import * as z from 'zod/mini'

const count = z.number()

/** Fates of what was accepted on one day of receipt. They add up to `accepted`. */
export const accountSchema = z.object({
  accepted: count,
  /** Part of a send, or of a call of a webhook action. */
  counted: count,
  /** Of a delivery that was never reported as sent, or of no delivery. */
  unmatched: count,
  /** In the quarantine, or kept and not readable. */
  setAside: count,
  /** Told by a backfill of what the webhook told itself. */
  twice: count,
  /** Arrived so shortly before that it need not be counted yet. */
  pending: count,
  /** None of these: it should be counted and is not. */
  unaccounted: count,
})
export type Account = z.infer<typeof accountSchema>
export type Fate = Exclude<keyof Account, 'accepted'>

export const recountedSchema = z.object({
  countedAtMs: count,
  /** Cells of results that are not the sum of outcomes. */
  drift: count,
  /** Cells of which nothing could be said, because they were written meanwhile. */
  busy: z.optional(count),
  /** By day of receipt, UTC, the latest last; days further back than the last ones are one, under `earlier`. */
  days: z.array(z.object({ day: z.string(), ...accountSchema.shape })),
})
export type Recounted = z.infer<typeof recountedSchema>

/** Stored before an org is recounted, so that one whose recount never ends is taken up after all others. */
export const recountBegunSchema = z.object({
  /** When it was begun first since it last ended, and when last. */
  firstMs: count,
  lastMs: count,
})
export type RecountBegun = z.infer<typeof recountBegunSchema>

/** Where a scan goes on: after the item of this key. */
export const scanCursorSchema = z.object({ pk: z.string(), sk: z.string() })
export type ScanCursor = z.infer<typeof scanCursorSchema>

/** Some of what a scan passes, and where it goes on; nowhere after the last. A page may hold nothing of whom it is for. */
export interface ScanPage<T> {
  readonly items: readonly T[]
  readonly end: ScanCursor | undefined
}

/** A recount under way, as it stood when it last came further. What it has read lies in parts in the bucket. */
export const recountRunSchema = z.object({
  id: z.string(),
  /** Grows with every step that is kept, so that of two calls at work on one org one goes on. */
  revision: count,
  startedAtMs: count,
  stage: z.enum(['counters', 'outcomes', 'comparison', 'events', 'over']),
  /** Where the stage's scan goes on; absent at its beginning. */
  after: z.optional(scanCursorSchema),
  /** Cells are spread over so many bins by their scope, and a bin is compared at a time. */
  bins: count,
  /** Names of the parts that hold, of each stage that makes some. */
  parts: z.object({ counters: z.array(z.string()), outcomes: z.array(z.string()) }),
  /** Bins that were compared. */
  compared: count,
  drift: count,
  busy: count,
  days: recountedSchema.shape.days,
})
export type RecountRun = z.infer<typeof recountRunSchema>
