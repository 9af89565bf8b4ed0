import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { expect, test } from 'vitest'
import { laxClient, makeTables } from './dynamodb-local.ts'

test('makes tables that are empty and usable', async () => {
  const { client, tables } = await makeTables()
  const Key = { pk: { S: 'a' }, sk: { S: 'b' } }
  expect((await client.send(new GetItemCommand({ TableName: tables.outcomes, Key }))).Item).toBeUndefined()
  await laxClient().send(new PutItemCommand({ TableName: tables.outcomes, Item: Key }))
  expect((await client.send(new GetItemCommand({ TableName: tables.outcomes, Key }))).Item).toEqual(Key)
})
