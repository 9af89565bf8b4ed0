// One light of the set-up: what was looked at, how it stands, what was seen and what to do. Every sentence is for the
// person who sets the service up.
import * as z from 'zod/mini'

/** `waiting`: nothing is known yet, or nothing has happened yet. `broken`: something was seen that has to be mended. */
const checkStateSchema = z.enum(['ok', 'waiting', 'broken'])

/** What was found when it was looked at, once. */
export const findingSchema = z.object({
  id: z.string(),
  title: z.string(),
  state: checkStateSchema,
  seen: z.string(),
  /** Empty when there is nothing to do. */
  what_to_do: z.string(),
})
export type Finding = z.infer<typeof findingSchema>

/** A finding, and since when it stands in that state; null when that is not known. ISO 8601, UTC. */
export const checkSchema = z.object({ ...findingSchema.shape, since: z.nullable(z.string()) })
export type Check = z.infer<typeof checkSchema>
