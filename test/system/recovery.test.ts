// Every recovery command against one deployed stack: what it says before it does anything, that it does it, and that doing it
// again changes nothing. Deletion comes last, of an org beside the one that must stay.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeQuarantine } from '../../lambdas/store/quarantine.ts'
import { orgOf } from '../support/copy-settings.ts'
import { bucketOf, untilLoaded } from '../support/dropped-files.ts'
import { makeEmptyOrg } from '../support/empty-org.ts'
import {
  call,
  cioEvent,
  type DemoStack,
  generate,
  manage,
  readResults,
  report,
  resultsWithin,
  sendEvents,
  startDemoStack,
  untilIdle,
} from '../support/local-stack.ts'

let stack: DemoStack
const acme = orgOf('acme')
const { signal } = new AbortController()

beforeAll(async () => {
  stack = await startDemoStack()
  const at = Math.floor(Date.now() / 1_000) - 60
  for (const person of ['ann', 'bob', 'eve']) {
    await generate(stack, { template_id: 'welcome_email', user_id: person }, { 'x-cio-delivery-id': `call-${person}` })
    const mail = { identifiers: { id: person }, delivery_id: `mail-${person}`, action_id: 43 }
    await report(stack, cioEvent('email', 'sent', mail, at))
    await report(stack, cioEvent('email', 'opened', mail, at + 5))
  }
  await sendEvents(stack, [{ event_id: 'p1', name: 'purchase', user_id: 'ann', timestamp: at + 9, value: 3 }])
  await untilIdle(stack)
  await manage(stack, 'DELETE', '/people/id:eve')
  await untilIdle(stack)
}, 90_000)
afterAll(() => stack?.local.stop())

interface Said {
  readonly code: number
  readonly out: string
}

async function run(command: string, ...flags: string[]): Promise<Said> {
  const args = [`commands/${command}.ts`, '--ready-file', stack.local.readyFile, ...flags]
  return promisify(execFile)(process.execPath, args).then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      out: error.stdout + error.stderr,
    }),
  )
}
const clientOf = () => {
  const { url: endpoint, ...caller } = stack.local.ready.endpoints.dynamodb
  return { endpoint, ...caller }
}

it('rebuild comes to the live outcomes and results, also of somebody erased, and leaves no table', async () => {
  const dry = await run('rebuild', '--org', 'acme', '--dry-run')
  expect([dry.code, dry.out]).toEqual([0, expect.stringContaining('nothing was changed')])
  const { code, out } = await run('rebuild', '--org', 'acme')
  expect([code, out]).toEqual([0, expect.stringContaining('equal to the live ones')])
  expect(out).toMatch(/acme: \d+ outcomes and \d+ cells rebuilt/)
})

it('replay takes what is good by now out of the quarantine, by reason, once', async () => {
  const quarantine = makeQuarantine(new DynamoDBClient(clientOf()), String(stack.local.ready.outputs.EventsTableName))
  const good = cioEvent(
    'email',
    'clicked',
    { identifiers: { id: 'bob' }, delivery_id: 'mail-bob', action_id: 43 },
    1_790_000_000,
  )
  const reasons = (code: 'event.invalid' | 'event.missing') => [{ code, message: 'as it was read then' }]
  await quarantine.setAside(acme, Buffer.from(JSON.stringify(good)), reasons('event.invalid'), Date.now(), signal)
  await quarantine.setAside(acme, Buffer.from('{"still":"bad"}'), reasons('event.missing'), Date.now(), signal)
  const dry = await run('replay', '--org', 'acme', '--dry-run')
  expect(dry.out).toContain('1 would be read again: event.invalid')
  expect(await run('replay', '--org', 'acme', '--reason', 'event.invalid')).toEqual({
    code: 0,
    out: 'acme: 1 accepted\n',
  })
  expect((await run('replay', '--org', 'acme', '--reason', 'event.invalid')).out).toContain('nothing was set aside')
  expect(await run('replay', '--org', 'acme')).toMatchObject({ code: 1, out: 'acme: 1 quarantined\n' })
})

it('redrive puts dead letters back to work and counts what the stream gave up on', async () => {
  const sqs = new SQSClient(clientOf())
  const { DeadLetters = '', FailureQueueUrl } = stack.local.ready.outputs
  const dead = DeadLetters.split(' ').map((pair) => String(pair.split('>')[0]))
  expect(dead.length).toBeGreaterThanOrEqual(3)
  const notices = dead.find((url) => url.includes('Notices'))
  const notice = JSON.stringify({ kind: 'plan', key: 'incoming/acme/events/dt=2026-11-18/gone.csv' })
  await sqs.send(new SendMessageCommand({ QueueUrl: notices, MessageBody: notice, MessageGroupId: 'acme' }))
  await sqs.send(new SendMessageCommand({ QueueUrl: FailureQueueUrl, MessageBody: '{}' }))
  const dry = await run('redrive', '--dry-run')
  expect(dry.out).toContain('1 dead letters, would go back to')
  expect(dry.out).toContain('1 times the stream gave up')
  const first = await run('redrive')
  expect([first.code, first.out]).toEqual([0, expect.stringContaining('1 messages went back to work')])
  expect(first.out).toMatch(/acme: events of \d+ deliveries, names and persons measured/)
  const again = await run('redrive')
  expect([again.code, again.out]).toEqual([0, expect.stringContaining('0 messages went back to work')])
  expect(again.out).toContain('0 times the stream gave up')
})

