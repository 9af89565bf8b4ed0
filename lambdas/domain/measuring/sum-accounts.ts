// Accounts by day of receipt, from the fate of one event after the other.
import type { Account, Fate, Recounted } from '../../../contract/recounted.ts'

const none: Account = { accepted: 0, counted: 0, unmatched: 0, setAside: 0, twice: 0, pending: 0, unaccounted: 0 }
/** Days that are told one by one, today included. */
export const accountDays = 31
const dayMs = 86_400_000

export class Accounts {
  readonly #days = new Map<string, Account>()
  readonly #firstDay: string

  /** @param days what was added before, as `list` gave it */
  constructor(nowMs: number, days: Recounted['days'] = []) {
    this.#firstDay = dayOf(nowMs - (accountDays - 1) * dayMs)
    for (const { day, ...account } of days) this.#days.set(day, account)
  }

  add(receivedAtMs: number, fate: Fate): void {
    const received = dayOf(receivedAtMs)
    const day = received < this.#firstDay ? 'earlier' : received
    const account = this.#days.get(day) ?? none
    this.#days.set(day, { ...account, accepted: account.accepted + 1, [fate]: account[fate] + 1 })
  }

  list(): Recounted['days'] {
    const days = [...this.#days].map(([day, account]) => ({ day, ...account }))
    return days.toSorted((a, b) => sortOf(a.day) - sortOf(b.day))
  }
}

/** The sum of some days. */
export function sumAccounts(days: readonly Account[]): Account {
  const sum = { ...none }
  for (const day of days) {
    for (const fate of fatesAnd) sum[fate] += day[fate]
  }
  return sum
}

const fatesAnd = ['accepted', 'counted', 'unmatched', 'setAside', 'twice', 'pending', 'unaccounted'] as const

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10)
}

function sortOf(day: string): number {
  return day === 'earlier' ? 0 : Date.parse(day)
}
