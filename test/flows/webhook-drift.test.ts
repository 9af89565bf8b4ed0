// Somebody disables the reporting webhook at Customer.io, nobody looks, and the org's own server hears of it: by the functions that
// ask Customer.io, judge and deliver, on DynamoDB Local, the stand-in and a server that verifies with the scheme's own library.
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { demoAccount, demoWorkspace } from '../../commands/demo-customerio.ts'
import { makeWatchCustomerio } from '../../lambdas/handlers/watch-customerio.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'
import { makeWatchStores } from '../../lambdas/store/watch-stores.ts'
import { makeAlerting } from '../support/alerting.ts'
import { orgOf } from '../support/copy-settings.ts'
import { demoKey, sandboxKey, startTestCustomerio, type TestCustomerio } from '../support/customerio.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { type HookServer, startHookServer } from '../support/hook-server.ts'
import { orgNamed } from '../support/managed.ts'

const apiUrl = 'https://ours.example'
const org = orgOf('acme')
const facts = { apiUrl, org, template: 'welcome_email', apiKey: 'ours', appApiKey: demoKey, sandboxKey }
const account = demoAccount({ ...facts, signingKey: 'key' })
const askedEveryMs = 6 * 3_600_000
let database: TestDatabase
let cio: TestCustomerio
let hooks: HookServer

beforeAll(async () => {
  ;[database, cio, hooks] = await Promise.all([makeTables(), startTestCustomerio(account), startHookServer()])
  const key = { lastFour: 'abcd', sinceMs: 1 }
  const customerio = { region: 'us', workspace: demoWorkspace, signingKey: key, appApiKey: key } as const
  await makeSettingsStore(database.client, database.tables.settings).putOrg(orgNamed(org, { customerio }))
})
afterAll(async () => {
  hooks.close()
  await cio.close()
})

/** At the stand-in, as on the pages of Customer.io. */
async function setDisabled(disabled: boolean): Promise<void> {
  const copy = structuredClone(account) as { reporting_webhooks: { disabled: boolean }[] }
  for (const webhook of copy.reporting_webhooks) webhook.disabled = disabled
  await cio.control('PUT', '/account', copy)
}

it('a reporting webhook that is disabled at Customer.io is told of once, and again only after it was mended', async () => {
  // So that it is told of now, by the clock that the library reads.
  const alerting = makeAlerting(database, [org], hooks, Date.now() - askedEveryMs)
  const watch = makeWatchCustomerio({
    ...makeWatchStores(database.client, database.tables.settings),
    listOrgs: async () => [org],
    readSecret: async () => ({ appApiKey: demoKey }),
    customerio: () => cio.client(),
    apiUrl,
    random: () => 0,
    now: () => alerting.clock.nowMs,
    log: () => undefined,
    tellMetrics: () => undefined,
  })
  const look = async () => {
    expect(await watch(60_000)).toMatchObject({ left: 0, failed: 0 })
    const { fired, over, failed } = await alerting.evaluate()
    expect(failed).toBe(0)
    await alerting.deliver()
    return { fired, over, received: hooks.received.splice(0) }
  }
  const { body: destination } = await alerting.ask('POST', org, '/destinations', { url: alerting.hookUrl })
  expect(await look()).toEqual({ fired: 0, over: 0, received: [] })

  await setDisabled(true)
  expect(await look()).toEqual({ fired: 0, over: 0, received: [] })
  alerting.clock.nowMs += askedEveryMs
  const { fired, received } = await look()
  expect([fired, received.length]).toEqual([1, 1])
  const [hook] = received
  const signed = Object.fromEntries(Object.entries(hook?.headers ?? {}).map(([name, value]) => [name, String(value)]))
  expect(new Webhook(destination.secret).verify(hook?.body ?? '', signed)).toMatchObject({
    type: 'alert.webhook_drift',
    data: { org, message: expect.stringMatching(/disabled/) },
  })

  alerting.clock.nowMs += askedEveryMs
  expect(await look()).toEqual({ fired: 0, over: 0, received: [] })
  await setDisabled(false)
  alerting.clock.nowMs += askedEveryMs
  expect(await look()).toEqual({ fired: 0, over: 1, received: [] })
  await setDisabled(true)
  alerting.clock.nowMs += askedEveryMs
  expect(await look()).toMatchObject({ fired: 1, over: 0, received: [{ path: '/alerts' }] })
})
