// `npm run backfill -- --org <org> --campaign <id> --from <day> --to <day> [--next <text>] [--dry-run]`: fills a gap in
// the reporting events of a campaign through the API, run after run until it is complete, and says what it came to. The admin key is taken from JUSTAI_ADMIN_KEY.
// Exits 0 when complete, 1 when Customer.io stopped answering, 2 when it was called wrongly.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import * as z from 'zod/mini'
import { type BackfillAnswer, backfillAnswerSchema } from '../contract/setup-answers.ts'

const usage =
  'npm run backfill -- --org <org> --campaign <id> --from YYYY-MM-DD --to YYYY-MM-DD [--next <text>] [--dry-run] [--ready-file .local-data/ready.json | --api https://…]'
const readySchema = z.object({ apiUrl: z.string(), adminKey: z.string() })

async function backfill(): Promise<number> {
  const { values } = parseArgs({
    options: {
      org: { type: 'string' },
      campaign: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      next: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      api: { type: 'string' },
      'ready-file': { type: 'string', default: '.local-data/ready.json' },
    },
  })
  const { org, campaign, from, to } = values
  if (!org || !campaign || !from || !to) throw new Error('--org, --campaign, --from and --to are needed')
  const target = values.api
    ? deployed(values.api)
    : readySchema.parse(JSON.parse(readFileSync(values['ready-file'], 'utf8')))
  const dryRun = values['dry-run']
  const sum = { messages: 0, stored: 0, duplicate: 0, changed: 0, unreadable: 0 }
  let next = values.next
  for (;;) {
    const answer = await ask(`${target.apiUrl}/api/orgs/${org}/backfill`, target.adminKey, {
      campaign_id: campaign,
      from,
      to,
      ...(next !== undefined && { next }),
      ...(dryRun && { dry_run: true }),
    })
    console.log(answer.seen)
    sum.messages += answer.messages
    for (const kind of kinds) sum[kind] += answer.events[kind]
    if (answer.state !== 'more') console.log(summarise(sum, dryRun))
    if (answer.state === 'complete') return 0
    if (answer.state === 'stopped') {
      const resume = answer.next ?? next
      console.error(`${answer.what_to_do}${resume === undefined ? '' : ` Go on with --next ${resume}`}`)
      return 1
    }
    next = answer.next ?? undefined
  }
}

const kinds = ['stored', 'duplicate', 'changed', 'unreadable'] as const

function summarise(sum: Readonly<Record<'messages' | (typeof kinds)[number], number>>, dryRun: boolean): string {
  const filled = `${sum.stored} ${dryRun ? 'would be filled in' : 'filled in'}`
  const others = `${sum.duplicate} filled in before, ${sum.changed} told otherwise before, ${sum.unreadable} not readable`
  return `together ${sum.messages} messages; events: ${filled}, ${others}${dryRun ? '; nothing was changed' : ''}`
}

function deployed(apiUrl: string): z.infer<typeof readySchema> {
  const adminKey = process.env.JUSTAI_ADMIN_KEY
  if (!adminKey) throw new Error('JUSTAI_ADMIN_KEY must hold a key of the org with the scope admin')
  return { apiUrl, adminKey }
}

async function ask(url: string, adminKey: string, body: object): Promise<BackfillAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'x-api-key': adminKey, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`the API answered ${response.status}: ${text.slice(0, 500)}`)
  return backfillAnswerSchema.parse(JSON.parse(text))
}

try {
  process.exitCode = await backfill()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  console.error(usage)
  process.exitCode = 2
}
