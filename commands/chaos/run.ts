// Chaos from beginning to end on a stack that stands: people are played while things go wrong, then all is mended as an
// operator would, and every promise is looked at.
import { paginateScan } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { orgSlugSchema } from '../../contract/ids.ts'
import { sumAccounts } from '../../lambdas/domain/measuring/sum-accounts.ts'
import { recountResults } from '../../lambdas/flows/recount/recount-results.ts'
import { makeRecountReads } from '../../lambdas/store/recount-reads.ts'
import type { Deployment as Reached } from '../deployment.ts'
import { accountOrg } from '../recovery/account-org.ts'
import { addTo, type Books, booksOf, type Difference } from '../simulate/books.ts'
import { type Deployment, readResults } from '../simulate/deployment.ts'
import { play } from '../simulate/play.ts'
import { settle } from '../simulate/settle.ts'
import { type Harm, harm } from './harm.ts'
import { type Answered, watchCalls } from './watch.ts'

export interface ChaosOptions {
  readonly minutes: number
  readonly seed: number
  /** People of one round, and how many of them at once. */
  readonly people: number
  readonly lanes: number
  readonly adminUrl: string
  readonly functionPrefix: string
}

export interface Seen {
  readonly rounds: number
  readonly calls: number
  readonly faults: readonly string[]
  readonly differences: readonly Difference[]
  readonly drifts: number
  readonly outcomes: number
  /** Reporting events that were acknowledged, and those that are stored. */
  readonly acknowledged: number
  readonly stored: number
  readonly byStatus: Readonly<Record<string, number>>
  /** Reporting events by the account of the nightly recount, and those that it finds counted nowhere. */
  readonly accepted: number
  readonly unaccounted: number
  /** Other answers than 200, 401 and 503, and calls without an answer while the stack was up. */
  readonly forbidden: number
  /** Later than Customer.io waits, while the stack was up. */
  readonly late: readonly Answered[]
  readonly harm: ReadonlyMap<string, number>
}

const customerioWaitsMs = 4_000
const dayMs = 86_400_000
const days = 5
/** Few, because all events of a call must be stored within its time, and every one of their writes may meet a fault. */
const eventsPerCall = 20
/** A loader that was killed is tried again when its message comes back, an hour later. */
const withoutFiles = true
/** No copy is better than another, and nobody looks. */
const nobody = [() => 0, () => undefined] as const

/** `mend`: what an operator runs afterwards, before the books are compared. */
export async function runChaos(
  to: Deployment,
  reached: Reached,
  options: ChaosOptions,
  say: (text: string) => void,
  mend: () => Promise<void>,
): Promise<Seen> {
  const startMs = Date.now()
  const dayOf = (atMs: number) => new Date(atMs).toISOString().slice(0, 10)
  const query = { from: dayOf(startMs - (days + 1) * dayMs), to: dayOf(startMs + dayMs), metric: 'converted' }
  const before = booksOf(await readResults(to, query))
  const watch = await watchCalls(to.apiUrl)
  const harming = harm(options.adminUrl, options.functionPrefix, options.seed)
  const books: Books = new Map()
  const faults: string[] = []
  let [rounds, calls] = [0, 0]
  try {
    while (Date.now() - startMs < options.minutes * 60_000) {
      const seed = options.seed + rounds
      const round = {
        ...options,
        seed,
        days,
        lifts: new Map(),
        control: 0.25,
        url: undefined,
        readyFile: '',
        eventsPerCall,
        withoutFiles,
      }
      const run = `chaos-${startMs.toString(36)}-${rounds}`
      const played = await play({ ...to, apiUrl: watch.url }, round, run, ...nobody).catch((error: unknown) => {
        faults.push(error instanceof Error ? error.message : String(error))
      })
      // What was half played is in no books.
      if (played === undefined) break
      for (const [entry, counts] of played.books) addTo(books, entry, Object.fromEntries(counts))
      faults.push(...played.faults)
      calls += played.calls
      rounds++
      say(`${rounds} rounds, ${calls} calls, ${[...harming.done.values()].reduce((sum, each) => sum + each, 0)} harms`)
    }
  } finally {
    await harming.stop()
    watch.close()
  }
  await mend()
  const settled = await settle(
    () => readResults(to, query),
    books,
    before,
    (open) => say(`measuring: ${open} counters are not there yet`),
  )
  const org = orgSlugSchema.parse(to.org)
  const recount = await recountResults(makeRecountReads(reached.dynamodb, reached.tables), org, false)
  // Nothing is just arrived by then.
  const accounts = await accountOrg(reached, org, Date.now() + dayMs, () => undefined)
  const { accepted, unaccounted } = sumAccounts(accounts)
  return {
    rounds,
    calls,
    faults,
    accepted,
    unaccounted,
    differences: settled.differences,
    drifts: recount.drifts.length,
    outcomes: recount.outcomes,
    acknowledged: watch.acknowledged.size,
    stored: await countStored(reached, to.org, watch.acknowledged),
    ...judgeAnswers(watch.answers, harming),
    harm: harming.done,
  }
}

function judgeAnswers(answers: readonly Answered[], { outages }: Harm): Pick<Seen, 'byStatus' | 'forbidden' | 'late'> {
  const byStatus: Record<string, number> = {}
  for (const { status } of answers) byStatus[status] = (byStatus[status] ?? 0) + 1
  const wasDown = ({ startMs, tookMs }: Answered) =>
    outages.some(({ fromMs, toMs }) => startMs <= toMs && startMs + tookMs >= fromMs)
  return {
    byStatus,
    forbidden: answers.filter((each) => ![200, 401, 503].includes(each.status) && !(each.status === 0 && wasDown(each)))
      .length,
    late: answers.filter((each) => each.tookMs > customerioWaitsMs && !wasDown(each)),
  }
}

/** How many of some event ids are stored. */
async function countStored({ dynamodb, tables }: Reached, org: string, ids: ReadonlySet<string>): Promise<number> {
  const scan = {
    TableName: tables.events,
    ConsistentRead: true,
    FilterExpression: 'begins_with(pk, :org) AND kind = :message',
    ProjectionExpression: 'sk',
    ExpressionAttributeValues: marshall({ ':org': `${org}#`, ':message': 'message' }),
  }
  let stored = 0
  for await (const { Items = [] } of paginateScan({ client: dynamodb }, scan)) {
    for (const { sk } of Items) if (ids.has(String(sk?.S).slice('cio#'.length))) stored++
  }
  return stored
}
