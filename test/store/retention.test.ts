// How long each class of data is kept, as it is written: the one list against the items themselves.
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { beforeAll, describe, expect, it } from 'vitest'
import { fileImportSchema } from '../../contract/import.ts'
import { type Retention, retention } from '../../contract/retention.ts'
import { makeImportStore } from '../../lambdas/store/imports.ts'
import { makeQuarantine } from '../../lambdas/store/quarantine.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'
import { makeSightingNotes } from '../../lambdas/store/sightings.ts'
import { message, serve } from '../exactness/scenarios.ts'
import { orgOf } from '../support/copy-settings.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { storeEvent } from '../support/stream.ts'

const org = orgOf('acme')
const atMs = 1_795_000_000_000
let database: TestDatabase
beforeAll(async () => {
  database = await makeTables()
})

async function itemsOf(table: 'events' | 'settings'): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await database.client.send(new ScanCommand({ TableName: database.tables[table] }))
  return Items.map((item) => unmarshall(item))
}
const daysOf = (ttl: unknown) => (Number(ttl) - atMs / 1_000) / 86_400

describe('what expires', () => {
  it('of bodies set aside: head, every part and its place in the list', async () => {
    const big = Buffer.from(Array.from({ length: 600_000 }, (_, at) => (at * 7919) % 251))
    const reasons = [{ code: 'event.invalid' as const, message: 'm' }]
    const quarantine = makeQuarantine(database.client, database.tables.events)
    await quarantine.setAside(org, big, reasons, atMs, new AbortController().signal)
    const items = (await itemsOf('events')).filter(({ kind }) => String(kind).startsWith('quarantine'))
    expect(items.length).toBeGreaterThanOrEqual(2)
    for (const { ttl } of items) expect(daysOf(ttl)).toBeCloseTo(retention.quarantine.keeps.days, 5)
  })

  it('of sightings and imports', async () => {
    await makeSightingNotes(database.client, database.tables.events)(org, 'mismatch', { atMs, count: 1 })
    const facts = { importId: 'i', org, key: 'k', source: 'files', etag: 'e', sizeBytes: 1, modifiedAtMs: 1 }
    const begun = fileImportSchema.parse({ ...facts, status: 'planning', startedAtMs: atMs, problems: [] })
    await makeImportStore(database.client, database.tables.settings).begin(begun)
    const [sighting] = (await itemsOf('events')).filter(({ kind }) => kind === 'sighting')
    const [imported] = (await itemsOf('settings')).filter(({ sk }) => String(sk).startsWith('import#'))
    expect(daysOf(sighting?.ttl)).toBeCloseTo(retention.sightings.keeps.days, 5)
    expect(daysOf(imported?.ttl)).toBeCloseTo(retention.imports.keeps.days, 5)
  })
})

it('keeps events and settings, on which the counts of every day rest', async () => {
  for (const event of [serve('S1', 'a', { person: '1' }), message('D1', 'sent')]) {
    await storeEvent(database.client, database.tables.events, org, event)
  }
  const settings = makeSettingsStore(database.client, database.tables.settings)
  await settings.putOrg({ org, name: 'A', personIdentifier: 'id', currency: 'EUR', webhookSignature: 'none' })
  const events = (await itemsOf('events')).filter(({ kind }) => kind === 'message' || kind === 'serve')
  const [kept] = (await itemsOf('settings')).filter(({ sk }) => sk === 'org#')
  expect(events).toHaveLength(2)
  for (const item of [...events, kept]) expect(item).not.toHaveProperty('ttl')
  expect(retention.events.keeps).toBe('kept')
})

it('says why of every class', () => {
  const classes: Retention[] = Object.values(retention)
  for (const { keeps, by, why } of classes) {
    expect(why.length).toBeGreaterThan(15)
    expect(keeps === 'kept').toBe(by === 'nothing')
  }
})
