// `npm run recount -- --org <org> [--events] [--repair]`: folds every outcome of an org again and compares with the counters;
// with `--events` it measures every stored event first, so that what the stream gave up on is counted. Of an org that has settings
// it accounts for every event too, and stores what it found as the nightly recount does: the org is then done until the next night.
// Exits 0 when all agree (or were mended), 1 when some do not or could not be measured, 2 when it was called wrongly or could not run, 3 when those that
// were compared agree but others were written meanwhile.

import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type OrgSlug, orgSlugSchema } from '../contract/ids.ts'
import { sumAccounts } from '../lambdas/domain/measuring/sum-accounts.ts'
import { measureEvents } from '../lambdas/flows/measure-events.ts'
import { measureSubjects } from '../lambdas/flows/measure-subjects.ts'
import { recountOrg } from '../lambdas/flows/recount-orgs.ts'
import { type Drift, type Recount, recountResults } from '../lambdas/flows/recount-results.ts'
import { makeKeptScan } from '../lambdas/store/kept-scan.ts'
import { makeMeasureReads } from '../lambdas/store/measure-reads.ts'
import { makeOutcomeStore } from '../lambdas/store/outcomes.ts'
import { makeRecountReads } from '../lambdas/store/recount-reads.ts'
import { saveRecounted } from '../lambdas/store/recounted.ts'
import { makeSettingsStore } from '../lambdas/store/settings.ts'
import { makeSubjectScan } from '../lambdas/store/subject-scan.ts'
import { deployedTarget, localTarget, type Target } from './target.ts'

const usage = `npm run recount -- --org <org> [--repair] [--events] [--ready-file .local-data/ready.json | --outputs <file>]
exits with 0: counters agree or were mended; 1: they differ, or events could not be measured; 2: could not run; 3: not all could be compared, run again`

async function recount(): Promise<number> {
  const { values } = parseArgs({
    options: {
      org: { type: 'string' },
      repair: { type: 'boolean', default: false },
      events: { type: 'boolean', default: false },
      'ready-file': { type: 'string', default: '.local-data/ready.json' },
      outputs: { type: 'string' },
    },
  })
  const org = orgSlugSchema.safeParse(values.org)
  if (!org.success) throw new Error(`--org must be an org slug, saw ${JSON.stringify(values.org)}`)
  const { dynamodb, tables } = values.outputs ? deployedTarget(values.outputs) : localTarget(values['ready-file'])
  const unmeasured = values.events ? await measureAll(dynamodb, tables, org.data) : 0
  const begunAtMs = Date.now()
  const result = await recountResults(makeRecountReads(dynamodb, tables), org.data, values.repair)
  console.log(`${org.data}: ${result.outcomes} outcomes folded, ${result.cells} cells compared`)
  for (const drift of result.drifts) console.log(describe(drift))
  if (result.busy > 0) console.log(`${result.busy} cells changed meanwhile and were left out; run again for those`)
  const open = result.drifts.filter(({ repaired }) => !repaired)
  await saveFinding(dynamodb, tables, org.data, { ...result, drifts: open }, begunAtMs)
  if (open.length > 0) {
    console.log(`counters differ in ${open.length} cells; --repair mends them`)
    return 1
  }
  console.log(result.busy === 0 ? 'counters agree with outcomes' : 'the counters compared agree with outcomes')
  if (unmeasured > 0) return 1
  return result.busy === 0 ? 0 : 3
}

/** Measures all events anew; says how many there were and why some could not be. @returns how many could not */
async function measureAll(client: Target['dynamodb'], tables: Target['tables'], org: OrgSlug): Promise<number> {
  const measuring = {
    ...makeMeasureReads(client, tables),
    outcomes: makeOutcomeStore(client, tables),
    random: Math.random,
    pause: async (ms: number) => setTimeout(ms),
  }
  const { subjects, failed, causes } = await measureEvents({
    scanSubjects: makeSubjectScan(client, tables.events),
    measure: (of, page) => measureSubjects(measuring, of, page),
    org,
  })
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
  const scanKept = makeKeptScan(client, tables.events)
  const { readAt } = makeOutcomeStore(client, tables)
  const deps = { findOrg, recountResults: async () => found, scanKept, readAt, now: () => begunAtMs }
  const recounted = await recountOrg(deps, org)
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
