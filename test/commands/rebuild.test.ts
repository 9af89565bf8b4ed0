// Outcomes and results rebuilt from events alone equal those that grew with the events, which a recount confirms, and a difference is
// found. How many events: REBUILD_EVENTS, 1,000 unless it says otherwise.
import { DeleteItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { beforeAll, expect, it } from 'vitest'
import { measureOrg } from '../../commands/recovery/measuring.ts'
import { dropTables, rebuild } from '../../commands/recovery/rebuild.ts'
import { sumAccounts } from '../../lambdas/domain/measuring/sum-accounts.ts'
import { inLanes } from '../../lambdas/flows/in-lanes.ts'
import { beginRun, continueRun } from '../../lambdas/flows/recount/recount-run.ts'
import { integrations, message, purchase, rules, serve } from '../exactness/scenarios.ts'
import { orgOf } from '../support/copy-settings.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { recountDepsOn } from '../support/recounting.ts'
import type { ScriptEvent } from '../support/script.ts'
import { storeSettings } from '../support/script-run.ts'
import { seededRandom } from '../support/sdk-faults.ts'
import { storeEvent } from '../support/stream.ts'

const eventsPerPerson = 10
const persons = Number(process.env.REBUILD_EVENTS ?? 1_000) / eventsPerPerson
const org = orgOf('rebuilt')
let database: TestDatabase
let stored = 0

/** One person's message, its copy, what became of it and a purchase. */
function eventsOf(at: number): ScriptEvent[] {
  const person = `p${at}`
  const of = (second: number) => ({ second, person })
  return [
    serve(`S${at}`, at % 2 === 0 ? 'a' : 'b', { second: 0, person }),
    message(`CS${at}`, 'sent', { ...of(1), data: { action_id: 7 } }),
    message(`D${at}`, 'sent', of(10)),
    message(`D${at}`, 'delivered', of(12)),
    ...[20, 30, 40, 50].map((second) => message(`D${at}`, 'opened', of(second))),
    message(`D${at}`, 'clicked', of(60)),
    purchase(100 + (at % 50), { user_id: person, event_id: `b${at}` }),
  ]
}

beforeAll(async () => {
  database = await makeTables()
  const { client, tables } = database
  await storeSettings({ identifier: 'id', integrations, rules }, database, org)
  const random = seededRandom(3)
  const events = Array.from({ length: persons }, (_, at) => eventsOf(at)).flat()
  const order = events.map((event) => ({ event, at: random() })).toSorted((a, b) => a.at - b.at)
  // In two halves, in no order: half of what happened is measured before the rest is known.
  const halves = [order.slice(0, order.length / 2), order.slice(order.length / 2)]
  for (const half of halves) {
    await inLanes(half, 24, ({ event }) => storeEvent(client, tables.events, org, event))
    expect(await measureOrg(client, tables, org)).toMatchObject({ failed: 0 })
  }
  stored = events.length
}, 1_200_000)

const fresh = (name: string) => ({
  outcomes: `${database.tables.outcomes}-${name}`,
  results: `${database.tables.results}-${name}`,
})

it('equals what grew with the events', { timeout: 1_200_000 }, async () => {
  const startMs = performance.now()
  const into = fresh('same')
  const seen = await rebuild(database.client, database.tables, into, org, () => undefined)
  const seconds = (performance.now() - startMs) / 1_000
  await dropTables(database.client, Object.values(into))
  console.log(
    `${stored} events rebuilt and compared in ${seconds.toFixed(1)} s, ${(stored / seconds).toFixed(0)} a second`,
  )
  expect(seen).toMatchObject({ measured: { failed: 0 }, differingOutcomes: 0, differingCells: [] })
  expect(seen.outcomes).toBe(persons * 3)
})

it('is recounted in steps, and nothing of it is a drift or uncounted', { timeout: 1_200_000 }, async () => {
  const { client, tables } = database
  const deps = recountDepsOn(client, tables, Date.now)
  const startMs = performance.now()
  const recounted = await continueRun(deps, org, await beginRun(deps, org), Number.POSITIVE_INFINITY)
  const seconds = (performance.now() - startMs) / 1_000
  console.log(`${stored} events recounted in ${seconds.toFixed(1)} s, ${(stored / seconds).toFixed(0)} a second`)
  const sum = sumAccounts(recounted?.days ?? [])
  const reported = persons * 8
  expect({ ...sum, drift: recounted?.drift }).toEqual({
    ...{ accepted: reported, counted: reported, unmatched: 0, setAside: 0, twice: 0, pending: 0, unaccounted: 0 },
    drift: 0,
  })
})

it('finds an outcome that is missing and a counter that is off', { timeout: 1_200_000 }, async () => {
  const { client, tables } = database
  const { Items: [item] = [] } = await client.send(
    new ScanCommand({ TableName: tables.outcomes, FilterExpression: 'attribute_exists(outcome)' }),
  )
  const { Items: [row] = [] } = await client.send(new ScanCommand({ TableName: tables.results }))
  if (item?.pk === undefined || item.sk === undefined || row === undefined) throw new Error('nothing is stored')
  await client.send(new DeleteItemCommand({ TableName: tables.outcomes, Key: { pk: item.pk, sk: item.sk } }))
  await client.send(new PutItemCommand({ TableName: tables.results, Item: { ...row, sent: { N: '987654' } } }))
  const into = fresh('other')
  const seen = await rebuild(client, tables, into, org, () => undefined)
  await dropTables(client, Object.values(into))
  expect(seen.differingOutcomes).toBe(1)
  expect(seen.differingCells).toHaveLength(1)
})
