// Each kind of alert fired by its real cause, received once by a server that verifies it with the scheme's own library, and sent
// again only when the cause comes back. That of a reporting webhook that drifted is at Customer.io: webhook-drift.test.ts.
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { alertBodySchema } from '../../contract/alert-answers.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import { integrationSchema } from '../../contract/integration.ts'
import type { CellChange } from '../../contract/result-cell.ts'
import { updateAllocations } from '../../lambdas/flows/update-allocations.ts'
import { saveAllocation } from '../../lambdas/store/allocations.ts'
import { makeImportStore } from '../../lambdas/store/imports.ts'
import { makeOutcomeStore } from '../../lambdas/store/outcomes.ts'
import { readResults } from '../../lambdas/store/results.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'
import { type Alerting, makeAlerting } from '../support/alerting.ts'
import { orgOf, templateIdOf, templateOf, variantOf } from '../support/copy-settings.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { type HookServer, startHookServer } from '../support/hook-server.ts'
import { orgNamed } from '../support/managed.ts'
import { send, source } from '../support/placed.ts'
import { controlRow, dayAt, drawnRow } from '../support/result-rows.ts'

const welcome = templateIdOf('welcome')
const nowMs = Date.parse(`${dayAt(20)}T12:00:00Z`)

let database: TestDatabase
let hooks: HookServer
let orgs = 0
let org: OrgSlug
let alerting: Alerting
let secret: string

beforeAll(async () => {
  ;[database, hooks] = await Promise.all([makeTables(), startHookServer()])
})
afterAll(() => hooks.close())
beforeEach(async () => {
  org = orgOf(`org-${orgs++}`)
  hooks.received.length = 0
  hooks.answer = (response) => void response.writeHead(204).end()
  const settings = makeSettingsStore(database.client, database.tables.settings)
  await settings.putOrg(orgNamed(org))
  await settings.putTemplate(org, templateOf('welcome', { controlShare: 0.5 }))
  for (const id of ['a', 'b']) await settings.putVariant(org, welcome, variantOf(id))
  alerting = makeAlerting(database, [org], hooks, nowMs)
  const added = await alerting.ask('POST', org, '/destinations', { url: alerting.hookUrl })
  expect(added.status).toBe(200)
  secret = added.body.secret
})

/** What results hold, as measuring would have written them. */
async function count(...cells: CellChange[]): Promise<void> {
  const plan = { writes: [], removals: [], guards: [], cells }
  expect(await makeOutcomeStore(database.client, database.tables).commit(org, plan, 0)).toBe('committed')
}

/** What has arrived, each verified, then forgotten. */
function received() {
  return hooks.received.splice(0).map(({ headers, body }) => {
    const signed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
    return alertBodySchema.parse(verified(secret, signed, body))
  })
}

/** What the scheme's own library makes of it at the test's time. @throws when it is not signed as the scheme wants it */
function verified(by: string, signed: Record<string, string>, body: string): unknown {
  vi.useFakeTimers({ toFake: ['Date'], now: alerting.clock.nowMs })
  try {
    return new Webhook(by).verify(body, signed)
  } finally {
    vi.useRealTimers()
  }
}

async function evaluated() {
  const { fired, over, failed } = await alerting.evaluate()
  expect(failed).toBe(0)
  await alerting.deliver()
  return { fired, over, received: received() }
}

/** Once while it lasts. */
async function onlyAlert(type: string, about: object = {}) {
  const first = await evaluated()
  expect(first.received.map((one) => one.type)).toEqual([type])
  expect(first.received[0]?.data).toMatchObject({ org, ...about })
  expect(await evaluated()).toEqual({ fired: 0, over: 0, received: [] })
}

const even = [
  controlRow(0, { served: 5_000, sent: 5_000, delivered: 5_000, clicked: 100 }),
  drawnRow(0, 'a', 0, { served: 2_500, sent: 2_500, delivered: 2_500, clicked: 50 }),
  drawnRow(0, 'b', 0, { served: 2_500, sent: 2_500, delivered: 2_500, clicked: 50 }),
]

