// What the routes about the set-up take and give, in the words of the wire.
import * as z from 'zod/mini'
import { checkSchema } from './check.ts'
import { dayPattern } from './results.ts'

export const checksAnswerSchema = z.object({ checks: z.array(checkSchema), as_of: z.string() })
export type ChecksAnswer = z.infer<typeof checksAnswerSchema>

const count = z.number()

/** What became of the reporting events of some days of receipt; the other seven add up to `accepted`. */
export const accountAnswerSchema = z.object({
  accepted: count,
  /** Part of a send, or of a call of a webhook action. */
  counted: count,
  /** Of a delivery that was never reported as sent, or of no delivery. */
  unmatched: count,
  /** In the quarantine, or kept and not readable. */
  set_aside: count,
  /** Told by a backfill of what the webhook told itself. */
  told_twice: count,
  /** Arrived so shortly before the recount that it need not be counted yet. */
  pending: count,
  /** None of these: it should be counted and is not. */
  unaccounted: count,
})
export type AccountAnswer = z.infer<typeof accountAnswerSchema>

export const accountsSchema = z.object({
  /** When the recount that found this began; ISO 8601, UTC. */
  counted_at: z.string(),
  /** Sums of the results that differ from what they are made of. */
  drift: count,
  /** Each of the last days on which events were accepted, UTC, the latest last; at most a month of them. */
  days: z.array(z.object({ day: z.string(), ...accountAnswerSchema.shape })),
  /** All days before that, together; null when nothing was accepted on them. */
  earlier: z.nullable(accountAnswerSchema),
})
export type AccountsAnswer = z.infer<typeof accountsSchema>

/** `accounts` is null until an org was recounted for the first time. */
export const healthAnswerSchema = z.object({ ...checksAnswerSchema.shape, accounts: z.nullable(accountsSchema) })
export type HealthAnswer = z.infer<typeof healthAnswerSchema>

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
  /** Only tells what would be filled in. */
  dry_run: z._default(z.boolean(), false),
})
export type BackfillRequest = z.infer<typeof backfillRequestSchema>

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
