// What became of every reporting event of an org, by the code of the nightly recount, in one go.
import type { OrgSlug } from '../../contract/ids.ts'
import type { Recounted } from '../../contract/recounted.ts'
import { accountUntil } from '../../lambdas/flows/recount/account-step.ts'
import { makeKeptPages, makeReadMessages } from '../../lambdas/store/kept-scan.ts'
import { makeOutcomeStore } from '../../lambdas/store/outcomes.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'
import type { Target } from '../target.ts'

const tellMs = 2_000

/** @param begunAtMs events that came less than a quarter of an hour before count as just arrived */
export async function accountOrg(
  { dynamodb, tables }: Pick<Target, 'dynamodb' | 'tables'>,
  org: OrgSlug,
  begunAtMs: number,
  tell: (days: Recounted['days']) => void,
): Promise<Recounted['days']> {
  const reads = {
    findOrg: makeSettingsStore(dynamodb, tables.settings).findOrg,
    keptPages: makeKeptPages(dynamodb, tables.events),
    readMessages: makeReadMessages(dynamodb, tables.events),
    ...makeOutcomeStore(dynamodb, tables),
    now: Date.now,
  }
  let account: Parameters<typeof accountUntil>[2] = { startedAtMs: begunAtMs, days: [] }
  do {
    account = { startedAtMs: begunAtMs, ...(await accountUntil(reads, org, account, Date.now() + tellMs)) }
    tell(account.days)
  } while (account.after !== undefined)
  return account.days
}
