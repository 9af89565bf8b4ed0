// An org's settings, in the words of the wire. Secrets go in and never come out: answers show that one is set, its last
// four characters and since when.
import * as z from 'zod/mini'
import { fileColumnsSchema } from './file-columns.ts'
import { currencySchema, orgSlugSchema, personIdentifierSchema } from './ids.ts'
import { metricRulesWireSchema, metricsWireSchema } from './metric-answers.ts'

const instant = z.iso.datetime()
/** One line of text that a person reads. */
export const titleSchema = z.string().check(z.minLength(1), z.maxLength(200), z.regex(/^\P{Cc}*$/u))
/** Keys of Customer.io are printable ASCII. */
const secretText = z.string().check(z.regex(/^[\x21-\x7e]{8,512}$/))

const regionSchema = z.enum(['us', 'eu'])

const workspaceSchema = z.object({ id: z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/)), name: titleSchema })

/** Members that are absent stay as they are; null takes one away where that is allowed. */
export const settingsChangeSchema = z.strictObject({
  name: z.optional(titleSchema),
  esp: z.optional(z.literal('customerio')),
  region: z.optional(regionSchema),
  workspace: z.optional(z.nullable(workspaceSchema)),
  person_identifier: z.optional(personIdentifierSchema),
  currency: z.optional(currencySchema),
  /** Null: the rules of the service. What they change is counted anew in the background. */
  metric_defaults: z.optional(z.nullable(metricRulesWireSchema)),
  /** All definitions, in place of those that stand. */
  metrics: z.optional(metricsWireSchema),
  /** All of them, in place of those that stand. Files that are dropped from now on are read by them. */
  file_columns: z.optional(fileColumnsSchema),
  max_signature_age_seconds: z.optional(z.nullable(z.int().check(z.gte(60), z.lte(31_536_000)))),
  app_api_key: z.optional(z.nullable(secretText)),
  /** Another key than the current one makes the current one the previous, which goes on being accepted. */
  signing_key: z.optional(secretText),
  /** Null ends the acceptance of the previous key. */
  previous_signing_key: z.optional(z.null()),
})
export type SettingsChange = z.infer<typeof settingsChangeSchema>

const shownSecretSchema = z.nullable(z.object({ last_four: z.string(), since: instant }))

const shownLimitSchema = z.object({ per_second: z.int(), burst: z.int() })

export const settingsAnswerSchema = z.object({
  org: orgSlugSchema,
  name: z.string(),
  esp: z.literal('customerio'),
  region: regionSchema,
  workspace: z.nullable(workspaceSchema),
  person_identifier: personIdentifierSchema,
  currency: z.string(),
  metric_defaults: z.nullable(metricRulesWireSchema),
  metrics: metricsWireSchema,
  file_columns: z.array(z.object({ member: z.string(), column: z.string() })),
  /** Null: a signature may be of any age, because Customer.io retries for seven days. */
  max_signature_age_seconds: z.nullable(z.number()),
  app_api_key: shownSecretSchema,
  signing_key: shownSecretSchema,
  previous_signing_key: shownSecretSchema,
  /** Where Customer.io's reporting webhook must point. */
  webhook_url: z.string(),
  /** In force for the org: so many a second for good, and so many at once after a quiet time. Operators set them. */
  limits: z.object({ generate: shownLimitSchema, events: shownLimitSchema }),
})
export type SettingsAnswer = z.infer<typeof settingsAnswerSchema>
