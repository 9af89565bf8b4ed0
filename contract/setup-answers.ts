// What the routes about the set-up take and give, in the words of the wire.
import * as z from 'zod/mini'
import { checkSchema } from './check.ts'
import { dayPattern } from './results.ts'

export const checksAnswerSchema = z.object({ checks: z.array(checkSchema), as_of: z.string() })
export type ChecksAnswer = z.infer<typeof checksAnswerSchema>

/** `mend: false` only looks. */
export const webhookRequestSchema = z.strictObject({ mend: z._default(z.boolean(), true) })

/** Campaigns have numbers at Customer.io. */
export const campaignIdPattern = /^[0-9]{1,19}$/

const day = z.string().check(z.regex(dayPattern))
export const backfillRequestSchema = z.strictObject({
  campaign_id: z.string().check(z.regex(campaignIdPattern)),
  /** First and last day of the gap, UTC, both included. */
  from: day,
  to: day,
  /** Where an earlier answer said to go on. */
  next: z.optional(z.nullable(z.string().check(z.minLength(1), z.maxLength(1_000)))),
})
export type BackfillRequest = z.infer<typeof backfillRequestSchema>

const count = z.number()
export const backfillAnswerSchema = z.object({
  /** `more`: ask again with `next`. `stopped`: Customer.io did not answer; ask again later, with `next` if there is one. */
  state: z.enum(['complete', 'more', 'stopped']),
  messages: count,
  events: z.object({ stored: count, duplicate: count, changed: count, unreadable: count }),
  next: z.nullable(z.string()),
  seen: z.string(),
  what_to_do: z.string(),
})
export type BackfillAnswer = z.infer<typeof backfillAnswerSchema>
