// The setup document by HTTP, against the deployed template and the stand-in for Customer.io: from an org with nothing to
// every light green; then each fault of its troubleshooting turns the right light red, with the right sentence.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoAccount, demoWorkspace } from '../../commands/demo-customerio.ts'
import type { Check } from '../../contract/check.ts'
import { backfillAnswerSchema, checksAnswerSchema } from '../../contract/setup-answers.ts'
import { signAsCio } from '../support/cio-signer.ts'
import { type EmptyOrg, makeEmptyOrg } from '../support/empty-org.ts'
import { call, customerio, type DemoStack, type HttpAnswer, invoke, startDemoStack } from '../support/local-stack.ts'

const appApiKey = 'app-key-of-production-workspace'
const sandboxKey = 'app-key-of-sandbox-workspace'
const visibleWithinMs = 20_000
/** Waits two minutes after a mapping is saved, which test/system/custom-events.test.ts sees through. */
const slow = new Set(['results.counted'])
let stack: DemoStack
let org: EmptyOrg
const nowSeconds = Math.floor(Date.now() / 1_000)

beforeAll(async () => {
  stack = await startDemoStack()
  org = await makeEmptyOrg(stack, 'fresh')
  await setAccount()
}, 90_000)
afterAll(() => stack?.local.stop())

/** What the people of the org made at Customer.io: workspaces, App API keys, the campaign. No reporting webhook. */
function setAccount(): Promise<unknown> {
  const names = { apiUrl: stack.apiUrl, org: org.org, template: 'welcome_email', apiKey: org.apiKey }
  const account = JSON.parse(JSON.stringify(demoAccount({ ...names, appApiKey, sandboxKey })))
  return customerio(stack, 'PUT', '/account', { ...account, reporting_webhooks: [] })
}

function checksIn({ status, body }: HttpAnswer): Check[] {
  expect(status).toBe(200)
  return checksAnswerSchema.parse(body).checks
}
const post = async (path: string, body?: object) => checksIn(await org.manage('POST', path, body))
const health = async () => checksIn(await org.manage('GET', '/health'))
const states = (checks: readonly Check[]) => checks.map(({ state }) => state).join(' ')
const find = (checks: readonly Check[], id: string) => checks.find((check) => check.id.split(':')[0] === id)

/** Health once it is as wanted, or as it is when the time is up. */
async function healthWhen(isWanted: (checks: readonly Check[]) => boolean): Promise<Check[]> {
  const untilMs = Date.now() + visibleWithinMs
  for (;;) {
    const checks = await health()
    if (isWanted(checks) || Date.now() > untilMs) return checks
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

/** Something happens to a message; answers what our endpoint said to each webhook that reported it. */
async function happen(channel: string, metric: string, data: object, atSeconds: number): Promise<number[]> {
  const event = { object_type: channel, metric, timestamp: atSeconds, data: { campaign_id: 23, ...data } }
  const answer = await customerio(stack, 'POST', '/events', { workspace: demoWorkspace.id, event })
  const delivered: { status: number }[] = Reflect.get(Object(answer), 'delivered')
  return delivered.map(({ status }) => status)
}

/** The one reporting webhook, as Customer.io's pages show it. */
async function shownWebhook(): Promise<{ id: number; signing_key: string; disabled: boolean; endpoint: string }> {
  const list = await customerio(stack, 'GET', '/reporting_webhooks')
  expect(list).toHaveLength(1)
  return Reflect.get(Object(list), 0)
}

/** Somebody changes it at Customer.io, when the limit that our calls count towards lets them. */
async function changeWebhook(change: object): Promise<void> {
  const { signing_key: _key, ...webhook } = await shownWebhook()
  const put = () =>
    fetch(`${stack.local.ready.customerio?.usUrl}/v1/reporting_webhooks/${webhook.id}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${appApiKey}` },
      body: JSON.stringify({ ...webhook, ...change }),
    })
  let { status } = await put()
  if (status === 429) {
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    status = (await put()).status
  }
  expect(status).toBe(200)
}

