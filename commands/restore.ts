// `npm run restore -- --from <table> [--org <org>] [--replace]`: copies events that the live table lacks back into it from a table that
// was restored to a point in time; with `--replace` also those that stand there with other content. Measuring then takes them
// up as anything that arrives late. Exits 0 when nothing differs (any more), 1 when something does, 2 when called wrongly.
import { parseArgs } from 'node:util'
import { deploymentFlags, deploymentUsage, openDeployment, readOrg, runCommand } from './deployment.ts'
import { copyLost } from './recovery/copy-lost.ts'
import { makeProgress } from './simulate/progress.ts'

const usage = `npm run restore -- --from <restored events table> [--org <org>] [--replace] ${deploymentUsage}`

await runCommand(usage, async () => {
  const options = {
    ...deploymentFlags,
    from: { type: 'string' },
    org: { type: 'string' },
    replace: { type: 'boolean', default: false },
  } as const
  const { values } = parseArgs({ options })
  const org = values.org === undefined ? undefined : readOrg(values.org)
  const { from, replace } = values
  const { dynamodb, tables } = openDeployment(values)
  if (from === undefined) throw new Error('--from must name the restored table')
  if (from === tables.events) throw new Error(`--from must name another table than the live one, saw ${from}`)
  const dryRun = values['dry-run']
  const progress = makeProgress()
  const { read, missing, different, expired } = await copyLost(
    dynamodb,
    { from, to: tables.events, org, replace, dryRun },
    Date.now(),
    (so) => progress.say(`${so.read} items read, ${so.missing} missing`),
  )
  console.log(`${read} items in ${from}, ${expired} of them past their end`)
  console.log(`${missing} missing in ${tables.events}: ${dryRun ? 'would be put back' : 'put back'}`)
  const replaced = dryRun ? 'would be replaced' : 'replaced'
  console.log(
    `${different} with other content: ${replace ? replaced : 'left as they are; --replace puts them as they were'}`,
  )
  if (dryRun) console.log('nothing was changed')
  return (dryRun && missing > 0) || (different > 0 && (dryRun || !replace)) ? 1 : 0
})
