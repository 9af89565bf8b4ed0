// Holds an org to its limit, so that a flood from one does not take the functions that others need. Costs a request
// nothing: what it takes is counted in memory, told to the table in slices beside the work, and only an org that was told
// back to have nothing left is refused, without any call, until it may ask again.
import type { OrgSlug } from '../../contract/ids.ts'
import { type Limited, orgLimits, type RateLimit } from '../../contract/rate-limit.ts'
import { OverLimit } from '../domain/api/fault.ts'
import { costMs, sliceOf, waitMs } from '../domain/api/rate-debt.ts'
import { makeCache } from './cache.ts'
import { describeError, type Log } from './log.ts'

export interface FairShareDeps {
  readonly what: Limited
  /** Adds to what the org has taken; `isAhead` is a guess that saves a write. */
  readonly charge: (
    org: OrgSlug,
    what: Limited,
    costMs: number,
    nowMs: number,
    isAhead: boolean,
  ) => Promise<{ readonly paidUntilMs: number; readonly limit?: RateLimit | undefined }>
  readonly now: () => number
  readonly log: Log
}

export interface FairShare {
  /** @throws OverLimit while the org has nothing left */
  readonly admit: (org: OrgSlug) => void
  /** Counts what the org took. Never throws and never waits. */
  readonly take: (org: OrgSlug, tokens: number) => void
}

interface Account {
  limit: RateLimit
  untold: number
  sinceMs: number
  paidUntilMs: number
  blockedUntilMs: number
  telling: boolean
}

/** An instance that gave out less than a slice in this time is no part of a flood, and forgets it: quiet orgs cost no write. */
const forgetMs = 5_000
/** After so long a refused org is looked at again, since an operator may have raised its limit. */
const longestBlockMs = 30_000
const accountLifeMs = 600_000
const maxAccounts = 1_000

/** Keeps an account per org; when the table does not answer, nobody is refused. */
export function makeFairShare({ what, charge, now, log }: FairShareDeps): FairShare {
  const accounts = makeCache<Account>({ maxEntries: maxAccounts, lifeMs: accountLifeMs, now })

  const tell = async (org: OrgSlug, account: Account): Promise<void> => {
    const { untold, limit, paidUntilMs } = account
    const nowMs = now()
    account.untold = 0
    account.telling = true
    try {
      const told = await charge(org, what, costMs(untold, limit), nowMs, paidUntilMs > nowMs)
      account.limit = told.limit ?? orgLimits[what]
      account.paidUntilMs = told.paidUntilMs
      account.blockedUntilMs = nowMs + Math.min(longestBlockMs, waitMs(told.paidUntilMs, nowMs, account.limit))
    } catch (error) {
      log('warn', 'share not told', { org, what, ...describeError(error) })
    }
    account.telling = false
  }

  const take = (org: OrgSlug, tokens: number): void => {
    const nowMs = now()
    const account = accounts.find(org) ?? {
      ...{ limit: orgLimits[what], untold: 0, sinceMs: nowMs },
      ...{ paidUntilMs: 0, blockedUntilMs: 0, telling: false },
    }
    if (account.untold === 0 || nowMs - account.sinceMs > forgetMs)
      Object.assign(account, { untold: 0, sinceMs: nowMs })
    account.untold += tokens
    accounts.keep(org, account)
    if (account.untold >= sliceOf(account.limit) && !account.telling) void tell(org, account)
  }

  return {
    take,
    admit(org) {
      const account = accounts.find(org)
      const leftMs = (account?.blockedUntilMs ?? 0) - now()
      if (account !== undefined && leftMs > 0) throw new OverLimit(account.limit, what, leftMs)
    },
  }
}

/** Reads what an org asks for. A call that cannot be read took time all the same, and counts as so many `tokens`. */
export function readCounted<T>(share: FairShare, org: OrgSlug, tokens: number, read: () => T): T {
  try {
    return read()
  } catch (error) {
    share.take(org, tokens)
    throw error
  }
}
