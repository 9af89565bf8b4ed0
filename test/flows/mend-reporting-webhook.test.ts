// The reporting webhook at the stand-in is made, enabled and mended, and what is amiss is told.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { demoAccount } from '../../commands/demo-customerio.ts'
import type { WebhookSettings } from '../../contract/customerio.ts'
import { neededEvents } from '../../lambdas/domain/health/plan-reporting-webhook.ts'
import { type MendWish, mendReportingWebhook } from '../../lambdas/flows/mend-reporting-webhook.ts'
import { demoKey, sandboxKey, startTestCustomerio, type TestCustomerio } from '../support/customerio.ts'

const facts = { apiUrl: 'https://ours.example', org: 'acme', template: 'welcome_email', apiKey: 'ours' }
const endpoint = 'https://ours.example/api/webhook/cio/acme'
let cio: TestCustomerio

beforeEach(async () => {
  cio = await startTestCustomerio(demoAccount({ ...facts, appApiKey: demoKey, sandboxKey }))
})
afterEach(() => cio.close())

async function mend(wish: Partial<MendWish> = {}) {
  const all = {
    endpoint,
    signingKeySinceMs: 2_000,
    createdAtMs: undefined,
    knownId: undefined,
    keyMetrics: ['converted'],
    mend: true,
    ...wish,
  }
  const client = cio.client({ attemptMs: 200, onPause: () => undefined })
  const { findings, done, webhookId } = await mendReportingWebhook(client, all)
  return { states: findings.map(({ state }) => state).join(' '), text: JSON.stringify(findings), done, webhookId }
}
const list = () => cio.client().listReportingWebhooks()
const put = (over: Partial<WebhookSettings> = {}) =>
  cio.client().createReportingWebhook({
    name: 'JustAI',
    endpoint,
    disabled: false,
    full_resolution: true,
    with_content: true,
    events: [...neededEvents],
    ...over,
  })

describe('from nothing', () => {
  it('it is made disabled, and enabled once a signing key is stored after that', async () => {
    expect(await mend({ mend: false })).toMatchObject({ states: 'broken waiting waiting', done: 'nothing' })
    expect(await list()).toEqual([])
    expect(await mend({ signingKeySinceMs: undefined })).toMatchObject({ states: 'ok waiting ok', done: 'created' })
    const [made] = await list()
    expect(made).toMatchObject({
      name: 'JustAI',
      endpoint,
      disabled: true,
      full_resolution: false,
      with_content: false,
    })
    expect(made?.events).toEqual(neededEvents)
    const again = await mend({ signingKeySinceMs: undefined, createdAtMs: 1_000 })
    expect(again).toMatchObject({ states: 'ok waiting ok', done: 'nothing' })
    expect(again.text).toContain('copy its signing key')
    expect(await mend({ signingKeySinceMs: 2_000, createdAtMs: 1_000 })).toMatchObject({ states: 'ok ok ok' })
    expect(await list()).toMatchObject([{ disabled: false }])
  })

  it('a signing key of an earlier webhook does not enable it', async () => {
    expect(await mend({ signingKeySinceMs: 500 })).toMatchObject({ states: 'ok waiting ok', done: 'created' })
    expect(await mend({ signingKeySinceMs: 500, createdAtMs: 1_000 })).toMatchObject({ states: 'ok waiting ok' })
    expect(await list()).toMatchObject([{ disabled: true }])
  })
})

describe('drift is told, and mended on request, leaving what was chosen', () => {
  const drifts: [string, Partial<WebhookSettings>, string, RegExp][] = [
    ['disabled', { disabled: true }, 'ok broken ok', /is disabled/],
    [
      'events missing',
      { events: ['email_sent', 'email_drafted'] },
      'ok ok broken',
      /5 events that results need are not selected: email_converted, webhook_sent.*not measured: email_delivered/,
    ],
    [
      'endpoint moved',
      { endpoint: 'https://user:secret@old.example/api/webhook/cio/acme?x=1' },
      'broken ok ok',
      /calls https:\/\/old\.example\/api/,
    ],
  ]
  it.each(drifts)('%s', async (_name, drift, states, sentence) => {
    const { id: knownId } = await put(drift)
    const seen = await mend({ mend: false, knownId })
    expect(seen.states).toBe(states)
    expect(seen.text).toMatch(sentence)
    expect(seen.text).not.toContain('secret')
    expect(await list()).toMatchObject([drift])
    expect(await mend({ knownId })).toMatchObject({ states: 'ok ok ok', webhookId: knownId })
    const [mended] = await list()
    expect(mended).toMatchObject({ endpoint, disabled: false, full_resolution: true, with_content: true })
    expect(mended?.events).toEqual(expect.arrayContaining([...neededEvents, ...(drift.events ?? [])]))
  })

  it('duplicates: one stays enabled', async () => {
    await put({ disabled: true })
    const kept = await put()
    await put()
    const seen = await mend({ mend: false })
    expect([seen.states, seen.text]).toEqual(['broken ok ok', expect.stringContaining('More than one')])
    expect((await mend()).states).toBe('ok ok ok')
    expect((await list()).filter(({ disabled }) => !disabled)).toMatchObject([{ id: kept.id }])
    expect((await mend({ mend: false })).states).toBe('ok ok ok')
  })

  it('the webhook of another stage has the same path on another host, and is left alone', async () => {
    await put({ endpoint: 'https://staging.example/api/webhook/cio/acme', events: ['email_sent'] })
    const before = await list()
    expect(await mend({ mend: false })).toMatchObject({ states: 'broken waiting waiting', webhookId: undefined })
    expect(await mend()).toMatchObject({ done: 'created' })
    expect((await list()).slice(0, 1)).toEqual(before)
  })

  it('webhooks of others are left alone, another org of ours too', async () => {
    await put({ name: 'Other', endpoint: 'https://others.example/hook', events: ['email_sent'] })
    await put({ endpoint: 'https://ours.example/api/webhook/cio/acme-2', events: ['email_sent'] })
    const before = await list()
    expect(await mend()).toMatchObject({ done: 'created' })
    expect((await list()).slice(0, 2)).toEqual(before)
  })
})

