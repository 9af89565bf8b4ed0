// A recount finds what counters lack, mends it, and leaves alone what moves meanwhile.
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { orgSlugSchema } from '../../contract/ids.ts'
import { contribute } from '../../lambdas/domain/measuring/contribute.ts'
import type { Placed } from '../../lambdas/domain/measuring/place-outcomes.ts'
import { recountResults } from '../../lambdas/flows/recount/recount-results.ts'
import { makeOutcomeStore, type OutcomeStore } from '../../lambdas/store/outcomes.ts'
import { makeRecountReads } from '../../lambdas/store/recount-reads.ts'
import { resultsKey } from '../../lambdas/store/result-keys.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { send, templateId } from '../support/placed.ts'

let database: TestDatabase
let store: OutcomeStore
let orgs = 0
let org = orgSlugSchema.parse('org')

beforeAll(async () => {
  database = await makeTables()
  store = makeOutcomeStore(database.client, database.tables)
})
beforeEach(() => {
  org = orgSlugSchema.parse(`org-${orgs++}`)
})

const sentTo = send(10, { templateId, arm: 'control', rule: 'none' })
const cell = { day: '2025-06-15', group: 'control', name: '', stratum: '' } as const

function write(placed: Placed, shard = 0, cells = contribute(placed)) {
  const plan = { writes: [{ placed, over: undefined }], removals: [], guards: [], cells }
  return store.commit(org, plan, shard)
}

/** Adds to a counter behind the back of everything. */
function tamper(counter: string, by: number, shard = 0) {
  const update = {
    TableName: database.tables.results,
    Key: marshall(resultsKey(org, templateId, cell, shard)),
    UpdateExpression: 'ADD #counter :by',
    ExpressionAttributeNames: { '#counter': counter },
    ExpressionAttributeValues: marshall({ ':by': by }),
  }
  return database.client.send(new UpdateItemCommand(update))
}

const recount = (repair: boolean) => recountResults(makeRecountReads(database.client, database.tables), org, repair)

describe('a recount', () => {
  it('finds nothing when counters are what outcomes say, over all shards', async () => {
    await write(sentTo)
    await write(send(20, { ...sentTo.outcome, deliveryId: send(0).outcome.deliveryId, events: 2 }), 7)
    expect(await recount(false)).toEqual({ outcomes: 2, cells: 1, drifts: [], busy: 0 })
  })

  it('names the cell and the counter that differ, and changes nothing unasked', async () => {
    await write(sentTo)
    await tamper('sent', 3)
    const drifts = [{ change: { scope: templateId, cell, counts: { sent: -3 } }, repaired: false }]
    expect((await recount(false)).drifts).toEqual(drifts)
    expect((await recount(false)).drifts).toEqual(drifts)
  })

  it('mends when asked, once and for all', async () => {
    await write(sentTo)
    await tamper('sent', 3)
    await tamper('clicked', 1, 5)
    expect((await recount(true)).drifts).toMatchObject([{ repaired: true }])
    expect((await recount(false)).drifts).toEqual([])
  })

  it('makes the row of a cell that lost all of its counters', async () => {
    await write(sentTo, 0, [])
    expect((await recount(true)).drifts).toMatchObject([{ repaired: true, change: { counts: { sent: 1 } } }])
    expect((await recount(false)).drifts).toEqual([])
  })

  it('takes away the counters of outcomes that do not exist', async () => {
    await tamper('sent', 2)
    expect((await recount(true)).drifts).toMatchObject([{ change: { counts: { sent: -2 } } }])
    expect((await recount(false)).drifts).toEqual([])
  })

  it('finds nothing in a cell whose rows cancel each other out, money included', async () => {
    for (const [by, shard] of [
      [1, 0],
      [-1, 5],
    ] as const) {
      for (const counter of ['events', 'value:USD', 'squares:USD']) await tamper(counter, by, shard)
    }
    expect(await recount(false)).toEqual({ outcomes: 0, cells: 1, drifts: [], busy: 0 })
  })

  it('says nothing about a cell that is written meanwhile, and never mends it', async () => {
    await write(sentTo)
    await tamper('sent', 3)
    const reads = makeRecountReads(database.client, database.tables)
    const scanOutcomes = async function* (of: typeof org) {
      yield* reads.scanOutcomes(of)
      await write(send(30, { ...sentTo.outcome }))
    }
    expect(await recountResults({ ...reads, scanOutcomes }, org, true)).toMatchObject({ drifts: [], busy: 1 })
  })

  it('does not mend what was written between its look and its mending', async () => {
    await write(sentTo)
    await tamper('sent', 3)
    const reads = makeRecountReads(database.client, database.tables)
    const mend: typeof reads.mend = async (of, counted, counts) => {
      await write(send(40, { ...sentTo.outcome }))
      return reads.mend(of, counted, counts)
    }
    expect((await recountResults({ ...reads, mend }, org, true)).drifts).toMatchObject([{ repaired: false }])
  })

  it('sees nothing of an org whose name begins alike', async () => {
    await write(sentTo)
    const other = orgSlugSchema.parse(`${org}-b`)
    const reads = makeRecountReads(database.client, database.tables)
    expect(await recountResults(reads, other, false)).toEqual({ outcomes: 0, cells: 0, drifts: [], busy: 0 })
  })
})
