// What is said of the accounts: all is accounted for, or how much is not.
import { expect, it } from 'vitest'
import { accountParts, accountSentence, sumOfAccounts } from '../../console/pages/activity/accounts/account-words.ts'
import type { AccountAnswer, AccountsAnswer } from '../../contract/setup-answers.ts'

const account = (over: Partial<AccountAnswer> = {}): AccountAnswer => {
  return { accepted: 10, counted: 7, unmatched: 2, set_aside: 1, told_twice: 0, pending: 0, unaccounted: 0, ...over }
}
const accounts = (over: Partial<AccountsAnswer> = {}): AccountsAnswer => ({
  counted_at: '2026-11-25T03:00:00Z',
  drift: 0,
  days: [{ day: '2026-11-24', ...account() }],
  earlier: account({ accepted: 1_000, counted: 997 }),
  ...over,
})

it('sums every part over all days, and the parts make up what was accepted', () => {
  const { accepted, ...parts } = sumOfAccounts(accounts())
  expect(accepted).toBe(1_010)
  expect(accountParts.reduce((sum, [part]) => sum + parts[part], 0)).toBe(accepted)
})

it('says in one sentence whether each event is accounted for', () => {
  expect(accountSentence(accounts())).toBe('1,010 events were accepted, and each is accounted for.')
  expect(accountSentence(accounts({ earlier: account({ unaccounted: 3 }) }))).toContain('3 of them should be counted')
  expect(accountSentence(accounts({ drift: 2 }))).toContain('2 sums of the results differ')
  expect(accountSentence(accounts({ days: [], earlier: null }))).toBe('No event was accepted yet.')
})
