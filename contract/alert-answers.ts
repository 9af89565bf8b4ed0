// Alerts in the words of the wire.
import * as z from 'zod/mini'
import { alertKindSchema } from './alert.ts'

const instant = z.iso.datetime()
const grace = z.int().check(z.gte(0), z.lte(1_440))

/** All settings, in place of those that stand. Null: silence is no news. */
export const alertSettingsRequestSchema = z.strictObject({
  no_data: z.nullable(z.strictObject({ hours: z.int().check(z.gte(1), z.lte(168)), grace_minutes: grace })),
  file_by: z.nullable(z.strictObject({ hour_utc: z.int().check(z.gte(0), z.lte(23)), grace_minutes: grace })),
})

export const destinationRequestSchema = z.strictObject({
  url: z.string().check(z.minLength(1), z.maxLength(2_000)),
  /** Which alerts go there; absent: all. */
  kinds: z.optional(z.array(alertKindSchema).check(z.minLength(1))),
})

export const destinationAnswerSchema = z.object({
  id: z.string(),
  url: z.string(),
  kinds: z.array(alertKindSchema),
  created: instant,
  last_four: z.string(),
  /** Until when the secret before it signs along; null: there is none, or no longer. */
  previous_secret_until: z.nullable(instant),
})

/** The only answers that show the secret. */
export const newDestinationAnswerSchema = z.extend(destinationAnswerSchema, { secret: z.string() })

export const alertsAnswerSchema = z.object({
  settings: alertSettingsRequestSchema,
  destinations: z.array(destinationAnswerSchema),
  /** Sent, and their cause stands. */
  firing: z.array(
    z.object({
      id: z.string(),
      kind: alertKindSchema,
      template_id: z.nullable(z.string()),
      copy_id: z.nullable(z.string()),
      message: z.string(),
      since: instant,
    }),
  ),
})

export const deliveryAnswerSchema = z.object({
  id: z.string(),
  destination_id: z.string(),
  kind: z.string(),
  alert_id: z.nullable(z.string()),
  state: z.enum(['waiting', 'delivered', 'failed']),
  created: instant,
  attempts: z.array(z.object({ at: instant, status: z.nullable(z.number()), problem: z.nullable(z.string()) })),
  /** Null when it is not tried again. */
  next_attempt: z.nullable(instant),
})

export const deliveriesAnswerSchema = z.object({
  deliveries: z.array(deliveryAnswerSchema),
  next: z.nullable(z.string()),
})

/** What is sent: the scheme of Standard Webhooks, whose types are dotted. */
export const alertBodySchema = z.object({
  type: z.string(),
  timestamp: instant,
  data: z.object({
    org: z.string(),
    alert_id: z.nullable(z.string()),
    template_id: z.nullable(z.string()),
    copy_id: z.nullable(z.string()),
    message: z.string(),
  }),
})
export type AlertBody = z.infer<typeof alertBodySchema>
