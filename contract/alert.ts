// Alerts to an org's own systems: what there is to be told of, where it goes, and how each delivery went. As stored.
import * as z from 'zod/mini'

/** `test` is sent when somebody asks for it, and never by itself. */
export const alertKinds = [
  'no_data',
  'sample_ratio',
  'ready_to_ship',
  'guardrail',
  'file_late',
  'webhook_drift',
] as const
export const alertKindSchema = z.enum(alertKinds)
export type AlertKind = z.infer<typeof alertKindSchema>

/** What an alert is about. The same cause has the same id, for as long as it lasts. */
export const alertSchema = z.object({
  id: z.string(),
  kind: alertKindSchema,
  templateId: z.optional(z.string()),
  copyId: z.optional(z.string()),
  message: z.string(),
})
export type Alert = z.infer<typeof alertSchema>

/** An alert that was sent and whose cause stands. */
export const firingSchema = z.extend(alertSchema, { firedAtMs: z.number() })
export type Firing = z.infer<typeof firingSchema>

/** When silence is news: each is absent until the org sets it. */
export const alertSettingsSchema = z.object({
  /** No send and no serve for so many hours, and the grace. */
  noData: z.optional(z.object({ hours: z.number(), graceMinutes: z.number() })),
  /** No file dropped on a day (UTC) by this hour, and the grace. */
  fileBy: z.optional(z.object({ hour: z.number(), graceMinutes: z.number() })),
})
export type AlertSettings = z.infer<typeof alertSettingsSchema>

export const destinationSchema = z.object({
  id: z.string(),
  url: z.string(),
  kinds: z.array(alertKindSchema),
  createdAtMs: z.number(),
  /** Of the secret, to recognise it by. */
  lastFour: z.string(),
  /** When the secret was last replaced; the one before it signs along for a while. */
  rotatedAtMs: z.optional(z.number()),
})
export type Destination = z.infer<typeof destinationSchema>

/** One try. Of what the other side said, nothing but the status is kept. */
export const attemptSchema = z.object({
  atMs: z.number(),
  /** Its HTTP status; absent when there was no answer. */
  status: z.optional(z.number()),
  /** Why it counts as failed; absent for a success. */
  problem: z.optional(z.string()),
})
export type Attempt = z.infer<typeof attemptSchema>

export const deliverySchema = z.object({
  /** Also the `webhook-id`, so that whoever receives it twice can tell. */
  id: z.string(),
  destinationId: z.string(),
  kind: z.union([alertKindSchema, z.literal('test')]),
  alertId: z.optional(z.string()),
  createdAtMs: z.number(),
  /** The very bytes that are signed and sent, at every try. */
  body: z.string(),
  state: z.enum(['waiting', 'delivered', 'failed']),
  attempts: z.array(attemptSchema),
  /** When it is tried next. */
  nextAtMs: z.number(),
})
export type Delivery = z.infer<typeof deliverySchema>

export const deliveryMessageSchema = z.object({ org: z.string(), id: z.string() })
export type DeliveryMessage = z.infer<typeof deliveryMessageSchema>
