// What Customer.io's reporting webhook sends, as leniently as its own published examples need, and what we answer.
import * as z from 'zod/mini'

/** Metrics that are counted once per send. */
export const sendMetrics = [
  'sent',
  'delivered',
  'opened',
  'clicked',
  'converted',
  'unsubscribed',
  'spammed',
  'bounced',
  'dropped',
  'failed',
  'undeliverable',
  'replied',
] as const

/** Metrics of a message that count nothing by themselves but belong to a delivery. */
export const progressMetrics = ['drafted', 'attempted', 'deferred'] as const

/** Metrics that may come for a person, without a delivery. */
export const personMetrics = ['subscribed', 'unsubscribed', 'cio_subscription_preferences_changed'] as const

/** Channels that Customer.io documents. Others are kept and counted by name. */
export const channels = [
  'customer',
  'email',
  'sms',
  'push',
  'in_app',
  'slack',
  'webhook',
  'whatsapp',
  'live_notification',
  'inbox',
] as const

export const webhookAnswerSchema = z.object({
  status: z.enum(['accepted', 'duplicate', 'conflict', 'quarantined']),
  event_id: z.string(),
})
export type WebhookAnswer = z.infer<typeof webhookAnswerSchema>

/**
 * Why a body was set aside. `body.unreadable`: our own reader failed on it. `event.unstorable`: the table refuses it for
 * good. `event.conflict`: another body with the same event id was stored first.
 */
export const quarantineCodeSchema = z.enum([
  'body.too_large',
  'body.not_utf8',
  'body.not_json',
  'body.not_object',
  'body.too_deep',
  'body.hostile_key',
  'body.unreadable',
  'event.invalid',
  'event.missing',
  'event.too_large',
  'event.unstorable',
  'event.conflict',
])
export type QuarantineCode = z.infer<typeof quarantineCodeSchema>

/** One reason; the message says where, what was seen (its kind and size, never the value) and what is allowed. */
export const quarantineReasonSchema = z.object({ code: quarantineCodeSchema, message: z.string() })
export type QuarantineReason = z.infer<typeof quarantineReasonSchema>
