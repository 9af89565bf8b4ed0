// Every grant of the stack is needed by some call, and a grant that is taken out makes the test of its name fail.
import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { secondPassAfterMs } from '../../contract/restatement.ts'
import { type Grant, type RecordedCall, refusedWithout } from '../../local/gate/grants.ts'
import { startLocal } from '../../local/start.ts'
import {
  call,
  cioEvent,
  customerio,
  type DemoStack,
  generate,
  manage,
  readResults,
  report,
  restateSoon,
  resultsWithin,
  sendEvents,
  startDemoStack,
  untilIdle,
} from '../support/local-stack.ts'

/** Grants that no call of these tests can need, each with the reason and where it is shown instead. */
const explained: Readonly<Record<string, string>> = {
  'MeasureOutcomes sqs:SendMessage':
    'used only after 20 failed attempts; the delivery to a failure destination is shown in test/local',
  'RemeasureOutcomes dynamodb:DeleteItem outcomes':
    'used only when what is measured again has moved meanwhile; the same code as in MeasureOutcomes, shown in test/exactness',
  'Manage secretsmanager:CreateSecret':
    'the demo org has its secret; test/system/first-org.test.ts makes that of another',
  'RemeasureOutcomes dynamodb:BatchWriteItem events':
    'used only when it is the first to meet a late event of a person who was erased; the same code as in MeasureOutcomes',
}

/** `justai-dev-GenerateCopy dynamodb:PutItem` without the stack's name and the table's id. */
function nameOf({ function: name, action, resource }: Grant): string {
  const table = /(Events|Outcomes|Results|Settings)Table/.exec(resource)?.[1]
  return [name.replace('justai-dev-', ''), action, ...(table ? [table.toLowerCase()] : [])].join(' ')
}

async function readAdmin<T>(stack: DemoStack, path: string): Promise<T> {
  const response = await fetch(`${stack.adminUrl}${path}`)
  return (await response.json()) as T
}

let stack: DemoStack
let grants: Grant[] = []
let calls: RecordedCall[] = []

beforeAll(async () => {
  stack = await startDemoStack()
  const at = Math.floor(Date.now() / 1000) + 2
  const mail = { identifiers: { id: 'ann' }, delivery_id: 'mail', action_id: 43 }
  await generate(stack, { template_id: 'welcome_email', user_id: 'ann' }, { 'x-cio-delivery-id': 'call' })
  // Refused: but not before it was looked whether this is the retry of a call that was served.
  await generate(stack, { template_id: 'welcome_email', copy_id: 'nothing' }, { 'x-cio-delivery-id': 'refused' })
  await report(stack, cioEvent('email', 'opened', mail, at + 5))
  await resultsWithin(stack, 10_000, ({ unsent }) => unsent.unmatched === 1)
  // The send takes the place of an unmatched open, which therefore is removed.
  await report(stack, cioEvent('email', 'sent', mail, at))
  await resultsWithin(stack, 10_000, ({ unsent }) => unsent.unmatched === 0)
  await report(stack, cioEvent('email', 'clicked', mail, at + 6))
  await resultsWithin(stack, 10_000, ({ arms }) => arms.some(({ counts }) => counts.clicked === 1))
  const aside = await report(stack, { poison: randomBytes(60_000).toString('base64'), id: 'ann' })
  const asideId = String(aside.body.event_id)
  await call(stack, '/api/openapi.json')
  await readResults(stack)
  await manage(stack, 'GET', '/settings')
  await manage(stack, 'PUT', '/settings', { app_api_key: 'an-app-api-key-of-acme' })
  await manage(stack, 'PUT', '/settings', { person_identifier: 'email' })
  await sendEvents(stack, { event_id: 'e', name: 'purchase', user_id: 'ann', timestamp: at + 7, value: 1 })
  await restateSoon(stack, secondPassAfterMs - 2_000)
  await resultsWithin(stack, 20_000, ({ restating }) => restating === null)
  const messages = { delivery_id: 'missed', campaign_id: 23, action_id: 42, identifiers: { id: 'bob' } }
  const missed = { object_type: 'email', metric: 'sent', timestamp: at, data: messages }
  await customerio(stack, 'POST', '/events', { workspace: '131313', event: missed, deliver: false })
  await manage(stack, 'PUT', '/settings', { app_api_key: String(stack.local.ready.appApiKey) })
  await manage(stack, 'POST', '/settings/verify')
  const day = new Date().toISOString().slice(0, 10)
  await manage(stack, 'POST', '/backfill', { campaign_id: '23', from: day, to: day })
  await manage(stack, 'GET', '/health')
  await manage(stack, 'GET', '/keys')
  await manage(stack, 'GET', '/events?template=welcome_email')
  await manage(stack, 'POST', `/quarantine/${asideId}/replay`)
  await manage(stack, 'DELETE', '/people/id:ann')
  await report(stack, cioEvent('email', 'converted', mail, at + 7))
  await untilIdle(stack)
  await manage(stack, 'PUT', '/templates/welcome_email/integration', { sources: [] })
  grants = await readAdmin<Grant[]>(stack, '/grants')
  calls = await readAdmin<RecordedCall[]>(stack, '/calls')
}, 90_000)

