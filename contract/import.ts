// A file of custom events on its way into the events: what was dropped, the ranges it is loaded in, and what became of it.
import * as z from 'zod/mini'
import { orgSlugSchema } from './ids.ts'

export const fileFormatSchema = z.enum(['jsonl', 'csv', 'parquet'])
export type FileFormat = z.infer<typeof fileFormatSchema>

/** Why a file could not be loaded, or not to its end. */
export const fileProblems = {
  'file.name': 'The name ends in none of .jsonl, .ndjson, .csv (each also with .gz) and .parquet.',
  'file.place': 'The key is not incoming/<org>/[<source>/]events/dt=YYYY-MM-DD/<name>.',
  'file.source': 'The source api is of events that are streamed. Name the source of files otherwise, or leave it out.',
  'file.org': 'There is no such organisation.',
  'file.empty': 'The file has no bytes.',
  'file.no_rows': 'The file has no row of data.',
  'file.header': 'The first row of the CSV file cannot be read.',
  'file.no_columns': 'No column of the file is known.',
  'file.twice_column': 'Two columns of the file mean the same.',
  'file.too_large': 'The file is larger than a file may be.',
  'file.gzip': 'The file is not gzip, or its compressed data are damaged.',
  'file.gzip_truncated': 'The compressed data end too early. Rows before that were loaded.',
  'file.gzip_bomb': 'The file unpacks to more than a file may hold.',
  'file.parquet': 'The file cannot be read as Parquet.',
  'file.parquet_large': 'The Parquet file has larger row groups, more of them or more columns than can be loaded.',
  'file.stuck': 'Some ranges could not be loaded. Retry the import.',
  'file.halted': 'The file could not be planned, however often it was tried. Retry the import.',
  'file.removed': 'The file was removed before it was loaded. What was loaded of it until then stays.',
  'file.parts': 'What was unpacked of the file is no longer kept. Retry the import: it is unpacked again.',
  'file.uncounted':
    'The rows are loaded, but could not be counted. Retry the import: it is loaded again, which changes nothing.',
} as const
export type FileProblemCode = keyof typeof fileProblems

export const fileProblemSchema = z.object({ code: z.string(), message: z.string() })
export type FileProblem = z.infer<typeof fileProblemSchema>

export const importStatusSchema = z.enum([
  'planning',
  'loading',
  'complete',
  'complete_with_errors',
  'failed',
  'superseded',
])
export type ImportStatus = z.infer<typeof importStatusSchema>

/** What the report counts. `rows` is the sum of the others. */
export const fileCountsSchema = z.object({
  rows: z.number(),
  /** Rows whose event was not there before. */
  accepted: z.number(),
  /** Rows that say again, under the same id or with the same content, what another row of the file says. */
  duplicate: z.number(),
  /** Rows whose event was there under the same id with other content, which they replaced. */
  changed: z.number(),
  /** Rows whose event was there just so, or with content of a later file, which stays. */
  unchanged: z.number(),
  rejected: z.number(),
})
export type FileCounts = z.infer<typeof fileCountsSchema>

/** One version of one object. */
export const fileImportSchema = z.object({
  importId: z.string(),
  org: orgSlugSchema,
  key: z.string(),
  /** Within which event ids are unique. */
  source: z.string(),
  etag: z.string(),
  sizeBytes: z.number(),
  /** When the object was written; also the time of events that name none. */
  modifiedAtMs: z.number(),
  status: importStatusSchema,
  startedAtMs: z.number(),
  /** Since when it was last sent on: to be planned, loaded or counted. How far it got since stands apart from it. */
  sentAtMs: z.optional(z.number()),
  /** How often it was sent on again without getting any further. */
  attempts: z.optional(z.number()),
  /** When somebody asked for it to be taken up again. */
  takenUpAtMs: z.optional(z.number()),
  finishedAtMs: z.optional(z.number()),
  ranges: z.optional(z.number()),
  /** The header of a CSV file, as byte text. */
  header: z.optional(z.string()),
  columns: z.optional(z.array(z.string())),
  problems: z.array(fileProblemSchema),
  /** Names of columns that no event has; they are kept out of the events, but tell rows apart. */
  unknownColumns: z.optional(z.array(z.string())),
  counts: z.optional(fileCountsSchema),
})
export type FileImport = z.infer<typeof fileImportSchema>

