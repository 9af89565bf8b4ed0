// Nobody looks, and what was changed at Customer.io is noticed: on DynamoDB Local and the stand-in, on a clock of the test.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demoAccount, demoWorkspace } from '../../commands/demo-customerio.ts'
import { actionIdSchema, type OrgSlug, orgSlugSchema } from '../../contract/ids.ts'
import { healthAnswerSchema } from '../../contract/setup-answers.ts'
import { dueQuestions } from '../../lambdas/domain/health/due-questions.ts'
import { readHealth } from '../../lambdas/flows/setup/health.ts'
import { type WatchDeps, watchOrgs } from '../../lambdas/flows/setup/watch-orgs.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'
import { makeSetupStores } from '../../lambdas/store/setup-stores.ts'
import { makeWatchStores } from '../../lambdas/store/watch-stores.ts'
import { templateOf } from '../support/copy-settings.ts'
import { demoKey, sandboxKey, startTestCustomerio, type TestCustomerio } from '../support/customerio.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { integration } from '../support/placed.ts'

const startMs = Date.parse('2026-11-24T12:00:00Z')
const hourMs = 3_600_000
const campaignLight = 'integration.campaign:welcome_email'
const apiUrl = 'https://ours.example'
const facts = { apiUrl, org: 'acme', template: 'welcome_email', apiKey: 'ours' }
const account = demoAccount({ ...facts, appApiKey: demoKey, sandboxKey, signingKey: 'key' })
let database: TestDatabase
let cio: TestCustomerio
let nowMs = startMs
let asked: string[] = []
let failed: OrgSlug[] = []

beforeAll(async () => {
  database = await makeTables()
  cio = await startTestCustomerio(account)
})
afterAll(() => cio.close())
beforeEach(async () => {
  nowMs += 1_000 * hourMs
  asked = []
  failed = []
  await cio.control('DELETE', '/fault')
  await cio.control('PUT', '/account', account)
})

async function makeOrg(name: string, appApiKey = true): Promise<OrgSlug> {
  const org = orgSlugSchema.parse(name)
  const settings = makeSettingsStore(database.client, database.tables.settings)
  const key = { lastFour: 'abcd', sinceMs: 1 }
  const customerio = { region: 'us' as const, workspace: demoWorkspace, signingKey: key }
  const named = { org, name, personIdentifier: 'id' as const, currency: 'EUR', webhookSignature: 'required' as const }
  await settings.putOrg({ ...named, customerio: { ...customerio, ...(appApiKey && { appApiKey: key }) } })
  await settings.putTemplate(org, templateOf('welcome_email'))
  const ids = { webhookActionIds: [actionIdSchema.parse('41')], controlActionIds: [actionIdSchema.parse('42')] }
  await settings.putIntegration(org, integration(ids))
  return org
}

function watch(orgs: readonly OrgSlug[], over: Partial<WatchDeps> = {}, untilMs = Number.POSITIVE_INFINITY) {
  const deps: WatchDeps = {
    ...makeWatchStores(database.client, database.tables.settings),
    listOrgs: async () => orgs,
    apiUrl,
    readSecret: async (org) => {
      asked.push(org)
      return { appApiKey: demoKey }
    },
    customerio: () => cio.client({ attemptMs: 200, onPause: () => undefined }),
    random: () => 0,
    now: () => nowMs,
    onFailed: (org) => failed.push(org),
    ...over,
  }
  return watchOrgs(deps, untilMs)
}

async function lightsOf(org: OrgSlug): Promise<Record<string, string>> {
  const { events, results, settings } = database.tables
  const tables = { EVENTS_TABLE: events, RESULTS_TABLE: results, SETTINGS_TABLE: settings }
  const deps = { ...makeSetupStores(database.client, tables), now: () => nowMs }
  const { signal } = new AbortController()
  const call = { org, who: 'user:ann', action: 'test', path: {}, query: {}, body: undefined, signal }
  const { checks } = healthAnswerSchema.parse((await readHealth(deps)(call)).body)
  return Object.fromEntries(checks.map(({ id, state }) => [id, state]))
}

const changed = (change: (account: Changeable) => void) => {
  const copy = structuredClone(account) as Changeable
  change(copy)
  return cio.control('PUT', '/account', copy)
}
interface Changeable {
  keys: unknown[]
  campaigns: { state: string }[]
  reporting_webhooks: { disabled: boolean; endpoint: string }[]
}

