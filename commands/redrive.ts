// `npm run redrive`: puts the dead letters of every queue back to work, and counts what the events' stream gave up on by
// measuring every stored event again. Safe to repeat. Exits 0 when nothing is left, 1 when something is, 2 when called wrongly.
import { parseArgs } from 'node:util'
import { listOrgs } from '../lambdas/store/org-list.ts'
import { type Deployment, deploymentFlags, deploymentUsage, openDeployment, runCommand } from './deployment.ts'
import { measureOrg } from './recovery/measuring.ts'
import { countMessages, deleteMessages, moveMessages } from './recovery/move-messages.ts'
import { makeProgress } from './simulate/progress.ts'

await runCommand(`npm run redrive -- ${deploymentUsage}`, async () => {
  const { values } = parseArgs({ options: deploymentFlags })
  const to = openDeployment(values)
  const dryRun = values['dry-run']
  let moved = 0
  for (const pair of to.outputs.DeadLetters.split(' ').filter((each) => each !== '')) {
    const [from = '', back = ''] = pair.split('>')
    moved += await redriveQueue(to, from, back, dryRun)
  }
  const unmeasured = await redriveStream(to, dryRun)
  console.log(dryRun ? 'nothing was changed' : `${moved} messages went back to work`)
  return unmeasured === 0 ? 0 : 1
})

async function redriveQueue({ sqs }: Deployment, from: string, back: string, dryRun: boolean): Promise<number> {
  const waiting = await countMessages(sqs, from)
  console.log(
    `${nameOf(from)}: ${waiting} dead letters${waiting > 0 ? `, ${dryRun ? 'would go' : 'going'} back to ${nameOf(back)}` : ''}`,
  )
  if (dryRun || waiting === 0) return 0
  const progress = makeProgress()
  return moveMessages(sqs, from, back, (moved, all) => progress.bar(moved, all, 'messages'))
}

/** Word of the stream names places in it that are gone after a day; the events themselves stay. @returns what could not be measured */
async function redriveStream({ sqs, dynamodb, tables, outputs }: Deployment, dryRun: boolean): Promise<number> {
  const words = await countMessages(sqs, outputs.FailureQueueUrl)
  console.log(`${nameOf(outputs.FailureQueueUrl)}: ${words} times the stream gave up on records`)
  if (words === 0 || dryRun) return 0
  const progress = makeProgress()
  let failed = 0
  for (const org of await listOrgs(dynamodb, tables.settings)) {
    const measured = await measureOrg(dynamodb, tables, org, (seen) => progress.say(`${org}: ${seen} measured`))
    console.log(`${org}: events of ${measured.subjects} deliveries, names and persons measured`)
    if (measured.failed > 0) console.log(`${org}: ${measured.failed} could not be: ${measured.causes.join(', ')}`)
    failed += measured.failed
  }
  // Only what lay there before: what came meanwhile may tell of events that the scan had passed.
  if (failed === 0) await deleteMessages(sqs, outputs.FailureQueueUrl, words)
  return failed
}

function nameOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1)
}