afterAll(() => stack?.local.stop())

describe('the grants of the stack', () => {
  it('refused nothing that the story asked for', () => {
    expect(calls.filter(({ allowed }) => !allowed)).toEqual([])
  })

  it('are each needed by a call, or explained', () => {
    const idle = grants.filter((grant) => refusedWithout(grant, calls, grants).length === 0).map(nameOf)
    expect(idle.filter((name) => !(name in explained))).toEqual([])
    expect(Object.keys(explained).filter((name) => !idle.includes(name))).toEqual([])
  })

  it('are as many as the roles need, and no more than these', () => {
    expect(grants.map(nameOf).toSorted()).toMatchInlineSnapshot(`
      [
        "CheckSetup dynamodb:BatchGetItem events",
        "CheckSetup dynamodb:GetItem settings",
        "CheckSetup dynamodb:PutItem events",
        "CheckSetup dynamodb:PutItem settings",
        "CheckSetup dynamodb:Query events",
        "CheckSetup dynamodb:Query results",
        "CheckSetup dynamodb:Query settings",
        "CheckSetup secretsmanager:GetSecretValue",
        "GenerateCopy dynamodb:GetItem events",
        "GenerateCopy dynamodb:GetItem settings",
        "GenerateCopy dynamodb:PutItem events",
        "GenerateCopy dynamodb:Query settings",
        "GenerateCopy dynamodb:UpdateItem settings",
        "Manage dynamodb:BatchGetItem events",
        "Manage dynamodb:BatchGetItem outcomes",
        "Manage dynamodb:BatchWriteItem events",
        "Manage dynamodb:DeleteItem events",
        "Manage dynamodb:DeleteItem outcomes",
        "Manage dynamodb:DeleteItem settings",
        "Manage dynamodb:GetItem settings",
        "Manage dynamodb:PutItem events",
        "Manage dynamodb:PutItem outcomes",
        "Manage dynamodb:PutItem settings",
        "Manage dynamodb:Query events",
        "Manage dynamodb:Query outcomes",
        "Manage dynamodb:Query outcomes",
        "Manage dynamodb:Query settings",
        "Manage dynamodb:UpdateItem settings",
        "Manage secretsmanager:CreateSecret",
        "Manage secretsmanager:GetSecretValue",
        "Manage secretsmanager:PutSecretValue",
        "MeasureOutcomes dynamodb:BatchGetItem outcomes",
        "MeasureOutcomes dynamodb:BatchGetItem settings",
        "MeasureOutcomes dynamodb:BatchWriteItem events",
        "MeasureOutcomes dynamodb:DeleteItem outcomes",
        "MeasureOutcomes dynamodb:DescribeStream events",
        "MeasureOutcomes dynamodb:GetItem settings",
        "MeasureOutcomes dynamodb:GetRecords events",
        "MeasureOutcomes dynamodb:GetShardIterator events",
        "MeasureOutcomes dynamodb:ListStreams events",
        "MeasureOutcomes dynamodb:PutItem outcomes",
        "MeasureOutcomes dynamodb:Query events",
        "MeasureOutcomes dynamodb:Query outcomes",
        "MeasureOutcomes dynamodb:UpdateItem results",
        "MeasureOutcomes sqs:SendMessage",
        "ReadResults dynamodb:GetItem settings",
        "ReadResults dynamodb:Query results",
        "ReadResults dynamodb:Query settings",
        "ReceiveCioWebhook dynamodb:GetItem settings",
        "ReceiveCioWebhook dynamodb:PutItem events",
        "ReceiveCioWebhook dynamodb:Query events",
        "ReceiveCioWebhook secretsmanager:GetSecretValue",
        "ReceiveCustomEvents dynamodb:BatchGetItem events",
        "ReceiveCustomEvents dynamodb:BatchWriteItem events",
        "ReceiveCustomEvents dynamodb:GetItem settings",
        "ReceiveCustomEvents dynamodb:PutItem events",
        "RemeasureOutcomes dynamodb:BatchGetItem outcomes",
        "RemeasureOutcomes dynamodb:BatchGetItem settings",
        "RemeasureOutcomes dynamodb:DeleteItem outcomes",
        "RemeasureOutcomes dynamodb:DeleteItem settings",
        "RemeasureOutcomes dynamodb:GetItem settings",
        "RemeasureOutcomes dynamodb:PutItem outcomes",
        "RemeasureOutcomes dynamodb:PutItem settings",
        "RemeasureOutcomes dynamodb:Query events",
        "RemeasureOutcomes dynamodb:Query outcomes",
        "RemeasureOutcomes dynamodb:Query outcomes",
        "RemeasureOutcomes dynamodb:Query results",
        "RemeasureOutcomes dynamodb:Query settings",
        "RemeasureOutcomes dynamodb:UpdateItem results",
        "RemeasureOutcomes sqs:DeleteMessage",
        "RemeasureOutcomes sqs:GetQueueAttributes",
        "RemeasureOutcomes sqs:ReceiveMessage",
        "RemeasureOutcomes sqs:SendMessage",
      ]
    `)
  })
})