/** A piece of an import: bytes of the object, bytes of an unpacked part of it, or rows of a Parquet file. */
export const fileRangeSchema = z.object({
  number: z.number(),
  /** The part of a gzip file that was unpacked; absent: the object itself. */
  part: z.optional(z.string()),
  /** Bytes, or rows of Parquet, the last one left out. */
  start: z.number(),
  end: z.number(),
  /** Line of the first row, or its number in Parquet, from 1. */
  line: z.number(),
})
export type FileRange = z.infer<typeof fileRangeSchema>

/** What loading a range came to. Stored once, last. */
export const rangeResultSchema = z.object({
  number: z.number(),
  rows: z.number(),
  rejected: z.number(),
  /** Rejected rows by reason. */
  reasons: z.record(z.string(), z.number()),
})
export type RangeResult = z.infer<typeof rangeResultSchema>

/** Ids that fall to one pass over the looks, by the first look at each. Stored once, when so many ranges were done. */
export const passCountSchema = z.object({
  done: z.number(),
  pass: z.number(),
  none: z.number(),
  other: z.number(),
  same: z.number(),
})
export type PassCount = z.infer<typeof passCountSchema>

/** When an import last got further. */
export const importProgressSchema = z.object({ atMs: z.number() })

/** Says by its key alone which import has not ended. */
export const openImportSchema = z.object({})

/** Up to which key the bucket was looked through; absent: begin anew. */
export const filesCursorSchema = z.object({ after: z.optional(z.string()) })

/** The report beside the file. */
export const fileReportSchema = z.object({
  import_id: z.nullable(z.string()),
  file: z.string(),
  status: z.enum(['complete', 'complete_with_errors', 'failed']),
  problems: z.array(fileProblemSchema),
  ...fileCountsSchema.shape,
  /** Not counted: whether an event belongs to a send is in the results, and changes with every send and definition. */
  attributed: z.null(),
  reasons: z.record(z.string(), z.number()),
  unknown_columns: z.array(z.string()),
  rejected_file: z.nullable(z.string()),
  bytes: z.number(),
  ranges: z.number(),
  started: z.string(),
  finished: z.string(),
})
export type FileReport = z.infer<typeof fileReportSchema>

export const importAnswerSchema = z.object({
  id: z.string(),
  file: z.string(),
  status: importStatusSchema,
  bytes: z.number(),
  /** Null until the file is planned. */
  ranges: z.nullable(z.number()),
  ranges_done: z.nullable(z.number()),
  rows_done: z.nullable(z.number()),
  rejected: z.nullable(z.number()),
  problems: z.array(fileProblemSchema),
  counts: z.nullable(fileCountsSchema),
  /** Keys in the bucket, once they are there. A later version of the file has its own in their place. */
  report_file: z.nullable(z.string()),
  rejected_file: z.nullable(z.string()),
  /** Addresses that give these files to a browser without a key, for minutes. Null in lists. */
  report_url: z.nullable(z.string()),
  rejected_url: z.nullable(z.string()),
  started: z.string(),
  /** When it last got further. Null in lists, and before anything was loaded. */
  progressed: z.nullable(z.string()),
  finished: z.nullable(z.string()),
})
export type ImportAnswer = z.infer<typeof importAnswerSchema>

export const importListAnswerSchema = z.object({
  imports: z.array(importAnswerSchema),
  /** To be given back as `next`; null on the last page. */
  next: z.nullable(z.string()),
})
