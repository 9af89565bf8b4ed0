// What the secret store holds for one org, as JSON under the stage's prefix and the org's slug.
import * as z from 'zod/mini'

/** An empty key would sign anything for anybody, so it is no key. */
const keySchema = z.string().check(z.minLength(1))

export const orgSecretSchema = z.object({
  /** Customer.io's App API key. */
  appApiKey: z.optional(keySchema),
  /** The reporting webhook's signing key, as Customer.io shows it. */
  signingKey: z.optional(keySchema),
  /** The one before it, still accepted. */
  previousSigningKey: z.optional(keySchema),
})
export type OrgSecret = z.infer<typeof orgSecretSchema>
