// An org as it stores itself.
import * as z from 'zod/mini'
import { orgSlugSchema, personIdentifierSchema } from './ids.ts'

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
