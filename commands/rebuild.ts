// `npm run rebuild -- --org <org>`: computes outcomes and results once more from the org's events, into tables made for it,
// compares them with the live ones, and drops them unless `--keep`. The live tables are only read. Exits 0 when both are
// equal, 1 when they differ or events could not be measured, 2 when it was called wrongly or could not run.
import { parseArgs } from 'node:util'
import { deploymentFlags, deploymentUsage, openDeployment, readOrg, runCommand } from './deployment.ts'
import { dropTables, rebuild } from './recovery/rebuild.ts'
import { makeProgress } from './simulate/progress.ts'

const usage = `npm run rebuild -- --org <org> [--keep] ${deploymentUsage}`

await runCommand(usage, async () => {
  const options = { ...deploymentFlags, org: { type: 'string' }, keep: { type: 'boolean', default: false } } as const
  const { values } = parseArgs({ options })
  const org = readOrg(values.org)
  const { dynamodb, tables } = openDeployment(values)
  const stamp = new Date().toISOString().replaceAll(/[-:.]/g, '')
  const fresh = { outcomes: `${tables.outcomes}-rebuilt-${stamp}`, results: `${tables.results}-rebuilt-${stamp}` }
  if (values['dry-run']) {
    console.log(`${org}: would fill ${fresh.outcomes} and ${fresh.results} from ${tables.events}; nothing was changed`)
    return 0
  }
  const progress = makeProgress()
  const startMs = performance.now()
  try {
    const seen = await rebuild(dynamodb, tables, fresh, org, (subjects) =>
      progress.say(`${subjects} subjects measured`),
    )
    const seconds = (performance.now() - startMs) / 1_000
    const { subjects, failed, causes } = seen.measured
    console.log(
      `${org}: ${subjects} subjects measured in ${seconds.toFixed(0)} s, ${(subjects / seconds).toFixed(0)} a second`,
    )
    console.log(`${org}: ${seen.outcomes} outcomes and ${seen.cells} cells rebuilt`)
    if (failed > 0) console.log(`${failed} subjects could not be measured: ${causes.join(', ')}`)
    for (const { scope, cell, counts } of seen.differingCells) {
      console.log(`  ${scope} ${cell.day} ${cell.group} ${cell.name}: rebuilt minus live ${JSON.stringify(counts)}`)
    }
    const differ = seen.differingOutcomes + seen.differingCells.length
    console.log(
      differ === 0
        ? 'equal to the live ones'
        : `${seen.differingOutcomes} outcomes, ${seen.differingCells.length} cells differ`,
    )
    return differ + failed === 0 ? 0 : 1
  } finally {
    if (values.keep) console.log(`kept: ${fresh.outcomes}, ${fresh.results}`)
    else await dropTables(dynamodb, Object.values(fresh))
  }
})
