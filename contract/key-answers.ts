// API keys, in the words of the wire. A whole key is in one answer only: the one that made it.
import * as z from 'zod/mini'
import { scopeSchema } from './api-key.ts'
import { titleSchema } from './settings.ts'

export const keyRequestSchema = z.strictObject({
  /** What the key is for, as the list will show it. */
  name: z.optional(titleSchema),
  scopes: z.array(scopeSchema).check(z.minLength(1), z.maxLength(3)),
  /** Absent or null: never. */
  expires_at: z.optional(z.nullable(z.iso.datetime())),
})

const shownKey = {
  id: z.string(),
  name: z.nullable(z.string()),
  scopes: z.array(scopeSchema),
  last_four: z.string(),
  created_at: z.iso.datetime(),
  expires_at: z.nullable(z.iso.datetime()),
  revoked_at: z.nullable(z.iso.datetime()),
  /** The hour in which it was last used. */
  last_used_at: z.nullable(z.iso.datetime()),
}

export const keyAnswerSchema = z.object(shownKey)
export type KeyAnswer = z.infer<typeof keyAnswerSchema>

export const newKeyAnswerSchema = z.object({ key: z.string(), ...shownKey })
export const keysAnswerSchema = z.object({ keys: z.array(keyAnswerSchema) })
