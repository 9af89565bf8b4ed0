// What one org may ask for in a time, so that none takes what the others need.
import * as z from 'zod/mini'

/** So many a second for good, and so many at once after a quiet time. */
export const rateLimitSchema = z.object({
  perSecond: z.int().check(z.positive()),
  burst: z.int().check(z.positive()),
})
export type RateLimit = z.infer<typeof rateLimitSchema>

/** What an org has taken of one of its limits, and beside it an operator's own limit. */
export const rateDebtSchema = z.object({
  /** Absent: only the limit was ever written. */
  paidUntilMs: z.optional(z.number()),
  limit: z.optional(rateLimitSchema),
})

/** What each org may ask for unless an operator gave it a limit of its own: copies, and events that its servers send. */
export const orgLimits = {
  /** A fifth of what the route lets through for all orgs; a blast of 100,000 passes in under two minutes. */
  generate: { perSecond: 1_000, burst: 10_000 },
  /** Whoever has more at once drops a file. */
  events: { perSecond: 2_000, burst: 50_000 },
} as const satisfies Readonly<Record<string, RateLimit>>
export type Limited = keyof typeof orgLimits
export type OrgLimits = Readonly<Record<Limited, RateLimit>>