describe('an alert', () => {
  it('is none while all is well', async () => {
    await count(...even)
    expect(await evaluated()).toEqual({ fired: 0, over: 0, received: [] })
  })

  it('tells of a broken split', async () => {
    await count(...even)
    await count(drawnRow(0, 'a', 0, { served: 2_500, sent: 2_500, delivered: 2_500, clicked: 50 }))
    await onlyAlert('alert.sample_ratio', { template_id: 'welcome' })
  })

  it('tells of a copy that is ready to ship', async () => {
    await count(...even)
    await count(drawnRow(0, 'a', 0, { clicked: 250 }))
    await onlyAlert('alert.ready_to_ship', { template_id: 'welcome', copy_id: 'a' })
  })

  it('tells of a copy that a guardrail has stopped', async () => {
    await count(...even)
    await count(drawnRow(0, 'b', 0, { spammed: 250 }))
    const { client, tables } = database
    const settings = makeSettingsStore(client, tables.settings)
    const weighed = await updateAllocations({
      async *listActiveTemplates() {
        yield [{ org, templateId: welcome }]
      },
      findTemplate: settings.findTemplate,
      findOrg: settings.findOrg,
      readResults: (...asked) => readResults(client, tables.results, ...asked),
      save: (...saved) => saveAllocation(client, tables.settings, ...saved),
      now: () => nowMs,
      onStored: () => undefined,
      onFailed: () => undefined,
    })
    expect(weighed).toMatchObject({ stored: 1 })
    await onlyAlert('alert.guardrail', { template_id: 'welcome', copy_id: 'b' })
  })

  it('tells of silence after the hours and the grace, and again when it comes back', async () => {
    await alerting.ask('PUT', org, '/settings', { no_data: { hours: 6, grace_minutes: 30 }, file_by: null })
    const sent = { ...send(10, { templateId: welcome }), atMs: nowMs - 6 * 3_600_000 - 1_799_000 }
    const integration = integrationSchema.parse({
      source,
      templateId: welcome,
      webhookActionIds: [],
      controlActionIds: [],
      treatmentActionIds: [],
      serveWindowDays: 30,
    })
    await makeSettingsStore(database.client, database.tables.settings).putIntegration(org, integration)
    const plan = { writes: [{ placed: sent, over: undefined }], removals: [], guards: [], cells: even }
    expect(await makeOutcomeStore(database.client, database.tables).commit(org, plan, 0)).toBe('committed')
    expect((await evaluated()).received).toEqual([])
    alerting.clock.nowMs += 2_000
    await onlyAlert('alert.no_data')
    // It goes away when the org waits longer, and is news again when it does not.
    await alerting.ask('PUT', org, '/settings', { no_data: { hours: 7, grace_minutes: 0 }, file_by: null })
    expect(await evaluated()).toMatchObject({ fired: 0, over: 1 })
    await alerting.ask('PUT', org, '/settings', { no_data: { hours: 6, grace_minutes: 0 }, file_by: null })
    await onlyAlert('alert.no_data')
  })

  it('tells of a file that is late, until one comes', async () => {
    await alerting.ask('PUT', org, '/settings', { no_data: null, file_by: { hour_utc: 12, grace_minutes: 1 } })
    expect((await evaluated()).received).toEqual([])
    alerting.clock.nowMs += 60_000
    await onlyAlert('alert.file_late')
    const imports = makeImportStore(database.client, database.tables.settings)
    await imports.begin({
      importId: `${nowMs}-x`,
      org,
      key: 'incoming/…',
      source: 'files',
      etag: 'x',
      sizeBytes: 1,
      modifiedAtMs: nowMs,
      status: 'complete',
      startedAtMs: nowMs,
      problems: [],
    })
    expect(await evaluated()).toMatchObject({ fired: 0, over: 1, received: [] })
  })

  it('goes only where its kind was asked for, and nowhere when there is nowhere', async () => {
    const { body } = await alerting.ask('GET', org, '')
    await alerting.ask('DELETE', org, `/destinations/${body.destinations[0].id}`)
    await alerting.ask('PUT', org, '/settings', { no_data: null, file_by: { hour_utc: 1, grace_minutes: 0 } })
    expect(await evaluated()).toEqual({ fired: 0, over: 0, received: [] })
    const other = await alerting.ask('POST', org, '/destinations', { url: alerting.hookUrl, kinds: ['guardrail'] })
    secret = other.body.secret
    expect(await evaluated()).toEqual({ fired: 1, over: 0, received: [] })
  })

  it('is sent once by two who look at once', async () => {
    await alerting.ask('PUT', org, '/settings', { no_data: null, file_by: { hour_utc: 1, grace_minutes: 0 } })
    const both = await Promise.all([alerting.evaluate(), alerting.evaluate()])
    expect(both.map(({ fired }) => fired).toSorted()).toEqual([0, 1])
    await alerting.deliver()
    expect(received()).toHaveLength(1)
  })
})

