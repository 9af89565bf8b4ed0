// `npm run simulate -- --people 5000 --days 14 --lift a=0.1,b=0.2 --seed 1`: plays Customer.io and a customer against a deployment,
// and says whether every count and every planted rate came out. Exits 0 when all totals agree and no more planted numbers are
// outside their intervals than chance explains, 1 otherwise, 2 when it was called wrongly or could not run.
import { orgSlugSchema } from '../contract/ids.ts'
import { recountResults } from '../lambdas/flows/recount/recount-results.ts'
import { makeRecountReads } from '../lambdas/store/recount-reads.ts'
import { type Deployment, readDeployment } from './simulate/deployment.ts'
import { readOptions, usage } from './simulate/options.ts'
import { simulate } from './simulate/simulate.ts'
import { drawTable, misses, type Row } from './simulate/table.ts'
import { localTarget } from './target.ts'

async function run(): Promise<number> {
  const options = readOptions(process.argv.slice(2))
  const to = readDeployment(options.readyFile, options.url)
  const seen = await simulate(to, options)
  console.log(`\n${drawTable(seen.rows)}\n`)
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(0)} s`
  console.log(
    `${options.people} people, seed ${options.seed}: ${seen.calls} calls and ${seen.files} files in ${seconds(seen.playedMs)}, results ${seconds(seen.settledMs)} later`,
  )
  for (const fault of new Set(seen.faults)) console.log(`WRONG ANSWER: ${fault}`)
  for (const { entry, counter, planned, shown } of seen.differences) {
    console.log(`DIFFERS: ${entry} ${counter}: the books say ${planned}, the results ${shown}`)
  }
  if (seen.differences.length === 0) console.log('every total equals the books')
  const isRate = ({ what }: Row) => !what.startsWith('lift')
  const rates = misses(seen.rows.filter(isRate))
  const lifts = misses(seen.rows.filter((row) => !isRate(row)))
  const said = ({ seen: outside, allowed }: ReturnType<typeof misses>, of: string) =>
    `${outside} ${of} outside their intervals, where chance explains ${allowed}`
  console.log(`${said(rates, 'planted rates')}; ${said(lifts, 'planted lifts')} (more come in one run of a hundred)`)
  const recounted = options.url === undefined ? await recount(to, options.readyFile) : 'not asked'
  const isExact = seen.faults.length + seen.differences.length === 0 && recounted !== 'differs'
  const isSound = isExact && rates.seen <= rates.allowed && lifts.seen <= lifts.allowed
  return isSound ? 0 : 1
}

/** Folds all outcomes again where the tables can be reached; a URL alone gives no access to them. */
async function recount({ org }: Deployment, readyFile: string): Promise<'agrees' | 'differs'> {
  const { dynamodb, tables } = localTarget(readyFile)
  const { drifts, outcomes } = await recountResults(makeRecountReads(dynamodb, tables), orgSlugSchema.parse(org), false)
  console.log(`recount: ${outcomes} outcomes folded again, ${drifts.length} counters differ`)
  return drifts.length === 0 ? 'agrees' : 'differs'
}

try {
  process.exitCode = await run()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  console.error(usage)
  process.exitCode = 2
}
