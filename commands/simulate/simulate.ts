// One simulation from beginning to end: plays, waits for the results, compares them with the books and with what was planted.
import type { ResultsAnswer } from '../../contract/results.ts'
import { booksOf, type Difference } from './books.ts'
import { type Deployment, readResults } from './deployment.ts'
import type { Options } from './options.ts'
import { play } from './play.ts'
import { makeProgress } from './progress.ts'
import { settle } from './settle.ts'
import { liftRows, type Row, rateRows } from './table.ts'

export interface Simulated {
  readonly rows: readonly Row[]
  /** Counters that are not what the books say. */
  readonly differences: readonly Difference[]
  readonly faults: readonly string[]
  readonly calls: number
  readonly files: number
  readonly playedMs: number
  readonly settledMs: number
}

const dayMs = 86_400_000

export async function simulate(to: Deployment, options: Options, progress = makeProgress()): Promise<Simulated> {
  const startMs = Date.now()
  // A day more on both sides: sends are stamped back from now, and the clock may pass midnight.
  const days = { from: dayOf(startMs - (options.days + 1) * dayMs), to: dayOf(startMs + dayMs) }
  const read = (metric: string) => readResults(to, { ...days, metric })
  const before = await read('converted')
  const liftOf = liftsFor(before, options.lifts)
  const run = `${startMs.toString(36)}`
  const { books, calls, files, faults } = await play(to, options, run, liftOf, (done) =>
    progress.bar(done, options.people, 'people'),
  )
  const playedMs = Date.now() - startMs
  const settled = await settle(
    () => read('converted'),
    books,
    booksOf(before),
    (differing) => progress.say(`measuring: ${differing} counters are not there yet`),
  )
  // Earlier sends had other lifts planted, or none.
  const isFresh = before.arms.every(({ counts }) => (counts.sent ?? 0) === 0)
  const lifts = isFresh ? [settled.results, await read('human_clicked')] : []
  const rows = [...rateRows(books, liftOf), ...lifts.flatMap((results) => liftRows(results, liftOf))]
  return { rows, faults, calls, files, playedMs, differences: settled.differences, settledMs: settled.waitedMs }
}

/** By id, or by place: `a` is the first copy by id. @throws for a copy that the template does not have */
function liftsFor({ arms }: ResultsAnswer, lifts: ReadonlyMap<string, number>): (copyId: string) => number {
  const copies = new Set(arms.filter(({ arm }) => arm === 'treatment').flatMap(({ copy_id }) => copy_id ?? []))
  const named = [...copies].toSorted()
  const byId = new Map(
    [...lifts].map(([name, lift]) => {
      const id = copies.has(name) ? name : named[name.length === 1 ? name.charCodeAt(0) - 97 : -1]
      if (id === undefined) throw new Error(`--lift names ${name}, the template has ${named.join(', ')}`)
      return [id, lift]
    }),
  )
  return (copyId) => byId.get(copyId) ?? 0
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10)
}
