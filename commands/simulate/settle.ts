// Waits until the service shows what the books say: measuring runs behind receiving.
import { setTimeout } from 'node:timers/promises'
import type { ResultsAnswer } from '../../contract/results.ts'
import { type Books, booksOf, compareBooks, type Difference } from './books.ts'

export interface Settled {
  readonly results: ResultsAnswer
  readonly differences: readonly Difference[]
  readonly waitedMs: number
}

/** Results that stand still for so long, and differ, are taken to be final. */
const stillMs = 30_000

/** Reads until nothing differs, or nothing moves any more. */
export async function settle(
  read: () => Promise<ResultsAnswer>,
  books: Books,
  before: Books,
  onWait: (differences: number) => void,
): Promise<Settled> {
  const startMs = performance.now()
  let movedMs = startMs
  let last = ''
  for (;;) {
    const results = await read()
    const differences = compareBooks(books, before, booksOf(results))
    const nowMs = performance.now()
    const shown = JSON.stringify(differences)
    if (shown !== last) movedMs = nowMs
    last = shown
    if (differences.length === 0 || nowMs - movedMs > stillMs) {
      return { results, differences, waitedMs: nowMs - startMs }
    }
    onWait(differences.length)
    await setTimeout(500)
  }
}
