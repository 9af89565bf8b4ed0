// `npm run recount -- --org <org> [--events] [--repair] [--dry-run]`: folds every outcome of an org again and compares with the
// counters; with `--events` it measures every stored event first, so that what the stream gave up on is counted. Of an org that has
// settings it accounts for every event too, and stores what it found as the nightly recount does: the org is then done until the next
// night. With `--dry-run` it only reads. Exits 0 when all agree (or were mended), 1 when some do not or could not be measured, 2 when
// it was called wrongly or could not run, 3 when those that were compared agree but others were written meanwhile.
import { parseArgs } from 'node:util'
import { type OrgSlug, orgSlugSchema } from '../contract/ids.ts'
import { sumAccounts } from '../lambdas/domain/measuring/sum-accounts.ts'
import { type Drift, type Recount, recountResults } from '../lambdas/flows/recount/recount-results.ts'
import { makeRecountReads } from '../lambdas/store/recount-reads.ts'
import { saveRecounted } from '../lambdas/store/recounted.ts'
import { makeSettingsStore } from '../lambdas/store/settings.ts'
import { makeSubjectScan } from '../lambdas/store/subject-scan.ts'
import { accountOrg } from './recovery/account-org.ts'
import { measureOrg } from './recovery/measuring.ts'
import { makeProgress } from './simulate/progress.ts'
import { deployedTarget, localTarget, type Target } from './target.ts'

const usage = `npm run recount -- --org <org> [--repair] [--events] [--dry-run] [--ready-file .local-data/ready.json | --outputs <file>]
exits with 0: counters agree or were mended; 1: they differ, or events could not be measured; 2: could not run; 3: not all could be compared, run again`

async function recount(): Promise<number> {
  const { values } = parseArgs({
    options: {
      org: { type: 'string' },
      repair: { type: 'boolean', default: false },
      events: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      'ready-file': { type: 'string', default: '.local-data/ready.json' },
      outputs: { type: 'string' },
    },
  })
  const org = orgSlugSchema.safeParse(values.org)
  if (!org.success) throw new Error(`--org must be an org slug, saw ${JSON.stringify(values.org)}`)
  const { dynamodb, tables } = values.outputs ? deployedTarget(values.outputs) : localTarget(values['ready-file'])
  const dryRun = values['dry-run']
  const unmeasured = values.events ? await measureAll(dynamodb, tables, org.data, dryRun) : 0
  const begunAtMs = Date.now()
  const progress = makeProgress()
  const result = await recountResults(
    makeRecountReads(dynamodb, tables),
    org.data,
    values.repair && !dryRun,
    (outcomes) => progress.say(`${org.data}: ${outcomes} outcomes folded`),
  )
  console.log(`${org.data}: ${result.outcomes} outcomes folded, ${result.cells} cells compared`)
  for (const drift of result.drifts) console.log(describe(drift))
  if (result.busy > 0) console.log(`${result.busy} cells changed meanwhile and were left out; run again for those`)
  const open = result.drifts.filter(({ repaired }) => !repaired)
  if (!dryRun) await saveFinding(dynamodb, tables, org.data, { ...result, drifts: open }, begunAtMs)
  if (open.length > 0) {
    console.log(`counters differ in ${open.length} cells; --repair ${dryRun ? 'would mend' : 'mends'} them`)
  }
  if (dryRun) console.log('nothing was changed')
  if (open.length > 0) return 1
  console.log(result.busy === 0 ? 'counters agree with outcomes' : 'the counters compared agree with outcomes')
  if (unmeasured > 0) return 1
  return result.busy === 0 ? 0 : 3
}

/** Measures all events anew; says how many there were and why some could not be. @returns how many could not */
async function measureAll(
  client: Target['dynamodb'],
  tables: Target['tables'],
  org: OrgSlug,
  dryRun: boolean,
): Promise<number> {
  if (dryRun) {
    let found = 0
    for await (const _ of makeSubjectScan(client, tables.events)(org)) found++
    console.log(`${org}: events of ${found} deliveries, names and persons would be measured`)
    return 0
  }
  const progress = makeProgress()
  const onPage = (measured: number) => progress.say(`${org}: ${measured} measured`)
  const { subjects, failed, causes } = await measureOrg(client, tables, org, onPage)
  console.log(`${org}: events of ${subjects} deliveries, names and persons measured`)
  if (failed > 0) console.log(`${failed} could not be measured: ${causes.join(', ')}; run again`)
  return failed
}

/** Accounts for every event and stores that with what was compared; of an org that has no settings there is nothing to keep. */
async function saveFinding(
  client: Target['dynamodb'],
  tables: Target['tables'],
  org: OrgSlug,
  found: Recount,
  begunAtMs: number,
): Promise<void> {
  const { findOrg } = makeSettingsStore(client, tables.settings)
  if ((await findOrg(org)) === undefined) return
  const progress = makeProgress()
  const days = await accountOrg({ dynamodb: client, tables }, org, begunAtMs, (so) =>
    progress.say(`${org}: ${sumAccounts(so).accepted} events accounted for`),
  )
  const recounted = { countedAtMs: begunAtMs, drift: found.drifts.length, busy: found.busy, days }
  await saveRecounted(client, tables.settings, org, recounted)
  const { accepted, unaccounted } = sumAccounts(recounted.days)
  console.log(
    `${accepted} events accepted, ${unaccounted} of them not accounted for; stored as the nightly recount's finding`,
  )
}

function describe({ change, repaired }: Drift): string {
  const { day, group, name, stratum, event = '' } = change.cell
  const counts = Object.entries({ ...change.counts, ...change.money }).map(
    ([counter, value]) => `${counter} ${value > 0 ? '+' : ''}${value}`,
  )
  const cell = [change.scope, day, group, name, stratum, event].filter((part) => part !== '').join(' ')
  return `  ${cell}: outcomes say ${counts.join(', ')}${repaired ? ' (mended)' : ''}`
}

try {
  process.exitCode = await recount()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  console.error(usage)
  process.exitCode = 2
}
