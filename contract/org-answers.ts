// Making an org, and the log of its changes, in the words of the wire.
import * as z from 'zod/mini'
import { orgSlugSchema } from './ids.ts'
import { newKeyAnswerSchema } from './key-answers.ts'
import { settingsAnswerSchema, titleSchema } from './settings.ts'

export const orgRequestSchema = z.strictObject({ org: orgSlugSchema, name: titleSchema })

/** The new org, and a key with scope `admin` for whoever sets it up. */
export const orgAnswerSchema = z.object({ settings: settingsAnswerSchema, admin_key: newKeyAnswerSchema })

const stateSchema = z.nullable(z.record(z.string(), z.unknown()))

export const auditAnswerSchema = z.object({
  entries: z.array(
    z.object({
      at: z.iso.datetime(),
      /** `user:<subject>` or `key:<key id>`. */
      who: z.string(),
      action: z.string(),
      what: z.string(),
      before: stateSchema,
      after: stateSchema,
    }),
  ),
  next: z.nullable(z.string()),
})