it('reload loads a file again that came to its end, and nothing counts twice', { timeout: 30_000 }, async () => {
  const key = 'incoming/acme/events/dt=2026-11-18/day.csv'
  await bucketOf(stack).put(key, 'event_id,name,user_id\nf1,purchase,ann\n', 'text/csv')
  const { id } = await untilLoaded(stack, key)
  await untilIdle(stack)
  const before = await readResults(stack)
  expect((await run('reload', '--org', 'acme')).out).toContain(`${id}  complete  ${key}`)
  expect((await run('reload', '--org', 'acme', '--import', id, '--dry-run')).out).toContain('nothing was changed')
  // S3 tells times in seconds, and an import is named by its own.
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  const { code, out } = await run('reload', '--org', 'acme', '--import', id)
  expect([code, out]).toEqual([0, expect.stringContaining('is dropped anew')])
  expect(out).toMatch(/complete: 1 of 1 ranges, 1 rows\n.* complete: 1 rows: 0 accepted, 0 changed, 1 as they were/)
  expect((await run('reload', '--org', 'acme')).out.match(/complete {2}incoming/g)).toHaveLength(2)
  await untilIdle(stack)
  const { as_of: _then, ...counted } = before
  expect(await readResults(stack)).toMatchObject(counted)
})

it('rotate gives an old key a successor once, and both work until the old one ends', async () => {
  const dry = await run('rotate', '--org', 'acme', '--keys', '--days', '0', '--dry-run')
  expect(dry.out).toMatch(/gets a successor[\s\S]*nothing was changed/)
  const { out } = await run('rotate', '--org', 'acme', '--keys', '--days', '0', '--grace-hours', '2')
  const keys = out.match(/jai_dev_\w+/g) ?? []
  expect(keys).toHaveLength(2)
  expect((await run('rotate', '--org', 'acme', '--keys', '--days', '1')).out).not.toMatch(/jai_dev_/)
  const settings = await Promise.all(
    [stack.adminKey, ...keys].map((key) => call(stack, '/api/orgs/acme/settings', { headers: { 'x-api-key': key } })),
  )
  expect(settings.map(({ status }) => status).toSorted()).toEqual([200, 200, 403])
})

it('rotate gives the secrets that alerts are signed with a successor, shown once', async () => {
  const added = await manage(stack, 'POST', '/alerts/destinations', { url: 'https://hooks.example/justai' })
  const secret = String(added.body.secret)
  const shown = await run('rotate', '--org', 'acme')
  expect(shown.out).toMatch(new RegExp(`secret of alerts .*hooks.example.*: …${secret.slice(-4)}, 0 days old\\n`))
  const dry = await run('rotate', '--org', 'acme', '--alerts', '--days', '0', '--dry-run')
  expect(dry.out).toMatch(/days old, gets a successor\nnothing was changed/)
  const { out } = await run('rotate', '--org', 'acme', '--alerts', '--days', '0')
  const [successor = ''] = out.match(/whsec_\S+/g) ?? []
  expect([shown.out, dry.out].join('')).not.toContain('whsec_')
  const { destinations } = (await call(stack, '/api/orgs/acme/alerts', { headers: { 'x-api-key': stack.adminKey } }))
    .body
  expect(destinations).toMatchObject([{ last_four: successor.slice(-4), previous_secret_until: expect.any(String) }])
  const again = await run('rotate', '--org', 'acme', '--alerts', '--days', '0')
  expect([again.code, again.out]).toEqual([0, expect.stringMatching(/signs along until \d{4}-/)])
  expect(again.out).not.toContain('whsec_')
})

it('delete-org leaves nothing of the org and all of the others', { timeout: 30_000 }, async () => {
  const gone = await makeEmptyOrg(stack, 'gone', false)
  const ask = () =>
    call(stack, '/api/generate/gone', {
      method: 'POST',
      headers: { 'x-api-key': gone.apiKey, 'content-type': 'application/json' },
      body: '{"template_id":"welcome_email","user_id":"u"}',
    })
  expect((await ask()).status).toBe(200)
  await untilIdle(stack)
  const before = await readResults(stack)
  expect(await run('delete-org', '--org', 'gone')).toMatchObject({ code: 2 })
  const dry = await run('delete-org', '--org', 'gone', '--dry-run')
  expect(dry.out).toMatch(/outcomes: 2 items would be deleted[\s\S]*secret would be deleted[\s\S]*nothing was changed/)
  const done = await run('delete-org', '--org', 'gone', '--yes', 'gone', '--hurry')
  expect(done.out).toMatch(/events: 1 items deleted/)
  await untilIdle(stack)
  const again = await run('delete-org', '--org', 'gone', '--yes', 'gone', '--hurry')
  expect([again.code, again.out]).toEqual([0, expect.stringMatching(/settings: 0 items[\s\S]*events: 0 items/)])
  const { as_of: _then, ...counted } = before
  expect(await readResults(stack)).toMatchObject(counted)
  expect((await run('recount', '--org', 'acme')).code).toBe(0)
  expect((await resultsWithin(stack, 0, () => true)).arms.length).toBeGreaterThan(0)
})
