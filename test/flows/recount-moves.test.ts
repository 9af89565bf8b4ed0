// A scan is no snapshot: what changes places meanwhile may be seen twice or not at all. A recount leaves the cells of such
// outcomes alone, also when their counters stay as they are.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type OrgSlug, personKeySchema } from '../../contract/ids.ts'
import type { Placed } from '../../lambdas/domain/measuring/place-outcomes.ts'
import { type RecountDeps, recountResults } from '../../lambdas/flows/recount/recount-results.ts'
import { makeMeasureOutcomes } from '../../lambdas/handlers/measure-outcomes.ts'
import { makeErasure } from '../../lambdas/store/erasure.ts'
import { makeOutcomeStore } from '../../lambdas/store/outcomes.ts'
import { makeRecountReads } from '../../lambdas/store/recount-reads.ts'
import { integrations, message, purchase, rules, serve } from '../exactness/scenarios.ts'
import { orgOf } from '../support/copy-settings.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import type { ScriptEvent } from '../support/script.ts'
import { depsOn, storeSettings } from '../support/script-run.ts'
import { makeRecords, storeEvent } from '../support/stream.ts'

let database: TestDatabase
let reads: RecountDeps
let orgs = 0
let org: OrgSlug

beforeAll(async () => {
  database = await makeTables()
  reads = makeRecountReads(database.client, database.tables)
})
beforeEach(async () => {
  org = orgOf(`moves-${orgs++}`)
  await storeSettings({ identifier: 'id', integrations, rules }, database, org)
})

async function measure(event: ScriptEvent) {
  const { client, tables } = database
  await storeEvent(client, tables.events, org, event)
  const Records = await makeRecords(client, tables.events, org)(event, '1')
  expect(await makeMeasureOutcomes(depsOn(client, tables, 1))({ Records })).toEqual({ batchItemFailures: [] })
}

/** A scan that comes by some outcomes before something happens, and by the others after it. */
function scanAround(
  happens: () => Promise<unknown>,
  isEarly: (placed: Placed) => boolean,
): RecountDeps['scanOutcomes'] {
  return async function* (of) {
    const before = await Array.fromAsync(reads.scanOutcomes(of))
    await happens()
    const after = await Array.fromAsync(reads.scanOutcomes(of))
    yield* before.filter(isEarly)
    yield* after.filter((placed) => !isEarly(placed))
  }
}

async function mendAround(happens: () => Promise<unknown>, isEarly: (placed: Placed) => boolean) {
  const mended = await recountResults({ ...reads, scanOutcomes: scanAround(happens, isEarly) }, org, true)
  return { mended, after: await recountResults(reads, org, false) }
}

const nothingWrong = { mended: { drifts: [] }, after: { drifts: [], busy: 0 } }

describe('a recount that mends leaves right counters right', () => {
  const ofDelivery = ({ person }: Placed) => person.startsWith('delivery:')

  it.each([
    ['seen in both places', ofDelivery],
    ['seen in neither', (placed: Placed) => !ofDelivery(placed)],
  ])('when a serve finds its person and is %s', async (_, isEarly) => {
    await measure(serve('S1', 'a'))
    const { mended, after } = await mendAround(() => measure(message('CS1', 'sent', { second: 1 })), isEarly)
    expect({ mended, after }).toMatchObject(nothingWrong)
    expect(mended.busy).toBeGreaterThan(0)
  })

  it.each([
    ['twice', 'send:D1'],
    ['nowhere', 'send:D2'],
  ])('when a later send takes over a purchase that is seen %s', async (_, early) => {
    await measure(message('D1', 'sent', { second: 0 }))
    await measure(purchase(20, {}))
    const { mended, after } = await mendAround(
      () => measure(message('D2', 'sent')),
      ({ subject }) => subject === early,
    )
    expect({ mended, after }).toMatchObject(nothingWrong)
    expect(mended.busy).toBeGreaterThan(0)
  })

  it.each([
    ['in both places', true],
    ['in neither', false],
  ])('when a person is erased whose outcomes are seen %s', async (_, namedEarly) => {
    const { client, tables } = database
    await measure(message('D1', 'sent'))
    await measure(message('D2', 'sent', { person: '2' }))
    const person = personKeySchema.parse('id:1')
    const erasure = makeErasure(client, tables)
    const erase = async () => {
      await erasure.markErased(org, person)
      const stored = await makeOutcomeStore(client, tables).readPerson(org, person)
      expect(await erasure.anonymiseOutcomes(org, stored)).toBe('done')
    }
    const { mended, after } = await mendAround(erase, (placed) => (placed.person === person) === namedEarly)
    expect({ mended, after }).toMatchObject(nothingWrong)
    expect(mended.busy).toBeGreaterThan(0)
  })
})