describe('an org that nobody looks at', { timeout: 30_000 }, () => {
  it('has Customer.io asked every six hours, and what was changed there turns its light red', async () => {
    const org = await makeOrg('acme')
    expect(await watch([org])).toEqual({ asked: 1, left: 0, failed: 0 })
    expect(asked).toEqual(['acme', 'acme', 'acme'])
    const well = {
      'customerio.key': 'ok',
      'webhook.exists': 'ok',
      'webhook.enabled': 'ok',
      'webhook.events': 'ok',
      [campaignLight]: 'ok',
    }
    expect(await lightsOf(org)).toMatchObject(well)
    await changed(({ reporting_webhooks: [webhook], campaigns: [campaign] }) => {
      Object.assign(webhook ?? {}, { disabled: true })
      Object.assign(campaign ?? {}, { state: 'stopped' })
    })
    nowMs += 6 * hourMs - 1
    expect(await watch([org])).toEqual({ asked: 0, left: 0, failed: 0 })
    expect(await lightsOf(org)).toMatchObject(well)
    nowMs += 1
    expect(await watch([org])).toEqual({ asked: 1, left: 0, failed: 0 })
    const lights = await lightsOf(org)
    expect(lights).toMatchObject({ ...well, 'webhook.enabled': 'broken', [campaignLight]: 'waiting' })
    // It looks and mends nothing.
    expect(await cio.client().listReportingWebhooks()).toMatchObject([{ disabled: true }])
  })

  it('is told of a webhook that was moved, and of a key that was withdrawn', async () => {
    const org = await makeOrg('acme')
    await watch([org])
    await changed(({ reporting_webhooks: [webhook] }) =>
      Object.assign(webhook ?? {}, { endpoint: 'https://else.example/' }),
    )
    nowMs += 6 * hourMs
    await watch([org])
    expect(await lightsOf(org)).toMatchObject({ 'webhook.exists': 'broken' })
    await changed((copy) => copy.keys.splice(0))
    nowMs += 6 * hourMs
    await watch([org])
    expect(await lightsOf(org)).toMatchObject({ 'customerio.key': 'broken' })
  })

  it('keeps the earlier word while Customer.io does not answer, and is asked again the next time', async () => {
    const org = await makeOrg('acme')
    await watch([org])
    const before = await lightsOf(org)
    nowMs += 6 * hourMs
    for (const fault of [{ mode: 'status', status: 429 }, { mode: 'status', status: 503 }, { mode: 'cut' }]) {
      await cio.control('PUT', '/fault', fault)
      expect(await watch([org])).toEqual({ asked: 1, left: 0, failed: 0 })
      expect(await lightsOf(org)).toEqual(before)
    }
    await cio.control('DELETE', '/fault')
    await watch([org])
    expect(await watch([org])).toEqual({ asked: 0, left: 0, failed: 0 })
  })
})

describe('among many orgs', { timeout: 30_000 }, () => {
  it('one that fails keeps no other from being asked, and is tried again', async () => {
    const orgs = [await makeOrg('bad'), await makeOrg('good')]
    const readSecret = async (org: OrgSlug) => {
      if (org === orgs[0]) throw new Error('the secret cannot be read')
      return { appApiKey: demoKey }
    }
    expect(await watch(orgs, { readSecret })).toEqual({ asked: 1, left: 0, failed: 1 })
    expect(failed).toEqual(['bad'])
    expect(await lightsOf(orgs[1] as OrgSlug)).toMatchObject({ 'customerio.key': 'ok' })
    expect(await watch(orgs)).toEqual({ asked: 1, left: 0, failed: 0 })
    expect(new Set(asked)).toEqual(new Set(['bad']))
  })

  it('one without a key is not asked about, and its secret is not read', async () => {
    expect(await watch([await makeOrg('empty', false)])).toEqual({ asked: 0, left: 0, failed: 0 })
    expect(asked).toEqual([])
  })

  it('those that are left when the time is over are told, and begun with another time', async () => {
    const orgs = Array.from({ length: 10 }, (_, at) => orgSlugSchema.parse(`org-${at}`))
    const begunFrom = async (random: number) => {
      const begun: OrgSlug[] = []
      const findOrg = async (org: OrgSlug) => void begun.push(org)
      // The time is over when three were begun.
      const now = () => nowMs + begun.length
      const totals = await watch(orgs, { findOrg, now, random: () => random } as Partial<WatchDeps>, nowMs + 3)
      expect(totals).toEqual({ asked: 0, left: 7, failed: 0 })
      return begun
    }
    expect(await begunFrom(0)).toEqual(['org-0', 'org-1', 'org-2'])
    expect(await begunFrom(0.99)).toEqual(['org-9', 'org-0', 'org-1'])
  })
})

describe('a question', () => {
  const setup = {
    org: { customerio: { region: 'us' as const, appApiKey: { lastFour: 'abcd', sinceMs: 1 } } },
    templates: [templateOf('welcome_email')],
    integrations: [integration({})],
    words: new Map(),
    nowMs: startMs,
  }

  it('is due when nothing is known, and not of templates that are archived or not connected', () => {
    expect(dueQuestions(setup)).toEqual(['settings', 'reporting-webhook', 'integration:welcome_email'])
    expect(dueQuestions({ ...setup, integrations: [] })).toEqual(['settings', 'reporting-webhook'])
    const templates = [templateOf('welcome_email', { status: 'archived' })]
    expect(dueQuestions({ ...setup, templates })).toEqual(['settings', 'reporting-webhook'])
  })

  it('is due at once when the settings that it was about have changed', () => {
    const words = new Map([['settings', { checkedAtMs: startMs, of: 'another mark', findings: [] }]])
    expect(dueQuestions({ ...setup, words })).toContain('settings')
  })
})
