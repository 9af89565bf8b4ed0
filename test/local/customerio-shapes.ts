// The shapes that Customer.io publishes for its App API, written down from its documentation: every member that it
// describes is there, of its kind. The stand-in's answers are held to them.
import * as z from 'zod'

const seconds = z.int().min(0)
const ids = z.array(z.int())

export const errorsSchema = z.strictObject({
  errors: z.array(z.strictObject({ detail: z.string(), status: z.string() })).min(1),
})

export const workspacesSchema = z.strictObject({
  workspaces: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      messages_sent: z.int(),
      billable_messages_sent: z.int(),
      people: z.int(),
      object_types: z.int(),
      objects: z.int(),
    }),
  ),
})

const campaignSchema = z.strictObject({
  id: z.int(),
  deduplicate_id: z.string(),
  name: z.string(),
  description: z.string(),
  created: seconds,
  updated: seconds,
  active: z.boolean(),
  state: z.enum(['running', 'draft', 'stopped']),
  actions: z.array(z.strictObject({ type: z.string(), id: z.int() })),
  first_started: seconds,
  tags: z.array(z.string()),
  trigger_segment_ids: ids,
  filter_segment_ids: ids,
})
export const campaignsSchema = z.strictObject({ campaigns: z.array(campaignSchema) })
export const oneCampaignSchema = z.strictObject({ campaign: campaignSchema })

const actionSchema = z.looseObject({
  id: z.int(),
  campaign_id: z.int(),
  parent_action_id: z.nullable(z.int()),
  deduplicate_id: z.string(),
  name: z.string(),
  layout: z.string(),
  created: seconds,
  updated: seconds,
  body: z.string(),
  type: z.string(),
  sending_state: z.enum(['automatic', 'draft', 'off']),
})
const webhookActionSchema = actionSchema.extend({
  type: z.literal('webhook'),
  url: z.string(),
  headers: z
    .string()
    .refine((text) => z.array(z.strictObject({ name: z.string(), value: z.string() })).parse(JSON.parse(text))),
  method: z.enum(['get', 'post', 'put', 'delete', 'patch']),
})
const anyActionSchema = z.union([
  webhookActionSchema,
  actionSchema.refine(({ type }) => type !== 'webhook', { error: 'a webhook action has more members' }),
])
export const actionsSchema = z.strictObject({ actions: z.array(anyActionSchema).max(10), next: z.string() })
export const oneActionSchema = z.strictObject({ action: anyActionSchema })

export const reportingWebhookSchema = z.strictObject({
  name: z.string(),
  id: z.int(),
  type: z.enum(['webhook', 'js']),
  endpoint: z.string(),
  disabled: z.boolean(),
  full_resolution: z.boolean(),
  with_content: z.boolean(),
  events: z.array(z.string()),
})
export const reportingWebhooksSchema = z.strictObject({ reporting_webhooks: z.array(reportingWebhookSchema) })

export const messagesSchema = z.strictObject({
  messages: z
    .array(
      z.looseObject({
        id: z.string(),
        deduplicate_id: z.string(),
        action_id: z.int(),
        parent_action_id: z.nullable(z.int()),
        customer_id: z.nullable(z.string()),
        customer_identifiers: z.looseObject({ id: z.optional(z.nullable(z.string())) }),
        recipient: z.nullable(z.string()),
        subject: z.nullable(z.string()),
        metrics: z.record(z.string(), seconds),
        created: seconds,
        failure_message: z.nullable(z.string()),
        campaign_id: z.int(),
        type: z.string(),
        forgotten: z.boolean(),
      }),
    )
    .max(1_000),
  next: z.string(),
})
