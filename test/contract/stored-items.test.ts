// Nothing is stored that has no versioned shape: clients of all tests refuse it, and here is shown that they do.
import { PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { beforeAll, describe, expect, it } from 'vitest'
import { storedShapes } from '../../contract/stored-shapes.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { type Item, knownShapes, storedElsewhere } from '../support/stored-items.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await makeTables()
})

const sighting = { pk: 'acme#r', sk: 'signature.valid#0000000000001#a', kind: 'sighting', what: 'x', atMs: 1, count: 1 }
const [whole, endless] = [{ ...sighting, ttl: 1 }, sighting]

const put = (item: Item) =>
  database.client.send(new PutItemCommand({ TableName: database.tables.events, Item: marshall(item) }))

describe('a write', () => {
  it('of a known shape is made', () => expect(put(whole)).resolves.toBeDefined())

  it.each([
    ['a kind that nobody knows', { pk: 'acme#z#1', sk: 'x' }, 'no stored shape has the key acme#z#1 / x'],
    ['an attribute that its shape does not know', { ...whole, person: 'p' }, 'an attribute that its shape'],
    ['an attribute that is missing', { ...whole, count: undefined }, 'sighting'],
    ['no end, of a class that ends', endless, 'its class sightings ends by table'],
    [
      'an end, of a class that is kept',
      { pk: 'acme#e#files#1', sk: 'claim', ttl: 1 },
      'its class events ends by nothing',
    ],
  ])('with %s is refused', async (_, item, message) => {
    const Item = marshall(item, { removeUndefinedValues: true })
    const Put = { TableName: database.tables.events, Item }
    const { client } = database
    await expect(client.send(new PutItemCommand(Put))).rejects.toThrow(message)
    await expect(client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }] }))).rejects.toThrow(message)
  })
})

it('every stored shape is told by keys, or stored elsewhere than in a table', () =>
  expect([...knownShapes, ...storedElsewhere].toSorted()).toEqual(Object.keys(storedShapes).toSorted()))
