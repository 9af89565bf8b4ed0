import { randomBytes } from 'node:crypto'
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { beforeAll, describe, expect, test } from 'vitest'
import { deliveryIdSchema, orgSlugSchema, personKeySchema } from '../../contract/ids.ts'
import { messageEventSchema } from '../../contract/stored-event.ts'
import { type AcceptedBody, classifyBody } from '../../lambdas/domain/events/classify-body.ts'
import { messageKey, personEventKey } from '../../lambdas/store/event-keys.ts'
import { makeEventStore, readStoredBody } from '../../lambdas/store/events.ts'
import examples from '../data/customerio-examples.json' with { type: 'json' }
import { cioBody } from '../support/cio-signer.ts'
import { localClient, makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { injectFaults } from '../support/sdk-faults.ts'

const org = orgSlugSchema.parse('acme')
const { signal } = new AbortController()
let database: TestDatabase

beforeAll(async () => {
  database = await makeTables()
})

const store = () => makeEventStore(database.client, database.tables.events)

function accepted(text: string): AcceptedBody {
  const body = classifyBody(Buffer.from(text))
  if (body.kind !== 'event') throw new Error(JSON.stringify(body.reasons))
  return body
}

async function read(delivery: string, eventId: string) {
  const Key = marshall(messageKey(org, deliveryIdSchema.parse(delivery), eventId))
  const { Item } = await database.client.send(
    new GetItemCommand({ TableName: database.tables.events, Key, ReturnConsumedCapacity: 'TOTAL' }),
  )
  return Item && { item: Item, event: messageEventSchema.parse(unmarshall(Item)) }
}

describe('an event is stored once', () => {
  test('with its text as it was received', async () => {
    const text = JSON.stringify(JSON.parse(cioBody({}, { delivery_id: 'once' })), null, 1)
    expect(await store().append(org, accepted(text), 5, signal)).toBe('stored')
    const stored = await read('once', '01E4C8BES5XT87ZWRJFTB35YJ3')
    expect(stored?.event).toMatchObject({ kind: 'message', body: text, receivedAtMs: 5 })
    expect(stored && readStoredBody(stored.event)).toBe(text)
  })

  test('and the same again is a duplicate, re-serialised or later, while another body is a conflict that changes nothing', async () => {
    const text = cioBody({}, { delivery_id: 'again' })
    expect(await store().append(org, accepted(text), 5, signal)).toBe('stored')
    expect(await store().append(org, accepted(text), 9, signal)).toBe('duplicate')
    expect(await store().append(org, accepted(JSON.stringify(JSON.parse(text), null, 2)), 9, signal)).toBe('duplicate')
    const other = cioBody({}, { delivery_id: 'again', subject: 'other' })
    expect(await store().append(org, accepted(other), 9, signal)).toBe('conflict')
    expect((await read('again', '01E4C8BES5XT87ZWRJFTB35YJ3'))?.event).toMatchObject({ body: text, receivedAtMs: 5 })
  })

  test('under the person when it has no delivery', async () => {
    const body = accepted(cioBody({ metric: 'subscribed' }, { delivery_id: undefined }))
    expect(await store().append(org, body, 5, signal)).toBe('stored')
    const Key = marshall(personEventKey(org, personKeySchema.parse('id:0200102'), body.eventId))
    expect(
      (await database.client.send(new GetItemCommand({ TableName: database.tables.events, Key }))).Item,
    ).toBeDefined()
  })

  test('by exactly one of twenty at once', async () => {
    const body = accepted(cioBody({}, { delivery_id: 'twenty' }))
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, at) => store().append(org, body, at, signal)))
    expect(outcomes.toSorted()).toEqual([...Array(19).fill('duplicate'), 'stored'])
  })

  test('even when the answer to the first attempt is lost', async () => {
    const faulty = localClient()
    const calls = injectFaults(faulty, ({ index }) => (index === 0 ? 'lost-answer' : undefined))
    const body = accepted(cioBody({}, { delivery_id: 'lost' }))
    expect(await makeEventStore(faulty, database.tables.events).append(org, body, 5, signal)).toBe('duplicate')
    expect(calls).toHaveLength(2)
  })
})

describe('what an event costs', () => {
  test.each([
    ...Object.entries(examples.documented),
    ...examples.observed.map((body, at) => [`observed ${at}`, body] as const),
  ])('is one write unit for the example %s', async (_name, body) => {
    const [text, delivery] = [JSON.stringify(body), `cost-${body.event_id}-${body.metric}-${body.object_type}`]
    const event = accepted(text)
    await store().append(
      org,
      { ...event, subject: { kind: 'delivery', deliveryId: deliveryIdSchema.parse(delivery) } },
      1_585_254_348_123,
      signal,
    )
    const stored = await read(delivery, event.eventId)
    expect(stored && itemBytes(stored.item)).toBeLessThanOrEqual(1_024)
  })

  test('is one write unit at the most that is kept as text', async () => {
    const text = cioBody({ x: '' }, { delivery_id: 'REAC4wUAAYYJgQgkyRqwwEPeOA6Nfv==' })
    const full = text.replace('"x":""', `"x":"${'y'.repeat(768 - text.length)}"`)
    await store().append(org, accepted(full), 1_585_254_348_123, signal)
    const stored = await read('REAC4wUAAYYJgQgkyRqwwEPeOA6Nfv==', '01E4C8BES5XT87ZWRJFTB35YJ3')
    expect(stored?.event.body).toBe(full)
    expect(stored && itemBytes(stored.item)).toBeLessThanOrEqual(1_024)
  })

  test('shrinks for larger bodies, which come back as they were', async () => {
    const text = cioBody({}, { delivery_id: 'large', content: '<p>Welcome, “friend”</p>\n'.repeat(20_000) })
    expect(await store().append(org, accepted(text), 5, signal)).toBe('stored')
    const stored = await read('large', '01E4C8BES5XT87ZWRJFTB35YJ3')
    expect(stored && readStoredBody(stored.event)).toBe(text)
    expect(stored && itemBytes(stored.item)).toBeLessThan(10_000)
  })
})

test('says so when not even gzipped it fits, and when the table refuses the item', async () => {
  const noise = cioBody({}, { delivery_id: 'noise', content: randomBytes(450_000).toString('base64') })
  expect(await store().append(org, accepted(noise), 5, signal)).toBe('too_large')
  const unkeyed = { ...accepted(cioBody()), eventId: 'x'.repeat(2_000) }
  expect(await store().append(org, unkeyed, 5, signal)).toBe('unstorable')
})

test('keeps one org from the events of another', async () => {
  const body = accepted(cioBody({}, { delivery_id: 'shared' }))
  expect(await store().append(org, body, 5, signal)).toBe('stored')
  expect(await store().append(orgSlugSchema.parse('acme-2'), body, 5, signal)).toBe('stored')
})

/** As DynamoDB counts: names and values in UTF-8; a number by pairs of digits and one more. */
function itemBytes(item: Record<string, { S?: string; N?: string; B?: Uint8Array }>): number {
  return Object.entries(item).reduce((sum, [name, { S, N, B }]) => {
    const value =
      S !== undefined ? Buffer.byteLength(S) : N !== undefined ? Math.ceil(N.length / 2) + 1 : (B?.byteLength ?? 0)
    return sum + Buffer.byteLength(name) + value
  }, 0)
}