describe('a delivery', () => {
  const test = async () => {
    const { body } = await alerting.ask('GET', org, '')
    return alerting.ask('POST', org, `/destinations/${body.destinations[0].id}/test`)
  }
  const deliveries = async () => (await alerting.ask('GET', org, '/deliveries')).body.deliveries

  it('is sent when asked for, verified by the library, and told of', async () => {
    alerting.clock.nowMs = Date.now()
    expect((await test()).body).toMatchObject({ kind: 'test', state: 'waiting', attempts: [] })
    await alerting.deliver()
    const [hook] = hooks.received
    const headers = Object.fromEntries(
      Object.entries(hook?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    )
    expect(new Webhook(secret).verify(hook?.body ?? '', headers)).toMatchObject({ type: 'alert.test', data: { org } })
    expect(() => new Webhook('whsec_b3RoZXI=').verify(hook?.body ?? '', headers)).toThrow()
    expect(await deliveries()).toMatchObject([{ state: 'delivered', attempts: [{ status: 204, problem: null }] }])
  })

  it('that fails is tried again, later each time, with the same id and body; at last it is left for a command', async () => {
    hooks.answer = (response) => void response.writeHead(500).end()
    await test()
    const waits: number[] = []
    for (let tries = 0; tries < 8; tries++) {
      await alerting.deliver()
      const [one] = await deliveries()
      waits.push(one.next_attempt === null ? -1 : (Date.parse(one.next_attempt) - alerting.clock.nowMs) / 1_000)
      // Too early: put off, not tried.
      if (tries === 1) await alerting.deliver()
      if (one.next_attempt !== null) alerting.clock.nowMs = Date.parse(one.next_attempt)
    }
    expect(waits).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, -1])
    expect(hooks.received).toHaveLength(8)
    expect(new Set(hooks.received.map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size).toBe(1)
    expect(await deliveries()).toMatchObject([{ state: 'failed' }])
    expect(alerting.buried).toHaveLength(1)
    // Put back to work by hand.
    hooks.answer = (response) => void response.writeHead(200).end()
    alerting.waiting.push(...alerting.buried)
    await alerting.deliver()
    expect(await deliveries()).toMatchObject([{ state: 'delivered' }])
  })

  it('that is answered by a redirect has failed, and is not followed', async () => {
    hooks.answer = (response) => void response.writeHead(307, { location: alerting.hookUrl }).end()
    await test()
    await alerting.deliver()
    expect(hooks.received).toHaveLength(1)
    expect(await deliveries()).toMatchObject([{ attempts: [{ status: 307, problem: 'redirects are not followed' }] }])
  })

  it('whose message was lost is sent by the next look', async () => {
    await test()
    alerting.waiting.length = 0
    alerting.clock.nowMs += 1_800_001
    await evaluated()
    expect(await deliveries()).toMatchObject([{ state: 'delivered' }])
  })

  it('to what was deleted meanwhile is not sent', async () => {
    await test()
    const { body } = await alerting.ask('GET', org, '')
    await alerting.ask('DELETE', org, `/destinations/${body.destinations[0].id}`)
    await alerting.deliver()
    expect(hooks.received).toEqual([])
    expect(await deliveries()).toMatchObject([
      { state: 'failed', attempts: [{ problem: 'the destination was deleted' }] },
    ])
  })
})

describe('destinations', () => {
  it('show their secret once, and no more than a few are kept', async () => {
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(JSON.stringify((await alerting.ask('GET', org, '')).body)).not.toContain(secret)
    for (let at = 1; at < 5; at++) await alerting.ask('POST', org, '/destinations', { url: alerting.hookUrl })
    expect((await alerting.ask('POST', org, '/destinations', { url: alerting.hookUrl })).status).toBe(409)
  })

  it('whose secret is replaced sign with both for a day, then with the new one; of two who replace it at once one does', async () => {
    const [old] = [secret]
    const { id } = (await alerting.ask('GET', org, '')).body.destinations[0]
    const both = await Promise.all([1, 2].map(() => alerting.ask('POST', org, `/destinations/${id}/rotate`)))
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 412])
    const { body } = both.find(({ status }) => status === 200) ?? {}
    expect(body).toMatchObject({ id, last_four: body.secret.slice(-4), secret: expect.stringMatching(/^whsec_/) })
    const hooksOf = async () => {
      await alerting.ask('POST', org, `/destinations/${id}/test`)
      await alerting.deliver()
      return hooks.received.splice(0).map(({ headers, body }) => {
        const signed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
        return (by: string) => verified(by, signed, body)
      })
    }
    const [during] = await hooksOf()
    for (const by of [old, body.secret]) expect(during?.(by)).toMatchObject({ type: 'alert.test' })
    alerting.clock.nowMs += 86_400_000
    expect((await alerting.ask('GET', org, '')).body.destinations[0].previous_secret_until).toBeNull()
    const [later] = await hooksOf()
    expect(later?.(body.secret)).toMatchObject({ type: 'alert.test' })
    expect(() => later?.(old)).toThrow('No matching signature')
  })

  it.each(['https://169.254.169.254/', 'http://example.com/', 'https://2130706433/', 'https://[::ffff:10.0.0.1]/'])(
    'at %s are refused',
    async (url) => {
      const refused = await alerting.ask('POST', org, '/destinations', { url })
      expect(refused).toMatchObject({ status: 422, body: { error: { code: 'destination.refused' } } })
    },
  )

  it('that nobody knows are told so', async () => {
    expect((await alerting.ask('DELETE', org, '/destinations/none')).status).toBe(404)
    expect((await alerting.ask('POST', org, '/destinations/none/test')).status).toBe(404)
  })
})
