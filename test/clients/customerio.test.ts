// The client of Customer.io's App API against the stand-in: what it reads, what it tries again, and what it says when it
// gives up.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { demoAccount, demoWorkspace } from '../../commands/demo-customerio.ts'
import type { WebhookSettings } from '../../contract/customerio.ts'
import { makePace } from '../../lambdas/clients/pace.ts'
import { CioFailure, type CioFailureCode, explainFailure } from '../../lambdas/domain/health/cio-failure.ts'
import { demoKey, sandboxKey, startTestCustomerio, type TestCustomerio } from '../support/customerio.ts'

const facts = { apiUrl: 'https://ours.example', org: 'acme', template: 'welcome_email', apiKey: 'ours' }
const account = demoAccount({ ...facts, appApiKey: demoKey, sandboxKey })
const wanted: WebhookSettings = {
  name: 'JustAI',
  endpoint: 'https://ours.example/api/webhook/cio/acme',
  disabled: true,
  full_resolution: false,
  with_content: false,
  events: ['email_sent'],
}
let cio: TestCustomerio

beforeEach(async () => {
  cio = await startTestCustomerio(account)
})
afterEach(() => cio.close())

/** What a call that must fail failed with. */
async function failureOf(call: Promise<unknown>): Promise<CioFailure> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof CioFailure) return error
  throw new Error('the call did not fail as a call to Customer.io does', { cause: error })
}

describe('reads', () => {
  it('workspaces, campaigns and one campaign', async () => {
    const client = cio.client()
    expect(await client.listWorkspaces()).toMatchObject([demoWorkspace, { name: 'Sandbox' }])
    expect(await client.listCampaigns()).toMatchObject([{ id: '23', state: 'running' }, { id: '24' }])
    expect(await client.findCampaign('23')).toMatchObject({ id: '23', name: 'Welcome' })
    expect(await client.findCampaign('99')).toBeUndefined()
  })

  it('every action of a campaign, ten a page', async () => {
    const actions = Array.from({ length: 23 }, (_, at) => ({ id: at + 1, type: 'email', name: `m${at}` }))
    const campaigns = [{ workspace: demoWorkspace.id, id: 5, name: 'Long', actions }]
    await cio.control('PUT', '/account', { ...account, campaigns })
    const read = await cio.client().listActions('5')
    expect(read.map(({ id }) => Number(id))).toEqual(actions.map(({ id }) => id))
  })

  it('the messages of a campaign made within some time, page by page', async () => {
    for (const at of [100, 200, 300, 400]) {
      const data = { delivery_id: `m${at}`, campaign_id: 23, action_id: 43, identifiers: { id: 'ann+1@x.org' } }
      const event = { object_type: 'email', metric: 'sent', timestamp: 1_790_000_000 + at, data }
      await cio.control('POST', '/events', { workspace: demoWorkspace.id, event })
    }
    const question = { campaignId: '23', fromSeconds: 1_790_000_200, toSeconds: 1_790_000_400, limit: 2 }
    const first = await cio.client().readMessages(question)
    expect(first.messages).toMatchObject([{ id: 'm200', metrics: { sent: 1_790_000_200 } }, { id: 'm300' }])
    const second = await cio.client().readMessages({ ...question, start: first.next })
    expect(second).toMatchObject({ messages: [{ id: 'm400' }], next: undefined })
  })
})

describe('writes', () => {
  it('a reporting webhook, and changes it', async () => {
    const client = cio.client()
    const made = await client.createReportingWebhook(wanted)
    expect(made).toMatchObject(wanted)
    await client.updateReportingWebhook(made.id, { ...wanted, disabled: false, events: ['email_sent', 'email_opened'] })
    expect(await client.listReportingWebhooks()).toMatchObject([{ id: made.id, disabled: false }])
  })
})

