// What the routes about the set-up keep and tell, on the tables: sources that send, and a webhook whose making went unanswered.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoAccount } from '../../commands/demo-customerio.ts'
import type { WebhookSettings } from '../../contract/customerio.ts'
import { type OrgSlug, orgSlugSchema, sourceRefSchema } from '../../contract/ids.ts'
import type { CellChange } from '../../contract/result-cell.ts'
import { checksAnswerSchema, healthAnswerSchema } from '../../contract/setup-answers.ts'
import { askWebhook } from '../../lambdas/flows/setup/ask.ts'
import { readHealth } from '../../lambdas/flows/setup/health.ts'
import { keepFindings } from '../../lambdas/flows/setup/keep-findings.ts'
import { saveRecounted } from '../../lambdas/store/recounted.ts'
import { makeSettingLists } from '../../lambdas/store/setting-lists.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'
import { makeSetupStores } from '../../lambdas/store/setup-stores.ts'
import { makeSourceNotes } from '../../lambdas/store/sightings.ts'
import { demoKey, sandboxKey, startTestCustomerio, type TestCustomerio } from '../support/customerio.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { integration } from '../support/placed.ts'

const nowMs = Date.parse('2026-11-24T12:00:00Z')
const apiUrl = 'https://ours.example'
const { signal } = new AbortController()
let database: TestDatabase
let stores: ReturnType<typeof makeSetupStores>
let cio: TestCustomerio

beforeAll(async () => {
  database = await makeTables()
  const { events, results, settings } = database.tables
  stores = makeSetupStores(database.client, { EVENTS_TABLE: events, RESULTS_TABLE: results, SETTINGS_TABLE: settings })
  const facts = { apiUrl, org: 'lost', template: 'welcome_email', apiKey: 'ours' }
  cio = await startTestCustomerio(demoAccount({ ...facts, appApiKey: demoKey, sandboxKey }))
})
afterAll(() => cio.close())

async function makeOrg(name: string, signingKeySinceMs?: number): Promise<OrgSlug> {
  const org = orgSlugSchema.parse(name)
  const signingKey = { lastFour: 'abcd', sinceMs: signingKeySinceMs ?? 0 }
  const customerio = { region: 'us' as const, ...(signingKeySinceMs !== undefined && { signingKey }) }
  const named = { org, name, personIdentifier: 'id' as const, currency: 'EUR', customerio }
  await makeSettingsStore(database.client, database.tables.settings).putOrg({ ...named, webhookSignature: 'none' })
  return org
}

const callOf = (org: OrgSlug, body: unknown) => ({
  ...{ org, who: 'user:ann', action: 'test', path: {}, query: {}, body, signal },
})

describe('a campaign that starts after the last Verify', () => {
  const mapped = 'traffic.mapped'
  const sentOf: Record<string, number> = { '~campaign:24': 900 }
  const readDays = async (_org: OrgSlug, scope: string): Promise<CellChange[]> => {
    const sent = sentOf[scope] ?? 0
    const cell = { day: '2026-11-24', group: 'unmapped' as const, name: '', stratum: '' }
    return sent === 0 ? [] : [{ scope, cell, counts: { sent, events: sent } }]
  }
  const lightOf = async (org: OrgSlug, id: string) => {
    const { body } = await readHealth({ ...stores, readDays, now: () => nowMs })(callOf(org, undefined))
    return checksAnswerSchema.parse(body).checks.find((check) => check.id === id)
  }

  it('is told with its messages, and its events are events that arrive', { timeout: 20_000 }, async () => {
    const org = await makeOrg('later')
    const settings = makeSettingsStore(database.client, database.tables.settings)
    await settings.putIntegration(org, integration({}))
    const note = makeSourceNotes(database.client, database.tables.events)
    expect(await lightOf(org, mapped)).toMatchObject({ state: 'waiting', seen: expect.stringMatching(/^No event/) })
    await note(org, sourceRefSchema.parse('campaign:23'), nowMs, signal)
    expect(await lightOf(org, mapped)).toMatchObject({ state: 'ok', seen: expect.stringMatching(/at campaign:23\.$/) })
    await note(org, sourceRefSchema.parse('campaign:24'), nowMs, signal)
    expect(await lightOf(org, mapped)).toMatchObject({
      state: 'waiting',
      seen: 'Not connected to a template: campaign:24 (900 messages).',
    })
    expect(await lightOf(org, 'traffic.events')).toMatchObject({ state: 'ok' })
  })

  it('among too many is not passed over in silence', { timeout: 20_000 }, async () => {
    const org = await makeOrg('many')
    const note = makeSourceNotes(database.client, database.tables.events)
    for (let id = 100; id < 128; id++) await note(org, sourceRefSchema.parse(`newsletter:${id}`), nowMs, signal)
    expect(await lightOf(org, mapped)).toMatchObject({
      state: 'waiting',
      seen: expect.stringMatching(/3 further sources without a template were not looked at/),
    })
  })
})

