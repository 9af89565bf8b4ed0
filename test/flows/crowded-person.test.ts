// One person, or one delivery, with events without end holds nobody up: the batch ends, the others are measured, and results
// and health say that some events were left out.
import { beforeAll, expect, test } from 'vitest'
import { streamSource } from '../../contract/custom-event.ts'
import { maxBesideEvents, maxPersonEvents, maxPinnedPerName } from '../../contract/limits.ts'
import { usualMetricRules } from '../../contract/metric.ts'
import { makeMeasureOutcomes } from '../../lambdas/handlers/measure-outcomes.ts'
import { batchWrite } from '../../lambdas/store/batch-write.ts'
import { itemAt, placeOf } from '../../lambdas/store/event-claims.ts'
import { readResults } from '../../lambdas/store/results.ts'
import { integrations, message, purchase, serve } from '../exactness/scenarios.ts'
import { orgOf } from '../support/copy-settings.ts'
import { readRow } from '../support/custom-events.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import type { ScriptEvent } from '../support/script.ts'
import { depsOn, storeSettings } from '../support/script-run.ts'
import { makeRecords, storeEvent } from '../support/stream.ts'

const crowd = 50_000
const noonMs = Date.UTC(2026, 10, 20, 12)
const days = { from: '0000-01-01', to: '9999-12-31' }
const rules = { currency: 'EUR', defaults: usualMetricRules, metrics: [] }
let database: TestDatabase

beforeAll(async () => {
  database = await makeTables()
})

/** Stores many events of one person, or of one delivery, without the claims that their ids have. */
async function storeMany(slug: string, count: number, whose: object): Promise<void> {
  const org = orgOf(slug)
  const requests = Array.from({ length: count }, (_, at) => {
    const row = { name: 'viewed', timestamp: noonMs + 60_000 + at, event_id: `v${at}`, ...whose }
    const read = readRow(row, { org, source: streamSource })
    return { PutRequest: { Item: itemAt(placeOf(org, read), read) } }
  })
  await batchWrite(database.client, database.tables.events, requests)
}

async function measure(slug: string, events: readonly ScriptEvent[]): Promise<number> {
  const { client, tables } = database
  const org = orgOf(slug)
  const recordOf = makeRecords(client, tables.events, org)
  const records = (await Promise.all(events.map((event, at) => recordOf(event, String(at))))).flat()
  const start = performance.now()
  expect(await makeMeasureOutcomes(depsOn(client, tables, 1))({ Records: records })).toEqual({ batchItemFailures: [] })
  return performance.now() - start
}

async function cellsOf(slug: string) {
  const cells = await readResults(database.client, database.tables.results, orgOf(slug), 'welcome' as never, days)
  const sum = (name: string, event?: string) =>
    cells.filter(({ cell }) => cell.event === event).reduce((total, { counts }) => total + (counts[name] ?? 0), 0)
  return {
    sent: sum('sent'),
    cut: sum('events_cut'),
    purchases: sum('events', 'purchase'),
    views: sum('events', 'viewed'),
  }
}

test(`a person with ${crowd} events`, { timeout: 120_000 }, async () => {
  const { client, tables } = database
  const org = orgOf('crowded')
  await storeSettings({ identifier: 'id', integrations, rules }, database, org)
  await storeMany('crowded', crowd, { user_id: '1' })
  const others = Array.from({ length: 20 }, (_, at) => String(at + 2))
  const events = [
    message('D1', 'sent', { second: 0 }),
    ...others.map((person) => message(`D${person}`, 'sent', { second: 0, person })),
    ...others.map((user_id) => purchase(30 + Number(user_id), { user_id })),
  ]
  for (const event of events) await storeEvent(client, tables.events, org, event)
  const firstMs = await measure('crowded', events)
  // Another of the crowd arrives: everything is read once more, and nothing is left to change.
  const againMs = await measure('crowded', [purchase(0, { name: 'viewed', event_id: 'v0' })])
  console.log(
    `a batch with a person of ${crowd} events took ${firstMs.toFixed()} ms, one more of them ${againMs.toFixed()}`,
  )
  expect(await cellsOf('crowded')).toEqual({ sent: 21, cut: 1, purchases: 20, views: maxPersonEvents })
  // A deployed function has 60 s; a machine that is busy must not make this test fail.
  expect(Math.max(firstMs, againMs)).toBeLessThan(20_000)
})

test('a delivery with more events beside it than are read', { timeout: 60_000 }, async () => {
  const { client, tables } = database
  const org = orgOf('beside')
  await storeSettings({ identifier: 'id', integrations, rules }, database, org)
  await storeMany('beside', maxBesideEvents + 100, { delivery_id: 'CS1' })
  // The serve sorts behind the events, in the same partition, and explains the send.
  const events = [serve('S1', 'a', { person: '1' }), message('D1', 'sent')]
  for (const event of events) await storeEvent(client, tables.events, org, event)
  await measure('beside', events)
  expect(await cellsOf('beside')).toMatchObject({ sent: 1, cut: 1, views: maxPinnedPerName })
})
