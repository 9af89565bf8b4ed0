// What was found at Customer.io when somebody last asked it, as it is stored: so that health needs no call to Customer.io.
import * as z from 'zod/mini'
import { findingSchema } from './check.ts'
import { templateIdSchema } from './ids.ts'

/** What can be asked about: the org's key and workspace, its reporting webhook, or the campaign of one template. */
export const verificationTopicSchema = z.union([
  z.literal('settings'),
  z.literal('reporting-webhook'),
  z.templateLiteral(['integration:', templateIdSchema]),
])
export type VerificationTopic = z.infer<typeof verificationTopicSchema>

export const verificationSchema = z.object({
  checkedAtMs: z.number(),
  /** Which settings it was about: a digest of them. Of other settings it says nothing. */
  of: z.optional(z.string()),
  findings: z.array(z.object({ ...findingSchema.shape, sinceMs: z.number() })),
  /** With the settings: campaigns that were running then, by id. */
  runningCampaigns: z.optional(z.array(z.string())),
  /** With the reporting webhook: when we made it, if we did. */
  webhookCreatedAtMs: z.optional(z.number()),
  /** With the reporting webhook: which one is ours, so that it is known again when somebody moves it. */
  webhookId: z.optional(z.string()),
})
export type Verification = z.infer<typeof verificationSchema>
