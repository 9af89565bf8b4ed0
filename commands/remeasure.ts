// `npm run remeasure -- --org <org> [--source campaign:23] [--dry-run]`: asks for the results of a source, or of everything that an org
// has mapped, to be counted anew. The deployed function does it, in the background. Exits 0 when asked, 2 when called wrongly.
import { parseArgs } from 'node:util'
import { orgSlugSchema, type SourceRef, sourceRefSchema } from '../contract/ids.ts'
import type { Restated } from '../contract/restatement.ts'
import { makeRestatementQueue } from '../lambdas/clients/restatement-queue.ts'
import { restatementId } from '../lambdas/domain/measuring/restate.ts'
import { makeRestatementStore } from '../lambdas/store/restatements.ts'
import { makeSettingsStore, type SettingsStore } from '../lambdas/store/settings.ts'
import { deployedQueue, deployedTarget, localQueue, localTarget } from './target.ts'

const usage =
  'npm run remeasure -- --org <org> [--source campaign:23] [--dry-run] [--ready-file .local-data/ready.json | --outputs <file>]'

async function remeasure(): Promise<void> {
  const { values } = parseArgs({
    options: {
      org: { type: 'string' },
      source: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      'ready-file': { type: 'string', default: '.local-data/ready.json' },
      outputs: { type: 'string' },
    },
  })
  const org = orgSlugSchema.safeParse(values.org)
  if (!org.success) throw new Error(`--org must be an org slug, saw ${JSON.stringify(values.org)}`)
  const source = sourceRefSchema.safeParse(values.source)
  if (values.source !== undefined && !source.success) {
    throw new Error(`--source must be like campaign:23, saw ${JSON.stringify(values.source)}`)
  }
  const target = values.outputs ? deployedTarget(values.outputs) : localTarget(values['ready-file'])
  const queue = values.outputs ? deployedQueue(values.outputs) : localQueue(values['ready-file'])
  const settings = makeSettingsStore(target.dynamodb, target.tables.settings)
  const what = await restated(settings, org.data, source.data)
  if (values['dry-run']) {
    const all = what.kind === 'source' ? `the sends of ${what.source}` : 'the sends of everything that is mapped'
    console.log(`${org.data}: ${all} would be counted anew; nothing was changed`)
    return
  }
  await makeRestatementStore(target.dynamodb, target.tables.settings).request(org.data, what, Date.now())
  const send = makeRestatementQueue(queue.sqs, queue.url)
  await send({ org: org.data, id: restatementId(what) })
  console.log(`${org.data}: asked; results say "restating" until it is done, two minutes from now at the earliest`)
}

async function restated(
  settings: Pick<SettingsStore, 'findIntegration'>,
  org: ReturnType<typeof orgSlugSchema.parse>,
  source: SourceRef | undefined,
): Promise<Restated> {
  if (source === undefined) return { kind: 'metrics' }
  const integration = await settings.findIntegration(org, source)
  if (integration === undefined) throw new Error(`${source} belongs to no template of ${org}`)
  return { kind: 'source', source, templateId: integration.templateId }
}

try {
  await remeasure()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  console.error(usage)
  process.exitCode = 2
}
