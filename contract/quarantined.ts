// A body that was set aside, as it is stored.
import * as z from 'zod/mini'

/** A body that could not be accepted, with its raw bytes and every reason. */
export const quarantinedSchema = z.object({
  kind: z.literal('quarantine'),
  reasons: z.array(z.object({ code: z.string(), message: z.string() })),
  receivedAtMs: z.number(),
  bodyBytes: z.number(),
  /** The raw bytes, gzipped, when they fit beside the rest; otherwise they lie in this many further parts. */
  raw: z.optional(z.instanceof(Uint8Array)),
  parts: z.number(),
})
export type Quarantined = z.infer<typeof quarantinedSchema>

export const quarantinedPartSchema = z.object({ kind: z.literal('quarantine_part'), raw: z.instanceof(Uint8Array) })

/** Says by its key alone when a body was set aside. */
export const quarantinedTimeSchema = z.object({ kind: z.literal('quarantine_time') })
