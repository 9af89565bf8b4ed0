// `npm run replay -- --org <org> [--reason event.invalid]`: reads the bodies again that were set aside, all or those with a
// reason. What is accepted now leaves the quarantine. Exits 0 when none is left, 1 when some stay, 2 when called wrongly.
import { parseArgs } from 'node:util'
import { pageSize } from '../contract/limits.ts'
import { type WebhookAnswer, webhookAnswerSchema } from '../contract/reporting-event.ts'
import { replayBody } from '../lambdas/flows/manage/quarantine.ts'
import { makeManageStores } from '../lambdas/store/manage-stores.ts'
import { deploymentFlags, deploymentUsage, openDeployment, readOrg, runCommand } from './deployment.ts'
import { makeProgress } from './simulate/progress.ts'

const usage = `npm run replay -- --org <org> [--reason <code>] ${deploymentUsage}`

await runCommand(usage, async () => {
  const options = { ...deploymentFlags, org: { type: 'string' }, reason: { type: 'string' } } as const
  const { values } = parseArgs({ options })
  const org = readOrg(values.org)
  const { dynamodb, tables } = openDeployment(values)
  const stores = makeManageStores(dynamodb, tables, Date.now)
  const replay = replayBody({ ...stores, now: Date.now })
  const { signal } = new AbortController()
  const progress = makeProgress()
  const seen = new Map<string, number>()
  const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1)
  const replayed = new Set<WebhookAnswer['status']>()
  let next: string | undefined
  do {
    const page = await stores.quarantine.list(org, pageSize, next)
    for (const { digest, reasons } of page.bodies) {
      if (values.reason !== undefined && !reasons.some(({ code }) => code === values.reason)) continue
      if (values['dry-run']) {
        for (const code of new Set(reasons.map((reason) => reason.code))) count(`would be read again: ${code}`)
        continue
      }
      const call = {
        org,
        who: 'command:replay',
        action: 'replay',
        path: { id: digest },
        query: {},
        body: undefined,
        signal,
      }
      const { status } = webhookAnswerSchema.parse((await replay(call)).body)
      replayed.add(status)
      count(status)
      progress.say([...seen].map(([what, times]) => `${times} ${what}`).join(', '))
    }
    next = page.next
  } while (next !== undefined)
  if (seen.size === 0) console.log(`${org}: nothing was set aside${values.reason ? ` for ${values.reason}` : ''}`)
  for (const [what, times] of seen) console.log(`${org}: ${times} ${what}`)
  return replayed.has('quarantined') || replayed.has('conflict') ? 1 : 0
})
