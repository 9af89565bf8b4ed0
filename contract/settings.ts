// What an org stores about itself: the shapes of the `settings` table, without its keys.
import * as z from 'zod/mini'
import {
  actionIdSchema,
  armSchema,
  copyIdSchema,
  orgSlugSchema,
  personIdentifierSchema,
  sourceRefSchema,
  templateIdSchema,
} from './ids.ts'

export const orgSchema = z.object({
  org: orgSlugSchema,
  name: z.string(),
  /** The identifier that joins a person's events; see the rules on who a person is. */
  personIdentifier: personIdentifierSchema,
  currency: z.string(),
  /** `none` until a signing key was stored; from then on unsigned webhooks are refused, whatever the secret store says. */
  webhookSignature: z.enum(['none', 'required']),
  /** Refuse signatures older than this; absent: any age, because Customer.io retries for seven days. */
  maxSignatureAgeSeconds: z.optional(z.number()),
})
export type Org = z.infer<typeof orgSchema>

export const scopeSchema = z.enum(['generate', 'events', 'admin'])
export type Scope = z.infer<typeof scopeSchema>

export const apiKeySchema = z.object({
  keyId: z.string(),
  /** SHA-256 of the whole key, lower-case hex. The key itself is never stored. */
  hash: z.string(),
  lastFour: z.string(),
  scopes: z.array(scopeSchema),
  createdAtMs: z.number(),
  expiresAtMs: z.optional(z.number()),
  revokedAtMs: z.optional(z.number()),
})
export type ApiKey = z.infer<typeof apiKeySchema>

export const splitModeSchema = z.enum(['random', 'persistent', 'external'])

export const templateSchema = z.object({
  templateId: templateIdSchema,
  name: z.string(),
  status: z.enum(['draft', 'active', 'shipped', 'archived']),
  splitMode: splitModeSchema,
  /** Share of people that `random` and `persistent` give the control copy, 0 to 1. `external` ignores it. */
  controlShare: z.number().check(z.gte(0), z.lte(1)),
  keyMetric: z.string(),
  /** Over this many bytes of JSON a copy is marked oversize; it still goes out. */
  copyLimitBytes: z.number(),
  /** Served when no copy is eligible, and left out of every comparison. */
  fallbackCopyId: z.optional(copyIdSchema),
})
export type Template = z.infer<typeof templateSchema>

export const variantSchema = z.object({
  copyId: copyIdSchema,
  arm: armSchema,
  status: z.enum(['active', 'archived']),
  /** Text by variable name, Liquid allowed: `{ subject: "Hi {{ first_name }}" }`. */
  vars: z.record(z.string(), z.string()),
  /** Every attribute named must have one of its values, all lower-cased. Empty: fits everyone. */
  attrs: z.record(z.string(), z.array(z.string())),
})
export type Variant = z.infer<typeof variantSchema>

/** What connects one source at Customer.io to one template. Keyed by source, so a source has at most one template. */
export const integrationSchema = z.object({
  source: sourceRefSchema,
  templateId: templateIdSchema,
  webhookActionIds: z.array(actionIdSchema),
  controlActionIds: z.array(actionIdSchema),
  treatmentActionIds: z.array(actionIdSchema),
  serveWindowDays: z.number(),
})
export type Integration = z.infer<typeof integrationSchema>
