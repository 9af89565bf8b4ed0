// The simulator's own books: what every arm and copy must come to, and how that compares with what the service shows.
import type { ResultsAnswer } from '../../contract/results.ts'

/** Counters by entry: `treatment copy_id`, `control`, `action`, `unsent`. */
export type Books = Map<string, Map<string, number>>

export function entryName(arm: string, copyId: string | null): string {
  return copyId === null ? arm : `${arm} ${copyId}`
}

export function addTo(books: Books, entry: string, counts: Readonly<Record<string, number>>): void {
  const own = books.get(entry) ?? new Map<string, number>()
  for (const [name, count] of Object.entries(counts)) own.set(name, (own.get(name) ?? 0) + count)
  books.set(entry, own)
}

/** What the service shows, in the words of the books. Only what is compared. */
export function booksOf({ arms, unsent, action }: ResultsAnswer): Books {
  const books: Books = new Map()
  for (const { arm, copy_id, choice, counts, events } of arms) {
    if (choice !== 'drawn') continue
    const { sends = 0, events: many = 0, value = {} } = events.purchase ?? {}
    const cents = Math.round(Number(value.USD ?? 0) * 100)
    const bought = { 'purchase sends': sends, 'purchase events': many, 'purchase cents': cents }
    addTo(books, entryName(arm, copy_id), { ...counts, ...bought })
  }
  addTo(books, 'unsent', { dropped: unsent.dropped ?? 0, unmatched: unsent.unmatched ?? 0 })
  addTo(books, 'action', { calls: action.calls ?? 0 })
  return books
}

export interface Difference {
  readonly entry: string
  readonly counter: string
  readonly planned: number
  readonly shown: number
}

/** Where what was shown since `before` is not what the books say. */
export function compareBooks(books: Books, before: Books, after: Books): Difference[] {
  const entries = new Set([...books.keys(), ...after.keys()])
  return [...entries].toSorted().flatMap((entry) => {
    const counters = new Set([...(books.get(entry)?.keys() ?? []), ...(after.get(entry)?.keys() ?? [])])
    return [...counters].toSorted().flatMap((counter) => {
      const of = (all: Books) => all.get(entry)?.get(counter) ?? 0
      const [planned, shown] = [of(books), of(after) - of(before)]
      return planned === shown || uncounted.has(counter) ? [] : [{ entry, counter, planned, shown }]
    })
  })
}

/** How the service got there, which the books do not foresee. */
const uncounted: ReadonlySet<string> = new Set(['stand_in', 'oversize'])