describe('keeps to ten calls a second', () => {
  it('so that 25 calls at once are all answered, none of them by a retry', async () => {
    const pauses: number[] = []
    const client = cio.client({ onPause: (ms) => pauses.push(ms) })
    const answers = await Promise.all(Array.from({ length: 25 }, () => client.listWorkspaces()))
    expect(answers).toHaveLength(25)
    expect(pauses).toEqual([])
  })

  it('and never starts more than that within any second, whenever calls come', async () => {
    let nowMs = 0
    const starts: number[] = []
    const waits: Promise<void>[] = []
    const pace = makePace(
      3,
      () => nowMs,
      async (ms) => void starts.push(nowMs + ms),
    )
    for (const gapMs of [0, 0, 0, 0, 0, 400, 0, 5_000, 0, 0, 0]) {
      nowMs += gapMs
      const before = starts.length
      waits.push(pace.turn())
      if (starts.length === before) starts.push(nowMs)
    }
    await Promise.all(waits)
    const crowded = starts.filter((atMs) => starts.filter((other) => other >= atMs && other < atMs + 1_000).length > 3)
    expect([starts.length, crowded]).toEqual([11, []])
  })
})

describe('tries again', () => {
  it('after a 429, waiting out the second', async () => {
    await cio.control('PUT', '/fault', { mode: 'status', status: 429, times: 2 })
    const pauses: number[] = []
    expect(await cio.client({ onPause: (ms) => pauses.push(ms) }).createReportingWebhook(wanted)).toMatchObject(wanted)
    expect(pauses.every((ms) => ms > 1_000)).toBe(true)
    expect(pauses).toHaveLength(2)
  })

  it.each([
    ['a fault of its own', { mode: 'status', status: 503 }],
    ['an answer that broke off', { mode: 'cut' }],
    ['no answer', { mode: 'slow', delayMs: 5_000 }],
  ])('a read after %s', async (_name, fault) => {
    await cio.control('PUT', '/fault', { ...fault, times: 2 })
    const client = cio.client({ onPause: () => undefined, attemptMs: 300 })
    expect(await client.listWorkspaces()).toHaveLength(2)
  })

  it('no creation that may have been done: one attempt, one webhook at most', async () => {
    await cio.control('PUT', '/fault', { mode: 'cut', times: 1 })
    const failure = await failureOf(cio.client({ onPause: () => undefined }).createReportingWebhook(wanted))
    expect(failure.code).toBe('cut')
    expect(await cio.client().listReportingWebhooks()).toEqual([])
  })
})

describe('gives up, after three attempts or at once, with a word and a sentence', () => {
  const faults: [string, object | undefined, CioFailureCode, number, RegExp][] = [
    ['over the limit', { mode: 'status', status: 429 }, 'busy', 2, /over its limit/],
    ['a fault of its own', { mode: 'status', status: 502 }, 'faulty', 2, /status 502/],
    ['slow', { mode: 'slow', delayMs: 5_000 }, 'slow', 2, /in time/],
    ['cut', { mode: 'cut' }, 'cut', 2, /connection/],
    ['forbidden', { mode: 'status', status: 403 }, 'forbidden', 0, /does not let it/],
    ['not accepted', { mode: 'status', status: 400 }, 'rejected', 0, /status 400.*a fault that was asked for/],
    ['another region', undefined, 'refused', 0, /refused the App API key.*unauthorized/],
  ]
  it.each(faults)('%s', async (_name, fault, code, retries, sentence) => {
    if (fault) await cio.control('PUT', '/fault', fault)
    const pauses: number[] = []
    const client = cio.client({
      region: fault ? 'us' : 'eu',
      onPause: (ms) => pauses.push(ms),
      attemptMs: 300,
    })
    const failure = await failureOf(client.listWorkspaces())
    expect([failure.code, pauses.length]).toEqual([code, retries])
    expect(explainFailure(failure).seen).toMatch(sentence)
    expect(JSON.stringify({ ...failure, ...explainFailure(failure) })).not.toContain(demoKey)
  })

  it('when its whole time is spent, without a further attempt', async () => {
    await cio.control('PUT', '/fault', { mode: 'slow', delayMs: 10_000 })
    const startedMs = performance.now()
    const failure = await failureOf(cio.client({ signal: AbortSignal.timeout(300) }).listWorkspaces())
    expect(failure.code).toBe('slow')
    expect(performance.now() - startedMs).toBeLessThan(2_000)
  })

  it('on nothing that listens', async () => {
    const client = cio.client({ onPause: () => undefined })
    await cio.close()
    await sleep(10)
    expect((await failureOf(client.listWorkspaces())).code).toBe('cut')
  })
})
