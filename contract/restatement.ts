// A change of settings that changes results already counted, and how far counting them anew has come.
import * as z from 'zod/mini'
import { sourceRefSchema, templateIdSchema } from './ids.ts'

/** What has to be measured again: the sends of one source, or of all sources that some template claims. */
export const restatedSchema = z.union([
  z.object({ kind: z.literal('source'), source: sourceRefSchema, templateId: templateIdSchema }),
  z.object({ kind: z.literal('metrics') }),
])
export type Restated = z.infer<typeof restatedSchema>

/** The next deliveries to look at: of one source and day, in one shard of the index, after one of its sort keys. */
export const restatementCursorSchema = z.object({
  source: z.string(),
  day: z.string(),
  shard: z.number(),
  after: z.string(),
})
export type RestatementCursor = z.infer<typeof restatementCursorSchema>

export const restatementSchema = z.object({
  what: restatedSchema,
  requestedAtMs: z.number(),
  /**
   * A second pass finds what functions wrote that had read the settings before the change. A third is of what was set aside,
   * and goes on until nothing is.
   */
  pass: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  /** Absent: the pass begins. */
  cursor: z.optional(restatementCursorSchema),
  /** Measured so far, both passes together. */
  deliveries: z.number(),
  /** Deliveries that could not be measured in this pass; the others are. Absent: none. */
  aside: z.optional(z.array(z.string())),
  /** Another with every write, so that of two who work on it one stops. */
  revision: z.string(),
})
export type Restatement = z.infer<typeof restatementSchema>

/** More than this many is no fault of single deliveries: the restatement then stands still, and is tried again. */
export const maxSetAside = 100

/** A message of the queue: which restatement to take up. */
export const restatementMessageSchema = z.object({ org: z.string(), id: z.string() })
export type RestatementMessage = z.infer<typeof restatementMessageSchema>

/** Settings are read at the start of a batch, which takes at most a minute; the index lags by seconds. */
export const secondPassAfterMs = 120_000
