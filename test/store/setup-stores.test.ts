// What health reads and what the routes about the set-up keep, on the tables.
import { beforeAll, describe, expect, it } from 'vitest'
import { demoTemplate, demoVariants } from '../../commands/demo-org.ts'
import { orgSlugSchema, sourceRefSchema } from '../../contract/ids.ts'
import { sourcesSeen } from '../../lambdas/domain/health/health-facts.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'
import { makeSetupStores } from '../../lambdas/store/setup-stores.ts'
import { listSightings, makeSightingNotes, makeSourceNotes } from '../../lambdas/store/sightings.ts'
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

describe('sightings', () => {
  it('are kept by thing, hour and instance with what was counted last, per org', async () => {
    const { client, tables } = database
    const [one, two] = ['a', 'b'].map((instance) => makeSightingNotes(client, tables.events, instance))
    const hourMs = 3_600_000
    await one?.(acme, 'signature.mismatch', { atMs: 10 * hourMs + 5, count: 1 })
    await one?.(acme, 'signature.mismatch', { atMs: 10 * hourMs + 900, count: 7 })
    await two?.(acme, 'signature.mismatch', { atMs: 10 * hourMs + 800, count: 2 })
    await one?.(acme, 'signature.mismatch', { atMs: 12 * hourMs + 7, count: 1 })
    await one?.(acme, 'signature.valid', { atMs: 11 * hourMs, count: 3 })
    await one?.(other, 'signature.too_old', { atMs: 11 * hourMs, count: 1 })
    expect(
      (await listSightings(client, tables.events, acme)).toSorted((a, b) => a.atMs - b.atMs || a.count - b.count),
    ).toEqual([
      { what: 'signature.mismatch', atMs: 10 * hourMs + 800, count: 2 },
      { what: 'signature.mismatch', atMs: 10 * hourMs + 900, count: 7 },
      { what: 'signature.valid', atMs: 11 * hourMs, count: 3 },
      { what: 'signature.mismatch', atMs: 12 * hourMs + 7, count: 1 },
    ])
    expect(await stores.listSightings(other)).toHaveLength(1)
  })

  it('of sources are one item each, of when it was seen last', async () => {
    const { client, tables } = database
    const fresh = orgSlugSchema.parse('sources')
    const [one, two] = [makeSourceNotes(client, tables.events), makeSourceNotes(client, tables.events)]
    const { signal } = new AbortController()
    await one(fresh, sourceRefSchema.parse('campaign:24'), 5, signal)
    await two(fresh, sourceRefSchema.parse('campaign:24'), 10 * 3_600_000, signal)
    await one(fresh, sourceRefSchema.parse('newsletter:7'), 6, signal)
    const seen = await stores.listSightings(fresh)
    expect(seen.map(({ what, atMs }) => `${what} ${atMs}`)).toEqual([
      'source.campaign:24 36000000',
      'source.newsletter:7 6',
    ])
    expect(sourcesSeen(seen)).toEqual(['campaign:24', 'newsletter:7'])
  })

  it('measure nothing', () => {
    expect(
      findArrivedSubject({ pk: { S: 'acme#r' }, sk: { S: 'signature.mismatch#1' }, kind: { S: 'sighting' } }),
    ).toBeUndefined()
  })
})

describe('verifications', () => {
  const findings = [{ id: 'a', title: 'A', state: 'ok' as const, seen: 's', what_to_do: '', sinceMs: 5 }]

  it('are not replaced by a word on another that stood before', async () => {
    const third = orgSlugSchema.parse('raced')
    const { replace, list } = stores.verifications
    const made = { checkedAtMs: 2, findings, webhookCreatedAtMs: 2 }
    expect(await replace(third, 'reporting-webhook', undefined, { checkedAtMs: 1, findings })).toBe('replaced')
    const [first] = (await list(third)).values()
    expect(await replace(third, 'reporting-webhook', first, made)).toBe('replaced')
    expect(await replace(third, 'reporting-webhook', first, { checkedAtMs: 3, findings })).toBe('raced')
    expect(await replace(third, 'reporting-webhook', undefined, { checkedAtMs: 3, findings })).toBe('raced')
    expect((await list(third)).get('reporting-webhook')).toEqual(made)
  })

  it('are replaced by the next of their topic and stay apart by org', async () => {
    const first = { checkedAtMs: 1, findings, runningCampaigns: ['23'] }
    await stores.verifications.replace(acme, 'settings', undefined, first)
    await stores.verifications.replace(acme, 'settings', first, { checkedAtMs: 2, findings })
    await stores.verifications.replace(acme, `integration:${demoTemplate.templateId}`, undefined, {
      checkedAtMs: 3,
      findings,
    })
    await stores.verifications.replace(other, 'reporting-webhook', undefined, {
      checkedAtMs: 4,
      findings,
      webhookCreatedAtMs: 4,
    })
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
