// Exports of days: how far each is, as the ledger keeps it, the manifest beside the files, and the answers that tell of them.
import * as z from 'zod/mini'
import { datasets } from './export-columns.ts'
import { orgSlugSchema } from './ids.ts'

const datasetSchema = z.enum(datasets)
/** Rows of each dataset. */
const rowsSchema = z.object({ serves: z.number(), sends: z.number(), events: z.number(), outcomes: z.number() })

const fileSchema = z.object({ dataset: datasetSchema, part: z.number(), rows: z.number(), bytes: z.number() })
export type ExportFile = z.infer<typeof fileSchema>

/** From what a version was made. Another digest, or another erasure, and the day is exported anew. */
const madeFrom = {
  /** From 1; every version has files of its own. */
  version: z.number(),
  /** Of the day's results rows as they were before anything was read. */
  digest: z.string(),
  /** Names the last erasure that touched the day; empty when none has. */
  erased: z.string(),
  startedAtMs: z.number(),
}

const cursorSchema = z.object({
  /** Which of the sources, and which shard of it. */
  source: z.number(),
  shard: z.number(),
  /** Sort key of the last outcome that was exported; empty at the beginning of a shard. */
  after: z.string(),
})
export type ExportCursor = z.infer<typeof cursorSchema>

const runningSchema = z.object({
  ...madeFrom,
  /** Totals of the results and of every part stand beside it. Absent: begun by code that kept none. */
  checked: z.optional(z.literal(true)),
  /** Other versions are to be deleted, because they hold somebody who was erased. */
  purges: z.boolean(),
  /** What the index is asked for, in order. */
  sources: z.array(z.string()),
  cursor: cursorSchema,
  parts: z.number(),
  files: z.array(fileSchema),
})
export type RunningExport = z.infer<typeof runningSchema>

const finishedSchema = z.object({ ...madeFrom, finishedAtMs: z.number(), rows: rowsSchema, bytes: z.number() })
export type FinishedExport = z.infer<typeof finishedSchema>

/** A version that was not what the results say. It has no files any more. */
const refusedSchema = z.object({
  version: z.number(),
  digest: z.string(),
  atMs: z.number(),
  /** How many totals disagreed, and the names of the first. */
  totals: z.number(),
  names: z.array(z.string()),
})

/** One day of an org. */
export const exportDaySchema = z.object({
  day: z.string(),
  /** Never used again, so that a write knows whether the entry is still the one it read. */
  revision: z.string(),
  current: z.optional(finishedSchema),
  running: z.optional(runningSchema),
  /** Until a later version is complete. */
  refused: z.optional(refusedSchema),
})
export type ExportDay = z.infer<typeof exportDaySchema>

/** Stands for a day that somebody was erased from; another with every erasure. */
export const erasedDaySchema = z.object({ mark: z.string() })

export const exportMessageSchema = z.object({ org: orgSlugSchema })
export type ExportMessage = z.infer<typeof exportMessageSchema>

/** Written last: a version without one is not complete. */
export const exportManifestSchema = z.object({
  org: z.string(),
  day: z.string(),
  version: z.number(),
  started: z.string(),
  finished: z.string(),
  rows: rowsSchema,
  files: z.array(z.object({ dataset: datasetSchema, key: z.string(), rows: z.number(), bytes: z.number() })),
})
export type ExportManifest = z.infer<typeof exportManifestSchema>

const daySummary = {
  day: z.string(),
  /** Goes up when the day was exported anew, because what it counts had changed. */
  version: z.number(),
  started: z.string(),
  finished: z.string(),
  rows: rowsSchema,
}

export const exportListAnswerSchema = z.object({
  days: z.array(z.object({ ...daySummary, bytes: z.number() })),
  /** To be given back as `next`; null on the last page. */
  next: z.nullable(z.string()),
})

export const exportAnswerSchema = z.object({
  ...daySummary,
  files: z.array(
    z.object({ dataset: datasetSchema, key: z.string(), rows: z.number(), bytes: z.number(), url: z.string() }),
  ),
  /** Until when the addresses of the files are good. */
  urls_expire: z.string(),
})
