// Customer.io's App API as far as the service uses it, as leniently as its descriptions need: members that are missing or
// new are no reason to refuse an answer.
import * as z from 'zod/mini'

/** Customer.io writes ids as numbers in some answers and as text in others. */
const id = z.pipe(z.union([z.string(), z.number()]), z.transform(String))
const text = z.optional(z.nullable(z.string()))

export const workspaceSchema = z.object({ id, name: text })
export type Workspace = z.infer<typeof workspaceSchema>

export const campaignSchema = z.object({ id, name: text, state: text, active: z.optional(z.nullable(z.boolean())) })
export type Campaign = z.infer<typeof campaignSchema>

export const campaignActionSchema = z.object({
  id,
  type: text,
  name: text,
  url: text,
  method: text,
  /** JSON text of `[{name, value}]`. */
  headers: text,
  body: z.optional(z.unknown()),
  sending_state: text,
})
export type CampaignAction = z.infer<typeof campaignActionSchema>

/** What a reporting webhook is set to. The signing key is never told. */
export const webhookSettingsSchema = z.object({
  name: z.string(),
  endpoint: z.string(),
  disabled: z.boolean(),
  full_resolution: z.boolean(),
  with_content: z.boolean(),
  events: z.array(z.string()),
})
export type WebhookSettings = z.infer<typeof webhookSettingsSchema>

const flag = z._default(z.boolean(), false)
export const reportingWebhookSchema = z.object({
  id,
  name: z._default(z.string(), ''),
  endpoint: z._default(z.string(), ''),
  disabled: flag,
  full_resolution: flag,
  with_content: flag,
  events: z._default(z.array(z.string()), []),
})
export type ReportingWebhook = z.infer<typeof reportingWebhookSchema>

/** A message of a campaign: a delivery, and when each thing happened to it, in unix seconds. */
export const campaignMessageSchema = z.object({
  id: z.string(),
  type: text,
  campaign_id: z.optional(z.nullable(id)),
  action_id: z.optional(z.nullable(id)),
  parent_action_id: z.optional(z.nullable(id)),
  customer_id: text,
  customer_identifiers: z.optional(z.nullable(z.object({ id: text, email: text, cio_id: text }))),
  metrics: z._default(z.nullable(z.record(z.string(), z.unknown())), {}),
  /** The person was forgotten: nothing of theirs is read. */
  forgotten: z.optional(z.nullable(z.boolean())),
})
export type CampaignMessage = z.infer<typeof campaignMessageSchema>

/** Customer.io's word for why it refuses: in one of two shapes. */
export const refusalSchema = z.union([
  z.object({ errors: z.array(z.object({ detail: z.optional(z.string()) })) }),
  z.object({ meta: z.object({ error: z.string() }) }),
])
