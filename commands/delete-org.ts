// `npm run delete-org -- --org <org> --yes <org>`: deletes everything of an org: settings and keys first, so that nothing new
// comes; then outcomes, results and events, twice; its secret (kept a week by AWS), those of its alerts and its files. Says what is left to do by
// hand. May be broken off and run again. Exits 0 when nothing is left, 1 when something came meanwhile, 2 when called wrongly.
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import {
  DeleteSecretCommand,
  InvalidRequestException,
  ResourceNotFoundException,
} from '@aws-sdk/client-secrets-manager'
import { keyCacheMs } from '../contract/limits.ts'
import { makeAlertSecrets } from '../lambdas/clients/alert-secrets.ts'
import { makeFileStore } from '../lambdas/clients/file-store.ts'
import { makeAlertStore } from '../lambdas/store/alerts.ts'
import { deleteOrgItems } from '../lambdas/store/delete-org.ts'
import { deploymentFlags, deploymentUsage, openDeployment, readOrg, runCommand } from './deployment.ts'
import { makeProgress } from './simulate/progress.ts'

const usage = `npm run delete-org -- --org <org> (--yes <the same> [--hurry] | --dry-run) ${deploymentUsage}`
/** The least that Secrets Manager allows; its own default is thirty. */
const keptDays = 7
const prefixes = ['incoming', 'work', 'reports', 'exports']

await runCommand(usage, async () => {
  const options = {
    ...deploymentFlags,
    org: { type: 'string' },
    yes: { type: 'string' },
    hurry: { type: 'boolean', default: false },
  } as const
  const { values } = parseArgs({ options })
  const org = readOrg(values.org)
  const dryRun = values['dry-run']
  if (!dryRun && values.yes !== org) throw new Error('--yes must repeat the org: what is deleted does not come back')
  const { dynamodb, s3, secrets, tables, outputs } = openDeployment(values)
  const progress = makeProgress()
  const sweep = async (name: keyof typeof tables) => {
    const items = await deleteOrgItems(dynamodb, tables[name], org, dryRun, (many) => progress.say(`${name}: ${many}`))
    console.log(`${name}: ${items} items ${dryRun ? 'would be deleted' : 'deleted'}`)
    return items
  }
  const { destinations } = await makeAlertStore(dynamodb, tables.settings).readAlerts(org)
  const alertSecrets = makeAlertSecrets(secrets, outputs.AlertSecretPrefix)
  if (!dryRun) for (const { id } of destinations) await alertSecrets.remove(org, id)
  await sweep('settings')
  if (!dryRun && !values.hurry) {
    console.log(`waiting ${keyCacheMs / 1_000} s, until every function has forgotten the keys`)
    await setTimeout(keyCacheMs)
  }
  // Outcomes before events: events that go then find nobody to be taken from.
  const data = ['outcomes', 'results', 'events'] as const
  for (const name of data) await sweep(name)
  const files = makeFileStore(s3, outputs.DataBucketName)
  for (const prefix of prefixes) {
    let count = 0
    for await (const { key } of files.list(`${prefix}/${org}/`)) {
      if (!dryRun) await files.remove(key)
      count++
    }
    if (count > 0) console.log(`${prefix}/${org}/: ${count} files ${dryRun ? 'would be deleted' : 'deleted'}`)
  }
  if (dryRun) {
    console.log(`its secret would be deleted, and those of ${destinations.length} places that alerts go to`)
    console.log('nothing was changed')
    return 0
  }
  await secrets
    .send(new DeleteSecretCommand({ SecretId: `${outputs.OrgSecretPrefix}${org}`, RecoveryWindowInDays: keptDays }))
    .catch((error: unknown) => {
      // Gone, or, when this is run again, on its way.
      if (error instanceof ResourceNotFoundException || error instanceof InvalidRequestException) return
      throw error
    })
  let late = 0
  for (const name of [...data, 'settings' as const]) late += await sweep(name)
  console.log('files: their old versions last until the bucket’s lifecycle removes them')
  console.log(`by hand: the groups org:${org}:… of the user pool, and the reporting webhook at Customer.io`)
  return late === 0 ? 0 : 1
})