describe('what is not selected', () => {
  const setUp = 'email_sent email_opened email_clicked email_converted'.split(' ')
  const calls = 'webhook_sent webhook_attempted webhook_failed webhook_undeliverable'.split(' ')

  it.each<[string, string[], string[], string]>([
    ['is told and breaks nothing for an org that sends e-mail alone', [...setUp, ...calls], ['converted'], 'ok ok ok'],
    ['breaks what decides', ['email_sent', 'email_converted', ...calls], ['human_clicked'], 'ok ok broken'],
    ['decides nothing when the org reports that itself', ['email_sent', ...calls], ['purchase'], 'ok ok ok'],
    ['breaks without sent, of each channel in use', [...setUp, 'push_opened', ...calls], [], 'ok ok broken'],
    ['breaks without the calls of the webhook action', setUp, [], 'ok ok broken'],
    ['breaks when no message is reported at all', calls, [], 'ok ok broken'],
  ])('%s', async (_name, events, keyMetrics, states) => {
    await put({ events })
    const seen = await mend({ mend: false, keyMetrics })
    expect(seen.states).toBe(states)
    expect(seen.text).toMatch(/not measured: .*sms_sent|not measured: .*and \d+ more/)
  })
})

describe('an answer that is lost', () => {
  it.each([
    ['slow', { mode: 'slow', delayMs: 5_000 }],
    ['cut', { mode: 'cut' }],
    ['faulty', { mode: 'status', status: 503 }],
  ])('of the creation (%s) leaves it perhaps created', async (_name, fault) => {
    const client = cio.client({ attemptMs: 200, onPause: () => undefined })
    const createReportingWebhook = async (settings: WebhookSettings) => {
      await put({ ...settings })
      await cio.control('PUT', '/fault', fault)
      return client.createReportingWebhook(settings)
    }
    const wish = { endpoint, signingKeySinceMs: 2_000, createdAtMs: undefined, knownId: undefined, keyMetrics: [] }
    const seen = await mendReportingWebhook({ ...client, createReportingWebhook }, { ...wish, mend: true })
    expect(seen.done).toBe('perhaps created')
  })

  it('because there was none, or it was refused, leaves nothing done', async () => {
    for (const status of [429, 403]) {
      const client = cio.client({ attemptMs: 200, onPause: () => undefined })
      const createReportingWebhook = async (settings: WebhookSettings) => {
        await cio.control('PUT', '/fault', { mode: 'status', status })
        return client.createReportingWebhook(settings)
      }
      const wish = { endpoint, signingKeySinceMs: 2_000, createdAtMs: undefined, knownId: undefined, keyMetrics: [] }
      const seen = await mendReportingWebhook({ ...client, createReportingWebhook }, { ...wish, mend: true })
      expect(seen.done).toBe('nothing')
      await cio.control('DELETE', '/fault')
    }
    expect(await list()).toEqual([])
  })
})

describe('changes nothing, and says so, when Customer.io', () => {
  it.each([
    ['refuses the key', { mode: 'status', status: 401 }, 'broken', /refused the App API key/],
    ['is over its limit', { mode: 'status', status: 429 }, 'waiting', /over its limit/],
    ['has a fault', { mode: 'status', status: 503 }, 'waiting', /status 503/],
    ['is slow', { mode: 'slow', delayMs: 5_000 }, 'waiting', /in time/],
    ['breaks off', { mode: 'cut' }, 'waiting', /connection/],
  ])('%s', async (_name, fault, state, sentence) => {
    await put({ disabled: true })
    const before = await list()
    await cio.control('PUT', '/fault', fault)
    const { states, text } = await mend()
    expect([states, text]).toEqual([state, expect.stringMatching(sentence)])
    await cio.control('DELETE', '/fault')
    expect(await list()).toEqual(before)
  })
})