describe('a grant taken out of the stack', () => {
  it('makes generate answer 503 and shows the call that was refused', { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'assembly-'))
    cpSync(inject('assembly'), folder, { recursive: true })
    const path = join(folder, 'justai-dev.template.json')
    const template = readFileSync(path, 'utf8')
    const crippled = takeOut(template, 'GenerateCopyRole', 'dynamodb:PutItem')
    expect(crippled).not.toBe(template)
    writeFileSync(path, crippled)
    const local = await startLocal({ appDir: folder, port: 0, seed: 'commands/seed-demo.ts' })
    const { apiUrl, adminUrl } = local.ready
    const crippledStack = { ...stack, local, apiUrl, adminUrl, apiKey: String(local.ready.apiKey) }
    try {
      const answer = await generate(crippledStack, { template_id: 'welcome_email', user_id: 'ann' })
      expect(answer.status).toBe(503)
      const refused = (await readAdmin<RecordedCall[]>(crippledStack, '/calls')).filter(({ allowed }) => !allowed)
      expect(refused).toMatchObject([{ function: 'justai-dev-GenerateCopy', action: 'dynamodb:PutItem' }])
    } finally {
      await local.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

/** The template without one action in the policies of one role. */
function takeOut(template: string, roleId: string, action: string): string {
  const parsed: { Resources: Record<string, { Properties?: { PolicyDocument?: { Statement: unknown[] } } }> } =
    JSON.parse(template)
  for (const [id, { Properties }] of Object.entries(parsed.Resources)) {
    const document = Properties?.PolicyDocument
    if (!id.startsWith(roleId) || document === undefined) continue
    document.Statement = document.Statement.filter((statement) => !JSON.stringify(statement).includes(action))
  }
  return JSON.stringify(parsed)
}
