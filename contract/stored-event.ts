// What the `events` table holds, without its keys. Bodies are kept as they came and read again whenever outcomes are
// computed, so a better reading of old events needs no migration.
import * as z from 'zod/mini'
import { armSchema, copyIdSchema, templateIdSchema } from './ids.ts'

/** A reporting webhook: the JSON as received, gzipped when that saves write units. `digest` is of its canonical form and
 * tells a duplicate from a conflict. */
export const messageEventSchema = z.object({
  kind: z.literal('message'),
  body: z.union([z.string(), z.instanceof(Uint8Array)]),
  digest: z.string(),
  receivedAtMs: z.number(),
})
export type MessageEvent = z.infer<typeof messageEventSchema>

/** How the copy of a serve was arrived at: drawn with a probability, asked for by id, or for want of an eligible one. */
export const choiceSchema = z.enum(['drawn', 'forced', 'fallback'])
export type Choice = z.infer<typeof choiceSchema>

/** One answer of `generate`. */
export const serveEventSchema = z.object({
  kind: z.literal('serve'),
  serveId: z.string(),
  templateId: templateIdSchema,
  copyId: copyIdSchema,
  arm: armSchema,
  servedAtMs: z.number(),
  /** The person as the caller named them; absent when the call named nobody. */
  userId: z.optional(z.string()),
  trackingId: z.optional(z.string()),
  choice: choiceSchema,
  /** Version of the allocation that gave the weights; 0 is the uniform one every template starts with. */
  allocationVersion: z.number(),
  /** Chance with which this copy was drawn, 0 to 1. */
  probability: z.number(),
  /** Bytes of the rendered copy as JSON. */
  copyBytes: z.number(),
  oversize: z.boolean(),
})
export type ServeEvent = z.infer<typeof serveEventSchema>