describe('what became of every event', () => {
  const accountsOf = async (org: OrgSlug) => {
    const deps = { ...stores, readDays: async () => [], now: () => nowMs }
    const { body } = await readHealth(deps)(callOf(org, undefined))
    return healthAnswerSchema.parse(body).accounts
  }

  it('is not known before the first recount, and then told of that org by day', { timeout: 20_000 }, async () => {
    const [org, other] = [await makeOrg('accounted'), await makeOrg('uncounted')]
    expect(await accountsOf(org)).toBeNull()
    const account = { accepted: 6, counted: 3, unmatched: 1, setAside: 1, twice: 1, pending: 0, unaccounted: 0 }
    await saveRecounted(database.client, database.tables.settings, org, {
      ...{ countedAtMs: nowMs, drift: 1, days: [{ day: '2026-11-23', ...account }] },
    })
    const told = { accepted: 6, counted: 3, unmatched: 1, set_aside: 1, told_twice: 1, pending: 0, unaccounted: 0 }
    const counted_at = '2026-11-24T12:00:00.000Z'
    expect(await accountsOf(org)).toEqual({
      ...{ counted_at, drift: 1, days: [{ day: '2026-11-23', ...told }], earlier: null },
    })
    expect(await accountsOf(other)).toBeNull()
  })
})

describe('the making of the reporting webhook', () => {
  const askDeps = (clock: { nowMs: number }, over: { loseAnswer?: boolean } = {}) => ({
    ...stores,
    apiUrl,
    now: () => clock.nowMs,
    readSecret: async () => ({ appApiKey: demoKey }),
    customerio: () => {
      const client = cio.client({ attemptMs: 200, onPause: () => undefined })
      const createReportingWebhook = async (settings: WebhookSettings) => {
        await client.createReportingWebhook(settings)
        await cio.control('PUT', '/fault', { mode: 'status', status: 503 })
        return client.createReportingWebhook(settings)
      }
      return over.loseAnswer ? { ...client, createReportingWebhook } : client
    },
  })
  const statesOf = (body: unknown) =>
    checksAnswerSchema
      .parse(body)
      .checks.map(({ state }) => state)
      .join(' ')

  it('that went unanswered leaves it disabled until a newer signing key', { timeout: 20_000 }, async () => {
    const org = await makeOrg('lost', nowMs - 1_000)
    const clock = { nowMs }
    const lost = await askWebhook(askDeps(clock, { loseAnswer: true }))(callOf(org, { mend: true }))
    expect(statesOf(lost.body)).toBe('waiting')
    await cio.control('DELETE', '/fault')
    const lists = makeSettingLists(database.client, database.tables.settings)
    expect((await lists.listAudit(org, 5)).entries).toMatchObject([{ after: { done: 'perhaps created' } }])
    clock.nowMs += 60_000
    const again = await askWebhook(askDeps(clock))(callOf(org, { mend: true }))
    expect(statesOf(again.body)).toBe('ok waiting ok')
    expect(await cio.client().listReportingWebhooks()).toMatchObject([{ disabled: true }])
    await makeOrg('lost', clock.nowMs)
    expect(statesOf((await askWebhook(askDeps(clock))(callOf(org, { mend: true }))).body)).toBe('ok ok ok')
  })

  it('is not forgotten by somebody who looked at the same time', async () => {
    const org = await makeOrg('both')
    const findings = [{ id: 'a', title: 'A', state: 'ok' as const, seen: '', what_to_do: '' }]
    const keep = (extra: object) =>
      keepFindings({ ...stores, now: () => nowMs }, org, 'reporting-webhook', 'mark', {
        ...{ findings, conclusive: true, extra },
      })
    await Promise.all([keep({ webhookCreatedAtMs: nowMs, webhookId: '7' }), keep({}), keep({ webhookId: '7' })])
    const kept = (await stores.verifications.list(org)).get('reporting-webhook')
    expect(kept).toMatchObject({ webhookCreatedAtMs: nowMs, webhookId: '7' })
  })
})
