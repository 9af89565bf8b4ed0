// An API key as it is stored: everything but the key.
import * as z from 'zod/mini'

export const scopeSchema = z.enum(['generate', 'events', 'admin'])
export type Scope = z.infer<typeof scopeSchema>

export const apiKeySchema = z.object({
  keyId: z.string(),
  /** What it is for, in the words of who made it. */
  name: z.optional(z.string()),
  /** SHA-256 of the whole key, lower-case hex. The key itself is never stored. */
  hash: z.string(),
  lastFour: z.string(),
  scopes: z.array(scopeSchema),
  createdAtMs: z.number(),
  expiresAtMs: z.optional(z.number()),
  revokedAtMs: z.optional(z.number()),
  /** The beginning of the hour in which it was last used; written at most once an hour. */
  lastUsedHourMs: z.optional(z.number()),
})
export type ApiKey = z.infer<typeof apiKeySchema>

/** How many keys an org has ever made, so that two that are made at once do not both pass its limit. */
export const madeKeysSchema = z.object({ made: z.number() })
