// How much an org may ask for: a bucket of tokens, kept as the instant up to which everything taken is paid for. An org
// that is quiet saves up its burst; one that takes more than its rate runs ahead of the clock until nothing is left of it.
import type { RateLimit } from '../../../contract/rate-limit.ts'

/** What `tokens` cost, in milliseconds of the limit's rate; whole, so that sums stay exact. */
export function costMs(tokens: number, { perSecond }: RateLimit): number {
  return Math.ceil((tokens * 1_000) / perSecond)
}

/** Milliseconds until an org may ask again that has taken as much as is paid for at `paidUntilMs`; 0: it may now. */
export function waitMs(paidUntilMs: number, nowMs: number, limit: RateLimit): number {
  return Math.max(0, paidUntilMs - nowMs - costMs(limit.burst, limit))
}

/**
 * Tokens that one instance gives out before it tells the table: a hundredth of a second's, so that what all instances give
 * out untold is small beside the burst, and a write is shared by as many calls.
 */
export function sliceOf({ perSecond }: RateLimit): number {
  return Math.max(1, Math.ceil(perSecond / 100))
}
