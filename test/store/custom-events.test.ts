import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { defaultFileSource } from '../../contract/custom-event.ts'
import { type OrgSlug, orgSlugSchema, personKeySchema } from '../../contract/ids.ts'
import type { KeepMode } from '../../lambdas/domain/judge-arrivals.ts'
import type { ReadEvent } from '../../lambdas/domain/read-custom-event.ts'
import { makeCustomEventStore } from '../../lambdas/store/custom-events.ts'
import { readProperties, toCustomEvent } from '../../lambdas/store/custom-item.ts'
import { eventClaimKey, personEventsPartition } from '../../lambdas/store/event-keys.ts'
import { purchase, readRow } from '../support/custom-events.ts'
import { localClient, makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { faultsBySeed, injectFaults } from '../support/sdk-faults.ts'

let database: TestDatabase
let orgs = 0
const nextOrg = () => orgSlugSchema.parse(`org-${orgs++}`)

beforeAll(async () => {
  database = await makeTables()
})

const store = (client = database.client) => makeCustomEventStore(client, database.tables.events)
const keep = (org: OrgSlug, mode: KeepMode, ...rows: object[]) =>
  store().keep(
    org,
    rows.map((row) => read(org, mode, row)),
    mode,
  )
const read = (org: OrgSlug, mode: KeepMode, row: object): ReadEvent =>
  purchase(row, org, mode === 'latest' ? defaultFileSource : undefined)

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
    expect(await keep(org, 'first', ...rows)).toEqual(['stored', 'stored'])
    expect(await keep(org, 'first', ...rows)).toEqual(['duplicate', 'duplicate'])
    expect((await eventsOf(org)).map(toCustomEvent)).toMatchObject([{ eventId: 'e1' }, { value: '1' }])
  })

  test('keep the first content of an id, also for another person and within one call', async () => {
    const org = nextOrg()
    expect(
      await keep(
        org,
        'first',
        { event_id: 'e', value: '1' },
        { event_id: 'e', value: '2' },
        { event_id: 'e', value: '1' },
      ),
    ).toEqual(['stored', 'conflict', 'duplicate'])
    expect(await keep(org, 'first', { event_id: 'e', value: '1', user_id: 'bob' })).toEqual(['conflict'])
    expect(await eventsOf(org)).toMatchObject([{ value: '1' }])
    expect(await eventsOf(org, 'bob')).toEqual([])
  })

  test('without a time keep the time of the first receipt', async () => {
    const org = nextOrg()
    const row = { name: 'a', user_id: 'ann', event_id: 'e' }
    await store().keep(org, [readRow(row, { org, receivedAtMs: 1_795_000_000_001 })], 'first')
    await store().keep(org, [readRow(row, { org, receivedAtMs: 1_795_000_000_002 })], 'first')
    expect(await eventsOf(org)).toMatchObject([{ atMs: 1_795_000_000_001 }])
  })

  test('are healed by the next sending when the first one stopped between claim and event', async () => {
    const org = nextOrg()
    const client = localClient({ maxAttempts: 1 })
    injectFaults(client, ({ command }) => (command === 'BatchWriteItemCommand' ? 'down' : undefined))
    await expect(store(client).keep(org, [purchase({ event_id: 'e' }, org)], 'first')).rejects.toThrow()
    expect(await eventsOf(org)).toEqual([])
    expect(await keep(org, 'first', { event_id: 'e' })).toEqual(['duplicate'])
    expect(await eventsOf(org)).toHaveLength(1)
  })

  test('of one id from many senders at once leave one event and one that stored it', async () => {
    const org = nextOrg()
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, at) => keep(org, 'first', { event_id: 'e', value: String(at % 3) })),
    )
    expect(answers.flat().filter((each) => each === 'stored')).toHaveLength(1)
    const [stored] = await eventsOf(org)
    const winner = Number(stored?.value)
    expect(answers.flat().filter((each) => each === 'duplicate')).toHaveLength(3)
    expect(answers.flat()[winner] === 'conflict').toBe(false)
    expect(await eventsOf(org)).toHaveLength(1)
  })
})

