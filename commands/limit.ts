// `npm run limit -- --org <org> --of generate --per-second 5000 --burst 50000`: gives an org a limit of its own, or with
// `--usual` the usual one. Heard by every function within half a minute. Exits 0 when set, 2 when called wrongly.
import { parseArgs } from 'node:util'
import { orgSlugSchema } from '../contract/ids.ts'
import { type Limited, orgLimits, rateLimitSchema } from '../contract/rate-limit.ts'
import { showLimit } from '../lambdas/domain/settings/show-settings.ts'
import { makeChangeStore } from '../lambdas/store/changes.ts'
import { makeSetRateLimit } from '../lambdas/store/rate-limits.ts'
import { makeSettingsStore } from '../lambdas/store/settings.ts'
import { deployedTarget, localTarget } from './target.ts'

const usage =
  'npm run limit -- --org <org> --of generate|events (--per-second <n> --burst <n> | --usual) [--ready-file .local-data/ready.json | --outputs <file>]'

async function setLimit(): Promise<void> {
  const { values } = parseArgs({
    options: {
      org: { type: 'string' },
      of: { type: 'string' },
      'per-second': { type: 'string' },
      burst: { type: 'string' },
      usual: { type: 'boolean', default: false },
      'ready-file': { type: 'string', default: '.local-data/ready.json' },
      outputs: { type: 'string' },
    },
  })
  const org = orgSlugSchema.safeParse(values.org)
  if (!org.success) throw new Error(`--org must be an org slug, saw ${JSON.stringify(values.org)}`)
  const what = readLimited(values.of)
  const asked = rateLimitSchema.safeParse({ perSecond: Number(values['per-second']), burst: Number(values.burst) })
  if (!values.usual && !asked.success) throw new Error('--per-second and --burst must be whole numbers above 0')
  const limit = values.usual ? undefined : asked.data
  const { dynamodb, tables } = values.outputs ? deployedTarget(values.outputs) : localTarget(values['ready-file'])
  const known = await makeSettingsStore(dynamodb, tables.settings).findOrg(org.data)
  if (known === undefined) throw new Error(`there is no org ${org.data}`)
  const before = await makeSetRateLimit(dynamodb, tables.settings)(org.data, what, limit)
  const { perSecond, burst } = limit ?? orgLimits[what]
  await makeChangeStore(dynamodb, tables.settings).addAudit(org.data, {
    ...{ atMs: Date.now(), who: 'command:limit', action: 'limit', what: `limit:${what}` },
    before: showLimit(before ?? orgLimits[what]),
    after: showLimit({ perSecond, burst }),
  })
  console.log(`${org.data}: ${what} ${perSecond} a second, ${burst} at once; heard within half a minute`)
}

function readLimited(name: string | undefined): Limited {
  if (name === 'generate' || name === 'events') return name
  throw new Error(`--of must be generate or events, saw ${JSON.stringify(name)}`)
}

try {
  await setLimit()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  console.error(usage)
  process.exitCode = 2
}
