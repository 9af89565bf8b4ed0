// What became of every event that was accepted, in a sentence, and the names of its parts.
import type { AccountAnswer, AccountsAnswer } from '../../../../contract/setup-answers.ts'
import { formatCount } from '../../../words/format.ts'

type Part = Exclude<keyof AccountAnswer, 'accepted'>

/** In the order of the table. They add up to what was accepted. */
export const accountParts: readonly (readonly [Part, string])[] = [
  ['counted', 'Counted'],
  ['unmatched', 'Unmatched'],
  ['set_aside', 'Set aside'],
  ['told_twice', 'Told twice'],
  ['pending', 'Not yet'],
  ['unaccounted', 'Unaccounted'],
]

export const partNotes: readonly (readonly [string, string])[] = [
  ['Counted', 'part of a message that was sent, or of a call of a webhook action.'],
  ['Unmatched', 'of a message that was never reported as sent.'],
  ['Set aside', 'could not be read, and is kept whole.'],
  ['Told twice', 'read from Customer.io’s record after it had been reported, so it counts once.'],
  ['Not yet', 'came so shortly before the check that it need not be counted yet.'],
  ['Unaccounted', 'should be counted and is not. There should be none.'],
]

/** All days together. */
export function sumOfAccounts({ days, earlier }: Pick<AccountsAnswer, 'days' | 'earlier'>): AccountAnswer {
  const sum = { accepted: 0, counted: 0, unmatched: 0, set_aside: 0, told_twice: 0, pending: 0, unaccounted: 0 }
  for (const day of earlier === null ? days : [...days, earlier]) {
    sum.accepted += day.accepted
    for (const [part] of accountParts) sum[part] += day[part]
  }
  return sum
}

/** One sentence for somebody who reads nothing else. */
export function accountSentence(accounts: AccountsAnswer): string {
  const { accepted, unaccounted } = sumOfAccounts(accounts)
  if (accepted === 0) return 'No event was accepted yet.'
  const told = `${formatCount(accepted)} ${accepted === 1 ? 'event was' : 'events were'} accepted`
  if (unaccounted > 0) return `${told}; ${formatCount(unaccounted)} of them should be counted and are not.`
  return accounts.drift > 0
    ? `${told} and each is accounted for, but ${formatCount(accounts.drift)} sums of the results differ from them.`
    : `${told}, and each is accounted for.`
}
