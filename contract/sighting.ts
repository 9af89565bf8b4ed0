// What was seen of an org's calls that nothing else stores, as it is stored.
import * as z from 'zod/mini'

export const sightingSchema = z.object({
  kind: z.literal('sighting'),
  what: z.string(),
  atMs: z.number(),
  count: z.number(),
})
