import { BatchGetItemCommand, BatchWriteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { expect, test } from 'vitest'
import { laxClient, makeTables } from './dynamodb-local.ts'
import { faultsBySeed, injectFaults } from './sdk-faults.ts'

const Key = { pk: { S: 'a' }, sk: { S: 'b' } }

test('loses the answer of a write that was performed', async () => {
  const { client, tables } = await makeTables()
  const faulty = laxClient({ maxAttempts: 1 })
  injectFaults(faulty, () => 'lost-answer')
  await expect(faulty.send(new PutItemCommand({ TableName: tables.events, Item: Key }))).rejects.toThrow('hang up')
  expect((await client.send(new GetItemCommand({ TableName: tables.events, Key }))).Item).toEqual(Key)
})

test('the SDK tries a throttled call again', async () => {
  const { tables } = await makeTables()
  const faulty = laxClient()
  const calls = injectFaults(faulty, ({ index }) => (index === 0 ? 'throttle' : undefined))
  await faulty.send(new PutItemCommand({ TableName: tables.events, Item: Key }))
  expect(calls.map(({ command }) => command)).toEqual(['PutItemCommand', 'PutItemCommand'])
})

test('hands half of a batch back undone', async () => {
  const { client, tables } = await makeTables()
  const faulty = laxClient()
  injectFaults(faulty, () => 'unprocessed')
  const keys = ['1', '2', '3'].map((sort) => ({ pk: { S: 'a' }, sk: { S: sort } }))
  const puts = keys.map((Item) => ({ PutRequest: { Item } }))
  const written = await faulty.send(new BatchWriteItemCommand({ RequestItems: { [tables.events]: puts } }))
  expect(written.UnprocessedItems).toEqual({ [tables.events]: puts.slice(1) })
  const read = await client.send(new BatchGetItemCommand({ RequestItems: { [tables.events]: { Keys: keys } } }))
  expect(read.Responses?.[tables.events]).toEqual(keys.slice(0, 1))
  const half = await faulty.send(new BatchGetItemCommand({ RequestItems: { [tables.events]: { Keys: keys } } }))
  expect(half.UnprocessedKeys?.[tables.events]?.Keys).toEqual(keys.slice(1))
})

test('gives the same faults for the same seed', () => {
  const draw = () => {
    const decide = faultsBySeed(7, { throttle: 0.2, 'lost-answer': 0.2, delay: 0.1 })
    return Array.from({ length: 200 }, (_, index) => decide({ command: 'PutItemCommand', input: {}, index }))
  }
  expect(draw()).toEqual(draw())
  expect(draw().filter((fault) => fault === 'throttle').length).toBeGreaterThan(20)
})
