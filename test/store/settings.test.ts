import { beforeAll, expect, test } from 'vitest'
import type { ApiKey } from '../../contract/api-key.ts'
import { sourceRefSchema } from '../../contract/ids.ts'
import type { Integration } from '../../contract/integration.ts'
import type { Org } from '../../contract/org.ts'
import { makeSettingsStore, type SettingsStore } from '../../lambdas/store/settings.ts'
import { orgOf, templateIdOf, templateOf, variantOf } from '../support/copy-settings.ts'
import { localClient, makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { injectFaults, watchCalls } from '../support/sdk-faults.ts'

const acme = orgOf('acme')
let database: TestDatabase
let settings: SettingsStore
beforeAll(async () => {
  database = await makeTables()
  settings = makeSettingsStore(database.client, database.tables.settings)
})

test('what was put is found again, and only under its org', async () => {
  const org: Org = { org: acme, name: 'Acme', personIdentifier: 'id', currency: 'EUR', webhookSignature: 'none' }
  const key: ApiKey = { keyId: 'k1', hash: 'aa', lastFour: 'wxyz', scopes: ['generate'], createdAtMs: 1 }
  await settings.putOrg(org)
  await settings.putApiKey(acme, key)
  expect(await settings.findOrg(acme)).toEqual(org)
  expect(await settings.findApiKey(acme, 'k1')).toEqual(key)
  expect(await settings.findOrg(orgOf('other'))).toBeUndefined()
  expect(await settings.findApiKey(orgOf('other'), 'k1')).toBeUndefined()
})

test('a template comes with all its copies and none of another template', async () => {
  const template = templateOf('welcome')
  const copies = [variantOf('a'), variantOf('b', { status: 'archived', arm: 'control', attrs: { plan: ['pro'] } })]
  await settings.putTemplate(acme, template)
  for (const copy of copies) await settings.putVariant(acme, template.templateId, copy)
  await settings.putTemplate(acme, templateOf('welcome_2'))
  await settings.putVariant(acme, templateIdOf('welcome_2'), variantOf('c'))
  expect(await settings.findTemplate(acme, template.templateId)).toEqual({ template, variants: copies })
})

test('copies without a template are no template', async () => {
  await settings.putVariant(acme, templateIdOf('orphan'), variantOf('a'))
  expect(await settings.findTemplate(acme, templateIdOf('orphan'))).toBeUndefined()
})

test('a template larger than one page is read whole', async () => {
  const templateId = templateIdOf('large')
  await settings.putTemplate(acme, templateOf('large'))
  const texts = Array.from({ length: 12 }, (_, at) => variantOf(`c${at}`, { vars: { body: 'x'.repeat(120_000) } }))
  for (const variant of texts) await settings.putVariant(acme, templateId, variant)
  const client = localClient()
  const calls = watchCalls(client)
  const found = await makeSettingsStore(client, database.tables.settings).findTemplate(acme, templateId)
  expect(found?.variants).toHaveLength(12)
  expect(calls.length).toBeGreaterThan(1)
})

test('the text and the arm of a copy never change, its status and conditions may', async () => {
  const templateId = templateIdOf('fixed')
  const copy = variantOf('a', { vars: { subject: 'One', body: 'Two' } })
  expect(await settings.putVariant(acme, templateId, copy)).toBe('stored')
  expect(await settings.putVariant(acme, templateId, { ...copy, vars: { body: 'Two', subject: 'One' } })).toBe('stored')
  expect(await settings.putVariant(acme, templateId, { ...copy, status: 'archived', attrs: { a: ['b'] } })).toBe(
    'stored',
  )
  expect(await settings.putVariant(acme, templateId, { ...copy, vars: { subject: 'Other' } })).toBe('conflict')
  expect(await settings.putVariant(acme, templateId, { ...copy, arm: 'control' })).toBe('conflict')
})

test('a source keeps its template', async () => {
  const integration: Integration = {
    source: sourceRefSchema.parse('campaign:23'),
    templateId: templateIdOf('welcome'),
    webhookActionIds: [],
    controlActionIds: [],
    treatmentActionIds: [],
    serveWindowDays: 30,
  }
  expect(await settings.putIntegration(acme, integration)).toBe('stored')
  expect(await settings.putIntegration(acme, { ...integration, serveWindowDays: 7 })).toBe('stored')
  expect(await settings.putIntegration(acme, { ...integration, templateId: templateIdOf('other') })).toBe('conflict')
  expect(await settings.findIntegration(acme, integration.source)).toEqual({ ...integration, serveWindowDays: 7 })
})

test('a fault of the table is thrown, not taken for an absence', async () => {
  const client = localClient({ maxAttempts: 1 })
  injectFaults(client, () => 'throttle')
  const failing = makeSettingsStore(client, database.tables.settings)
  await expect(failing.findApiKey(acme, 'k1')).rejects.toThrow()
  await expect(failing.findTemplate(acme, templateIdOf('welcome'))).rejects.toThrow()
  await expect(failing.putVariant(acme, templateIdOf('welcome'), variantOf('z'))).rejects.toThrow()
})

test('a read ends when its caller gives up', async () => {
  const client = localClient()
  injectFaults(client, () => ({ delayMs: 30 }))
  const slow = makeSettingsStore(client, database.tables.settings)
  await expect(slow.findApiKey(acme, 'k1', AbortSignal.timeout(5))).rejects.toThrow()
})
