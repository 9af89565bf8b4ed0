// What health reads and what the routes about the set-up keep, on the tables.
import { beforeAll, describe, expect, it } from 'vitest'
import { demoTemplate, demoVariants } from '../../commands/demo-org.ts'
import { orgSlugSchema } from '../../contract/ids.ts'
import { listRefusals, makeRefusalNotes } from '../../lambdas/store/refusals.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'
import { makeSetupStores } from '../../lambdas/store/setup-stores.ts'
import { findArrivedSubject } from '../../lambdas/store/subjects.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'

const acme = orgSlugSchema.parse('acme')
const other = orgSlugSchema.parse('acme-2')
let database: TestDatabase
let stores: ReturnType<typeof makeSetupStores>

beforeAll(async () => {
  database = await makeTables()
  const { events, results, settings } = database.tables
  stores = makeSetupStores(database.client, { EVENTS_TABLE: events, RESULTS_TABLE: results, SETTINGS_TABLE: settings })
})

describe('refusals', () => {
  it('are kept by reason with the first and the last time, however many there were, per org', async () => {
    const note = makeRefusalNotes(database.client, database.tables.events)
    const hourMs = 3_600_000
    for (const atMs of [10 * hourMs + 5, 10 * hourMs + 900, 12 * hourMs + 7]) {
      await note(acme, 'signature.mismatch', atMs)
    }
    await note(acme, 'signature.unsigned', 11 * hourMs)
    await note(other, 'signature.too_old', 11 * hourMs)
    expect(
      (await listRefusals(database.client, database.tables.events, acme)).toSorted((a, b) => a.firstAtMs - b.firstAtMs),
    ).toEqual([
      { why: 'signature.mismatch', firstAtMs: 10 * hourMs + 900, lastAtMs: 12 * hourMs + 7 },
      { why: 'signature.unsigned', firstAtMs: 11 * hourMs, lastAtMs: 11 * hourMs },
    ])
    expect(await stores.listRefusals(other)).toHaveLength(1)
  })

  it('measure nothing', () => {
    expect(
      findArrivedSubject({ pk: { S: 'acme#r' }, sk: { S: 'signature.mismatch#1' }, kind: { S: 'refusal' } }),
    ).toBeUndefined()
  })
})

describe('verifications', () => {
  const findings = [{ id: 'a', title: 'A', state: 'ok' as const, seen: 's', what_to_do: '', sinceMs: 5 }]

  it('are replaced by the next of their topic and stay apart by org', async () => {
    await stores.verifications.put(acme, 'settings', { checkedAtMs: 1, findings, runningCampaigns: ['23'] })
    await stores.verifications.put(acme, 'settings', { checkedAtMs: 2, findings })
    await stores.verifications.put(acme, `integration:${demoTemplate.templateId}`, { checkedAtMs: 3, findings })
    await stores.verifications.put(other, 'reporting-webhook', { checkedAtMs: 4, findings, webhookCreatedAtMs: 4 })
    expect([...(await stores.verifications.list(acme))].toSorted()).toEqual([
      ['integration:welcome_email', { checkedAtMs: 3, findings }],
      ['settings', { checkedAtMs: 2, findings }],
    ])
    expect((await stores.verifications.list(other)).get('reporting-webhook')).toMatchObject({ webhookCreatedAtMs: 4 })
  })
})

it('templates are listed without their copy', async () => {
  const settings = makeSettingsStore(database.client, database.tables.settings)
  await settings.putTemplate(acme, demoTemplate)
  for (const variant of demoVariants) await settings.putVariant(acme, demoTemplate.templateId, variant)
  expect(await stores.listTemplates(acme)).toEqual([demoTemplate])
  expect(await stores.listTemplates(other)).toEqual([])
})
