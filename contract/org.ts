// An org as it stores itself.
import * as z from 'zod/mini'
import { orgSlugSchema, personIdentifierSchema } from './ids.ts'
import { metricRulesSchema, metricsSchema } from './metric.ts'

/** What may be told of a secret: enough to recognise it by. */
const secretFactsSchema = z.object({ lastFour: z.string(), sinceMs: z.number() })
export type SecretFacts = z.infer<typeof secretFactsSchema>

/** The connection to Customer.io, without its secrets. */
const customerioSchema = z.object({
  region: z.enum(['us', 'eu']),
  workspace: z.optional(z.object({ id: z.string(), name: z.string() })),
  appApiKey: z.optional(secretFactsSchema),
  signingKey: z.optional(secretFactsSchema),
  previousSigningKey: z.optional(secretFactsSchema),
})
export type CustomerioConnection = z.infer<typeof customerioSchema>
/** Where an account's data is kept. A key of one region is refused by the other. */
export type Region = CustomerioConnection['region']

export const orgSchema = z.object({
  org: orgSlugSchema,
  name: z.string(),
  /** The identifier that joins a person's events; see the rules on who a person is. */
  personIdentifier: personIdentifierSchema,
  currency: z.string(),
  /** How events are counted whose name has no definition; absent: as the rules say. */
  metricDefaults: z.optional(metricRulesSchema),
  /** How events of these names are counted. */
  metrics: z.optional(metricsSchema),
  /** `none` until a signing key was stored; from then on unsigned webhooks are refused, whatever the secret store says. */
  webhookSignature: z.enum(['none', 'required']),
  /** Refuse signatures older than this; absent: any age, because Customer.io retries for seven days. */
  maxSignatureAgeSeconds: z.optional(z.number()),
  customerio: z.optional(customerioSchema),
  /** Goes up with every change; absent is 0. A change is written only over the revision that it was made from. */
  revision: z.optional(z.number()),
  /** Until then somebody is writing the org's secrets, and nobody else may. */
  secretsHeldUntilMs: z.optional(z.number()),
  /** The org's own names of columns in its files: `{ member: "user_id", column: "customer_no" }`. */
  fileColumns: z.optional(z.array(z.object({ member: z.string(), column: z.string() }))),
})
export type Org = z.infer<typeof orgSchema>
