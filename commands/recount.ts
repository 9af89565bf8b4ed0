// `npm run recount -- --org <org> [--repair]`: folds every outcome of an org again and compares with the counters.
// Exits 0 when all agree (or were mended), 1 when some do not, 2 when it was called wrongly or could not run, 3 when those that
// were compared agree but others were written meanwhile.
import { parseArgs } from 'node:util'
import { orgSlugSchema } from '../contract/ids.ts'
import { type Drift, recountResults } from '../lambdas/flows/recount-results.ts'
import { makeRecountReads } from '../lambdas/store/recount-reads.ts'
import { deployedTarget, localTarget } from './target.ts'

const usage = `npm run recount -- --org <org> [--repair] [--ready-file .local-data/ready.json | --outputs <file>]
exits with 0: counters agree or were mended; 1: they differ; 2: could not run; 3: not all could be compared, run again`

async function recount(): Promise<number> {
  const { values } = parseArgs({
    options: {
      org: { type: 'string' },
      repair: { type: 'boolean', default: false },
      'ready-file': { type: 'string', default: '.local-data/ready.json' },
      outputs: { type: 'string' },
    },
  })
  const org = orgSlugSchema.safeParse(values.org)
  if (!org.success) throw new Error(`--org must be an org slug, saw ${JSON.stringify(values.org)}`)
  const { dynamodb, tables } = values.outputs ? deployedTarget(values.outputs) : localTarget(values['ready-file'])
  const result = await recountResults(makeRecountReads(dynamodb, tables), org.data, values.repair)
  console.log(`${org.data}: ${result.outcomes} outcomes folded, ${result.cells} cells compared`)
  for (const drift of result.drifts) console.log(describe(drift))
  if (result.busy > 0) console.log(`${result.busy} cells changed meanwhile and were left out; run again for those`)
  const open = result.drifts.filter(({ repaired }) => !repaired).length
  if (open > 0) {
    console.log(`counters differ in ${open} cells; --repair mends them`)
    return 1
  }
  console.log(result.busy === 0 ? 'counters agree with outcomes' : 'the counters compared agree with outcomes')
  return result.busy === 0 ? 0 : 3
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