describe('events of files', () => {
  test('replace the content of an id, wherever it stood', async () => {
    const org = nextOrg()
    expect(await keep(org, 'latest', { event_id: 'e', value: '1' }, { value: '5' })).toEqual(['stored', 'stored'])
    expect(await keep(org, 'latest', { event_id: 'e', value: '2', user_id: 'bob' }, { value: '5' })).toEqual([
      'changed',
      'unchanged',
    ])
    expect(await eventsOf(org)).toMatchObject([{ value: '5' }])
    expect(await eventsOf(org, 'bob')).toMatchObject([{ value: '2' }])
    expect(await keep(org, 'latest', { event_id: 'e', value: '2', user_id: 'bob' })).toEqual(['unchanged'])
  })

  test('twice in one call: the later content stands', async () => {
    const org = nextOrg()
    expect(
      await keep(
        org,
        'latest',
        { event_id: 'e', value: '1' },
        { event_id: 'e', value: '2' },
        { event_id: 'e', value: '2' },
      ),
    ).toEqual(['stored', 'changed', 'duplicate'])
    expect(await eventsOf(org)).toMatchObject([{ value: '2' }])
  })

  test('of one id from several workers: the event that stands is the one that the claim names', async () => {
    const org = nextOrg()
    const rows = Array.from({ length: 8 }, (_, at) => ({ event_id: 'e', value: String(at), user_id: `u${at % 3}` }))
    await Promise.all(rows.map((row) => keep(org, 'latest', row)))
    const stored = (await Promise.all(['u0', 'u1', 'u2'].map((person) => eventsOf(org, person)))).flat()
    const Key = marshall(eventClaimKey(org, defaultFileSource, 'e'))
    const { Item } = await database.client.send(new GetItemCommand({ TableName: database.tables.events, Key }))
    expect(stored.map(({ digest }) => digest)).toEqual([Item?.digest?.S])
  })
})

test('an id of one source says nothing of the same id of another', async () => {
  const org = nextOrg()
  expect(await keep(org, 'first', { event_id: 'e' })).toEqual(['stored'])
  expect(await keep(org, 'latest', { event_id: 'e', value: '2' })).toEqual(['stored'])
  expect(await eventsOf(org)).toHaveLength(2)
})

test('properties come back as they were given, small or large', async () => {
  const org = nextOrg()
  const large = { text: 'lorem ipsum '.repeat(200) }
  await keep(org, 'first', { event_id: 'a', properties: { b: 1 } }, { event_id: 'b', properties: large })
  const texts = (await eventsOf(org)).flatMap((item) => toCustomEvent(item) ?? []).map(readProperties)
  expect(texts).toEqual(['{"b":1}', JSON.stringify(large)])
})

test('600 events are kept whatever DynamoDB leaves undone, and the calls to write them are few', async () => {
  const org = nextOrg()
  const client = localClient({ maxAttempts: 8 })
  const calls = injectFaults(client, faultsBySeed(7, { unprocessed: 0.2, throttle: 0.05, 'lost-answer': 0.03 }))
  const events = Array.from({ length: 600 }, (_, at) => purchase(at % 2 ? { event_id: `e${at}` } : { n: at }, org))
  const kept = await store(client).keep(org, events, 'first')
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
    fc.constantFrom<KeepMode>('first', 'latest'),
    fc.array(sends, { minLength: 1, maxLength: 3 }),
    async (seed, mode, workers) => {
      const org = nextOrg()
      const client = localClient({ maxAttempts: 2 })
      injectFaults(client, faultsBySeed(seed, { unprocessed: 0.1, throttle: 0.1, 'lost-answer': 0.1 }))
      const work = async (rows: (typeof workers)[number]) => {
        const events = rows.map(({ id, value, user }) =>
          read(org, mode, { event_id: id, value: String(value), user_id: user }),
        )
        for (let tries = 0; ; tries++) {
          try {
            return await store(tries < 20 ? client : database.client).keep(org, events, mode)
          } catch (error) {
            if (tries > 40) throw error
          }
        }
      }
      await Promise.all(workers.map(work))
      const stored = [...(await eventsOf(org)), ...(await eventsOf(org, 'bob'))]
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
