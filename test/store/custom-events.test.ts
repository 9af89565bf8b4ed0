import { QueryCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { defaultFileSource } from '../../contract/custom-event.ts'
import { type OrgSlug, orgSlugSchema, personKeySchema } from '../../contract/ids.ts'
import { makeCustomEventStore } from '../../lambdas/store/custom-events.ts'
import { readProperties, toCustomEvent } from '../../lambdas/store/custom-item.ts'
import { personEventsPartition } from '../../lambdas/store/event-keys.ts'
import { makeFileEventStore } from '../../lambdas/store/file-events.ts'
import { fileRow, purchase, readRow } from '../support/custom-events.ts'
import { localClient, makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { faultsBySeed, injectFaults } from '../support/sdk-faults.ts'

let database: TestDatabase
let orgs = 0
const nextOrg = () => orgSlugSchema.parse(`org-${orgs++}`)

beforeAll(async () => {
  database = await makeTables()
})

const store = (client = database.client) => makeCustomEventStore(client, database.tables.events)
const keep = (org: OrgSlug, ...rows: object[]) =>
  store().keep(
    org,
    rows.map((row) => purchase(row, org)),
  )
const files = (client = database.client) => makeFileEventStore(client, database.tables.events)

/** The events of a person, as stored. */
async function eventsOf(org: OrgSlug, person = 'ann') {
  const { events } = database.tables
  const pk = personEventsPartition(org, personKeySchema.parse(`id:${person}`))
  const query = {
    TableName: events,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: marshall({ ':pk': pk }),
  }
  const { Items } = await database.client.send(new QueryCommand(query))
  return (Items ?? []).map((item) => unmarshall(item))
}

describe('streamed events', () => {
  test('are stored once, whatever id they have', async () => {
    const org = nextOrg()
    const rows = [{ event_id: 'e1' }, { value: '1' }]
    expect(await keep(org, ...rows)).toEqual(['stored', 'stored'])
    expect(await keep(org, ...rows)).toEqual(['duplicate', 'duplicate'])
    expect((await eventsOf(org)).map(toCustomEvent)).toMatchObject([{ eventId: 'e1' }, { value: '1' }])
  })

  test('keep the first content of an id, also for another person and within one call', async () => {
    const org = nextOrg()
    expect(
      await keep(org, { event_id: 'e', value: '1' }, { event_id: 'e', value: '2' }, { event_id: 'e', value: '1' }),
    ).toEqual(['stored', 'conflict', 'duplicate'])
    expect(await keep(org, { event_id: 'e', value: '1', user_id: 'bob' })).toEqual(['conflict'])
    expect(await eventsOf(org)).toMatchObject([{ value: '1' }])
    expect(await eventsOf(org, 'bob')).toEqual([])
  })

  test('without a time keep the time of the first receipt', async () => {
    const org = nextOrg()
    const row = { name: 'a', user_id: 'ann', event_id: 'e' }
    await store().keep(org, [readRow(row, { org, receivedAtMs: 1_795_000_000_001 })])
    await store().keep(org, [readRow(row, { org, receivedAtMs: 1_795_000_000_002 })])
    expect(await eventsOf(org)).toMatchObject([{ atMs: 1_795_000_000_001 }])
  })

  test('are healed by the next sending when the first one stopped between claim and event', async () => {
    const org = nextOrg()
    const client = localClient({ maxAttempts: 1 })
    injectFaults(client, ({ command }) => (command === 'BatchWriteItemCommand' ? 'down' : undefined))
    await expect(store(client).keep(org, [purchase({ event_id: 'e' }, org)])).rejects.toThrow()
    expect(await eventsOf(org)).toEqual([])
    expect(await keep(org, { event_id: 'e' })).toEqual(['duplicate'])
    expect(await eventsOf(org)).toHaveLength(1)
  })

  test('of one id from many senders at once leave one event and one that stored it', async () => {
    const org = nextOrg()
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, at) => keep(org, { event_id: 'e', value: String(at % 3) })),
    )
    expect(answers.flat().filter((each) => each === 'stored')).toHaveLength(1)
    const [stored] = await eventsOf(org)
    const winner = Number(stored?.value)
    expect(answers.flat().filter((each) => each === 'duplicate')).toHaveLength(3)
    expect(answers.flat()[winner] === 'conflict').toBe(false)
    expect(await eventsOf(org)).toHaveLength(1)
  })
})

