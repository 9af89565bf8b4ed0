// Rows read without the SDK's parsing are those that it would have read: over pages, through faults. On DynamoDB Local.
import { PutItemCommand, paginateQuery, ResourceNotFoundException } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { beforeAll, expect, it } from 'vitest'
import { queryRows } from '../../lambdas/store/query-rows.ts'
import { resultsKey } from '../../lambdas/store/result-keys.ts'
import { orgOf } from '../support/copy-settings.ts'
import { localClient, makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { drawnRow } from '../support/result-rows.ts'
import { injectFaults } from '../support/sdk-faults.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await makeTables()
  const rows = Array.from({ length: 30 }, (_, day) => drawnRow(day, 'ä "b"', 1, { sent: day + 1 }))
  for (const { scope, cell, counts } of rows) {
    const item = { ...resultsKey(orgOf('acme'), scope, cell, 0), ...counts, changes: 1, 'value:EUR': 10n ** 30n }
    await database.client.send(new PutItemCommand({ TableName: database.tables.results, Item: marshall(item) }))
  }
})

const queryOf = (TableName: string) => ({
  TableName,
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': { S: 'acme#welcome' } },
  Limit: 7,
})

async function pagesOf(client = database.client, table = database.tables.results) {
  const pages = []
  for await (const page of queryRows(client, queryOf(table))) pages.push(page)
  return pages
}

it('reads each row once, page by page, as the SDK does', async () => {
  const pages = []
  for await (const { Items } of paginateQuery({ client: database.client }, queryOf(database.tables.results))) {
    pages.push(Items)
  }
  expect(await pagesOf()).toEqual(pages)
  expect(pages.map((page) => page?.length)).toEqual([7, 7, 7, 7, 2])
})

it('reads on after throttles and broken connections, each row once', async () => {
  const client = localClient({ endpoint: database.endpoint, maxAttempts: 5 })
  const calls = injectFaults(client, ({ index }) =>
    index % 3 === 1 ? 'throttle' : index % 3 === 2 ? 'down' : undefined,
  )
  expect((await pagesOf(client)).flat().map((row) => row.sent?.N)).toEqual(
    Array.from({ length: 30 }, (_, day) => String(day + 1)),
  )
  expect(calls.length).toBeGreaterThan(10)
})

it('fails as the SDK does', async () => {
  await expect(pagesOf(database.client, 'none-of-ours')).rejects.toThrow(ResourceNotFoundException)
})
