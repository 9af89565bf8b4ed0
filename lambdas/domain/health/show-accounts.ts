// What became of every event, by day of receipt, in the words of the wire.
import type { Account, Recounted } from '../../../contract/recounted.ts'
import type { AccountAnswer, AccountsAnswer } from '../../../contract/setup-answers.ts'

/** As the last recount found it. */
export function showAccounts({ countedAtMs, drift, days }: Recounted): AccountsAnswer {
  const earlier = days.find(({ day }) => day === 'earlier')
  return {
    counted_at: new Date(countedAtMs).toISOString(),
    drift,
    days: days.filter((each) => each !== earlier).map(({ day, ...account }) => ({ day, ...showAccount(account) })),
    earlier: earlier === undefined ? null : showAccount(earlier),
  }
}

function showAccount({ accepted, counted, unmatched, setAside, twice, pending, unaccounted }: Account): AccountAnswer {
  return { accepted, counted, unmatched, set_aside: setAside, told_twice: twice, pending, unaccounted }
}