test('an id of one source says nothing of the same id of another', async () => {
  const org = nextOrg()
  expect(await keep(org, { event_id: 'e' })).toEqual(['stored'])
  await files().keep(org, [fileRow(purchase({ event_id: 'e', value: '2' }, org, defaultFileSource), 0)])
  expect(await eventsOf(org)).toHaveLength(2)
})

test('properties come back as they were given, small or large', async () => {
  const org = nextOrg()
  const large = { text: 'lorem ipsum '.repeat(200) }
  await keep(org, { event_id: 'a', properties: { b: 1 } }, { event_id: 'b', properties: large })
  const texts = (await eventsOf(org)).flatMap((item) => toCustomEvent(item) ?? []).map(readProperties)
  expect(texts).toEqual(['{"b":1}', JSON.stringify(large)])
})

test('600 events are kept whatever DynamoDB leaves undone, and the calls to write them are few', async () => {
  const org = nextOrg()
  const client = localClient({ maxAttempts: 8 })
  const calls = injectFaults(client, faultsBySeed(7, { unprocessed: 0.2, throttle: 0.05, 'lost-answer': 0.03 }))
  const events = Array.from({ length: 600 }, (_, at) => purchase(at % 2 ? { event_id: `e${at}` } : { n: at }, org))
  const kept = await store(client).keep(org, events)
  expect(kept).toEqual(events.map(() => 'stored'))
  expect(await eventsOf(org)).toHaveLength(600)
  expect(calls.filter(({ command }) => command === 'BatchWriteItemCommand').length).toBeLessThan(120)
})

test('whatever is retried, under any faults, every id ends with one event of a content that was sent', {
  timeout: 60_000,
}, async () => {
  const sends = fc.array(
    fc.record({
      id: fc.constantFrom('a', 'b', undefined),
      value: fc.integer({ min: 1, max: 3 }),
      user: fc.constantFrom('ann', 'bob'),
    }),
    { minLength: 1, maxLength: 6 },
  )
  const property = fc.asyncProperty(
    fc.nat(),
    fc.constantFrom('first', 'latest'),
    fc.array(sends, { minLength: 1, maxLength: 3 }),
    async (seed, mode, workers) => {
      const org = nextOrg()
      const [source, open] = mode === 'first' ? [undefined, store] : [defaultFileSource, files]
      const client = localClient({ maxAttempts: 2 })
      injectFaults(client, faultsBySeed(seed, { unprocessed: 0.1, throttle: 0.1, 'lost-answer': 0.1 }))
      const work = async (rows: (typeof workers)[number]) => {
        const events = rows.map(({ id, value, user }, at) =>
          fileRow(purchase({ event_id: id, value: String(value), user_id: user }, org, source), 0, at),
        )
        for (let tries = 0; ; tries++) {
          try {
            return await open(tries < 20 ? client : database.client).keep(org, events)
          } catch (error) {
            if (tries > 40) throw error
          }
        }
      }
      await Promise.all(workers.map(work))
      const items = [...(await eventsOf(org)), ...(await eventsOf(org, 'bob'))]
      const stored = items.filter(({ kind }) => kind === 'custom')
      const sent = workers.flat()
      for (const id of ['a', 'b']) {
        const ofId = stored.filter(({ eventId }) => eventId === id)
        const contents = sent.filter((each) => each.id === id)
        expect(ofId).toHaveLength(contents.length > 0 ? 1 : 0)
        if (ofId[0]) expect(contents).toContainEqual({ id, value: Number(ofId[0].value), user: ofId[0].userId })
      }
      const unnamed = new Set(sent.filter(({ id }) => id === undefined).map(({ value, user }) => `${value} ${user}`))
      expect(stored.filter(({ eventId }) => eventId.length > 1)).toHaveLength(unnamed.size)
    },
  )
  await fc.assert(property, { numRuns: 25 })
})