describe('the setup document', () => {
  it('from an empty org: nothing is green that nothing proves', { timeout: 60_000 }, async () => {
    const checks = await health()
    expect(find(checks, 'customerio.key')).toMatchObject({ state: 'waiting' })
    expect(find(checks, 'webhook.exists')).toMatchObject({ state: 'waiting' })
    expect(find(checks, 'traffic.events')).toMatchObject({ state: 'waiting' })
    expect(find(checks, 'traffic.signature')).toMatchObject({ state: 'broken' })
    expect(states(await post('/settings/verify'))).toBe('waiting waiting')
    expect(states(await post('/reporting-webhook', {}))).toBe('waiting')
    expect(states(await post('/templates/welcome_email/integration/verify'))).toBe('waiting')
  })

  it('steps 1 and 2: the App API key, its region and its workspace', { timeout: 60_000 }, async () => {
    const put = (settings: object) => org.manage('PUT', '/settings', settings)
    expect((await put({ app_api_key: appApiKey, region: 'eu' })).status).toBe(200)
    const wrongRegion = await post('/settings/verify')
    expect(wrongRegion[0]).toMatchObject({ state: 'broken', what_to_do: 'Set the region to us.' })
    await put({ region: 'us', workspace: { ...demoWorkspace } })
    expect(states(await post('/settings/verify'))).toBe('ok ok')
  })

  it('the webhook action, as the template says', { timeout: 60_000 }, async () => {
    expect(states(await post('/templates/welcome_email/integration/verify'))).toBe('ok ok ok')
    expect((await org.manage('POST', '/templates/unheard_of/integration/verify')).status).toBe(404)
  })

  it('step 4: the reporting webhook, made disabled and enabled with its signing key', { timeout: 60_000 }, async () => {
    expect(states(await post('/reporting-webhook', {}))).toBe('ok waiting ok')
    const made = await shownWebhook()
    expect(made).toMatchObject({ disabled: true, endpoint: `${stack.apiUrl}/api/webhook/cio/fresh` })
    expect((await org.manage('PUT', '/settings', { signing_key: made.signing_key })).status).toBe(200)
    expect(states(await post('/reporting-webhook', {}))).toBe('ok ok ok')
    expect((await shownWebhook()).disabled).toBe(false)
  })

  it('and real traffic turns every light green', { timeout: 90_000 }, async () => {
    for (const person of ['ann', 'bea']) {
      const served = await call(stack, '/api/generate/fresh', {
        method: 'POST',
        headers: { 'x-api-key': org.apiKey, 'content-type': 'application/json', 'x-cio-delivery-id': `call-${person}` },
        body: JSON.stringify({ template_id: 'welcome_email', user_id: person, fields: { first_name: 'A' } }),
      })
      expect(served.status).toBe(200)
    }
    const at = nowSeconds + 5
    for (const [person, action] of [
      ['ann', 43],
      ['bea', 43],
      ['cay', 42],
    ] as const) {
      const path = { identifiers: { id: person }, journey_id: `journey-${person}` }
      const mail = { ...path, delivery_id: `mail-${person}`, action_id: action }
      const call = { ...path, delivery_id: `call-${person}`, action_id: 41 }
      if (action === 43) expect(await happen('webhook', 'sent', call, at)).toEqual([200])
      for (const metric of ['sent', 'delivered', 'opened', 'clicked', 'converted']) {
        expect(await happen('email', metric, mail, at + 1)).toEqual([200])
      }
    }
    await healthWhen((all) =>
      all.every(({ id, state }) => state === 'ok' || slow.has(id) || id === 'counting.complete'),
    )
    // As every night.
    await invoke(stack, 'RecountResults', { anew: true })
    const checks = await healthWhen((all) => all.every(({ id, state }) => state === 'ok' || slow.has(id)))
    expect(checks.filter(({ id, state }) => state !== 'ok' && !slow.has(id))).toEqual([])
    expect(checks.length).toBeGreaterThan(12)
  })
})

describe('troubleshooting', () => {
  it('"Webhook never fires": disabled, or calling elsewhere', { timeout: 60_000 }, async () => {
    await changeWebhook({ disabled: true })
    await post('/reporting-webhook', { mend: false })
    expect(find(await health(), 'webhook.enabled')).toMatchObject({
      state: 'broken',
      seen: expect.stringMatching(/never fires/),
    })
    expect(states(await post('/reporting-webhook', {}))).toBe('ok ok ok')
    await changeWebhook({ endpoint: 'https://elsewhere.example/api/webhook/cio/fresh' })
    await post('/reporting-webhook', { mend: false })
    expect(find(await health(), 'webhook.exists')).toMatchObject({
      state: 'broken',
      seen: expect.stringMatching(/calls https:\/\/elsewhere\.example/),
    })
    expect(states(await post('/reporting-webhook', {}))).toBe('ok ok ok')
  })

  it('"No events arriving": the relevant events are not selected', { timeout: 60_000 }, async () => {
    await changeWebhook({ events: ['email_opened'] })
    await post('/reporting-webhook', { mend: false })
    expect(find(await health(), 'webhook.events')).toMatchObject({
      state: 'broken',
      seen: expect.stringMatching(/not selected: email_sent/),
    })
    expect(states(await post('/reporting-webhook', {}))).toBe('ok ok ok')
  })

  it('"Credentials issues": the key of another workspace', { timeout: 60_000 }, async () => {
    await org.manage('PUT', '/settings', { app_api_key: sandboxKey })
    const stale = await health()
    for (const id of ['customerio.key', 'webhook.exists', 'integration.campaign']) {
      expect(find(stale, id)).toMatchObject({ state: 'waiting', seen: 'Not verified since the settings changed.' })
    }
    await post('/templates/welcome_email/integration/verify')
    const campaign = find(await health(), 'integration.campaign')
    expect(campaign).toMatchObject({ state: 'broken', seen: expect.stringMatching(/no campaign 23/) })
    expect(campaign?.what_to_do).toMatch(/workspace/)
    await org.manage('PUT', '/settings', { app_api_key: appApiKey })
    expect(states(await post('/templates/welcome_email/integration/verify'))).toBe('ok ok ok')
  })

  it('signatures of another key are refused, and said so once no signed event arrives', {
    timeout: 90_000,
  }, async () => {
    const body = JSON.stringify({ event_id: 'forged' })
    const timestamp = String(nowSeconds)
    const forge = () =>
      call(stack, '/api/webhook/cio/fresh', {
        method: 'POST',
        headers: { 'x-cio-timestamp': timestamp, 'x-cio-signature': signAsCio('another', timestamp, body) },
        body,
      })
    expect((await forge()).status).toBe(401)
    // Anybody can do that: signed events arrive as well, so nothing is red.
    const junk = await healthWhen((all) => /another key/.test(find(all, 'traffic.signature')?.seen ?? ''))
    expect(find(junk, 'traffic.signature')).toMatchObject({ state: 'ok' })

    const { signing_key: right } = await shownWebhook()
    await org.manage('PUT', '/settings', { signing_key: 'a-key-that-was-mistyped' })
    await org.manage('PUT', '/settings', { previous_signing_key: null })
    const checks = await healthWhen((all) => find(all, 'traffic.signature')?.state === 'waiting')
    expect(find(checks, 'traffic.signature')).toMatchObject({ state: 'waiting' })
    // Keys may be kept for minutes by a function, and a refusal is told of once a minute: from here on in the domain's test.
    expect((await org.manage('PUT', '/settings', { signing_key: right })).status).toBe(200)
  })
})

describe('when Customer.io does not answer', () => {
  it.each([
    ['429', { mode: 'status', status: 429 }, /over its limit/],
    ['5xx', { mode: 'status', status: 502 }, /fault of its own/],
    ['cut', { mode: 'cut' }, /connection/],
    ['slow', { mode: 'slow', delayMs: 60_000 }, /in time/],
  ])(
    '%s: the answer says so in time, and what stood goes on standing',
    { timeout: 60_000 },
    async (_name, fault, sentence) => {
      const [settings, before] = [await org.manage('GET', '/settings'), await health()]
      await customerio(stack, 'PUT', '/fault', fault)
      const startedMs = performance.now()
      const [key] = await post('/settings/verify')
      expect(key).toMatchObject({ state: 'waiting', seen: expect.stringMatching(sentence) })
      expect(performance.now() - startedMs).toBeLessThan(28_000)
      await customerio(stack, 'DELETE', '/fault')
      const withoutTraffic = (checks: readonly Check[]) => checks.filter(({ id }) => /^(customerio|webhook)\./.test(id))
      expect(withoutTraffic(await health())).toEqual(withoutTraffic(before))
      expect((await org.manage('GET', '/settings')).body).toEqual(settings.body)
    },
  )
})

it('a gap is filled by the backfill route, once, and the command finds nothing left', { timeout: 60_000 }, async () => {
  const data = { campaign_id: 23, delivery_id: 'mail-missed', action_id: 42, identifiers: { id: 'dee' } }
  const event = { object_type: 'email', metric: 'sent', timestamp: nowSeconds, data }
  await customerio(stack, 'POST', '/events', { workspace: demoWorkspace.id, event, deliver: false })
  const day = new Date(nowSeconds * 1_000).toISOString().slice(0, 10)
  const fill = async (body: object) =>
    org.manage('POST', '/backfill', { campaign_id: '23', from: day, to: day, ...body })
  const dry = backfillAnswerSchema.parse((await fill({ dry_run: true })).body)
  const first = backfillAnswerSchema.parse((await fill({})).body)
  expect(dry).toMatchObject({ state: 'complete', events: first.events, seen: expect.stringMatching(/would be filled/) })
  expect(first).toMatchObject({ state: 'complete', next: null })
  expect(first.events.stored).toBeGreaterThan(0)
  const second = backfillAnswerSchema.parse((await fill({})).body)
  expect(second.events).toEqual({ stored: 0, duplicate: first.events.stored, changed: 0, unreadable: 0 })
  for (const body of [{ from: '2026-13-01' }, { to: '2020-01-01' }, { from: '2999-01-01', to: '2999-01-02' }]) {
    expect((await fill(body)).status).toBe(422)
  }
  expect((await fill({ from: '2020-01-01' })).status).toBe(422)

  const flags = ['--org', org.org, '--campaign', '23', '--from', day, '--to', day, '--api', stack.apiUrl]
  const env = { ...process.env, JUSTAI_ADMIN_KEY: org.adminKey }
  const run = (...more: string[]) =>
    promisify(execFile)(process.execPath, ['commands/backfill.ts', ...flags, ...more], { env })
  expect((await run('--dry-run')).stdout).toMatch(
    /events: 0 would be filled in, \d+ filled in before.*nothing was changed/,
  )
  expect((await run()).stdout).toMatch(/0 events filled in[\s\S]*together \d+ messages; events: 0 filled in/)
})
