// DynamoDB's and DynamoDB Streams' JSON protocol: operation and body -> the actions and resources that IAM would check.
import { at, findText, type Json, type JsonRecord, listAt, recordAt, textAt } from '../json.ts'
import { ACCOUNT_ID, REGION } from '../template/intrinsics.ts'
import { tableArn } from '../template/resource-types.ts'
import type { Demand } from './demand.ts'

/** What must be known of a table: its partition key (leading keys are found by it) and its stream. */
export type FindTable = (
  tableName: string,
) => { readonly partitionKey: string; readonly stream?: { readonly arn: string } } | undefined

const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems']
const MEMBER_ACTIONS: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
}

const nameOf = (table: string): string => (table.startsWith('arn:') ? (table.split('table/')[1] ?? table) : table)

/** DynamoDB Local says `ddblocal` where AWS says a region. */
export const canonicalStreamArn = (streamArn: string): string =>
  streamArn.replace(/^arn:aws:dynamodb:[^:]*:[^:]*:/, `arn:aws:dynamodb:${REGION}:${ACCOUNT_ID}:`)

const keyText = (value: Json | undefined): string | undefined =>
  findText(value, 'S') ?? findText(value, 'N') ?? findText(value, 'B')

const leadingKeys = (keys: readonly (string | undefined)[]): Pick<Demand, 'context'> => {
  const known = keys.filter((key) => key !== undefined)
  return known.length === 0 ? {} : { context: { 'dynamodb:LeadingKeys': known } }
}

/** The leading key of a Query: the value that its key condition compares the partition key with. */
const queriedKey = (body: JsonRecord, keyName: string): string | undefined => {
  const expression = textAt(body, 'KeyConditionExpression')
  for (const match of expression.matchAll(/([#\w.]+)\s*=\s*(:\w+)/g)) {
    const attribute = findText(body, 'ExpressionAttributeNames', match[1] ?? '') ?? match[1]
    if (attribute === keyName) return keyText(at(body, 'ExpressionAttributeValues', match[2] ?? ''))
  }
  return undefined
}

const streamDemands = (operation: string, body: JsonRecord, findTable: FindTable): Demand[] => {
  const listed = findText(body, 'TableName') ?? '*'
  // Policies in use name the stream, `stream/*` or `*` for it; the stream's own ARN satisfies each.
  if (operation === 'ListStreams')
    return [
      { action: 'dynamodb:ListStreams', resource: findTable(listed)?.stream?.arn ?? `${tableArn(listed)}/stream/*` },
    ]
  const inIterator = /arn:aws:dynamodb:[^|]+/.exec(textAt(body, 'ShardIterator'))?.[0]
  const streamArn = findText(body, 'StreamArn') ?? inIterator ?? ''
  return [{ action: `dynamodb:${operation}`, resource: canonicalStreamArn(streamArn) }]
}

/** The demands of one request; actions of a transaction are demanded one by one, as IAM does. */
export const dynamodbDemands = (
  target: string,
  body: JsonRecord,
  findTable: FindTable,
): { operation: string; demands: Demand[]; writes: string[] } => {
  const [prefix = '', operation = ''] = target.split('.')
  if (prefix.startsWith('DynamoDBStreams'))
    return { operation, demands: streamDemands(operation, body, findTable), writes: [] }
  const keyNames = (table: string): string => findTable(table)?.partitionKey ?? ''
  const item = (action: string, table: string, key: Json | undefined): Demand => {
    const name = nameOf(table)
    return {
      action: `dynamodb:${action}`,
      resource: tableArn(name),
      ...leadingKeys([keyText(at(key, keyNames(name)))]),
    }
  }
  const demands = ((): Demand[] => {
    switch (operation) {
      case 'BatchGetItem':
      case 'BatchWriteItem':
        return Object.entries(recordAt(body, 'RequestItems')).map(([table, requests]) => {
          const name = nameOf(table)
          const keys = [...listAt(requests), ...listAt(requests, 'Keys')].map((request) =>
            keyText(
              at(at(request, 'PutRequest', 'Item') ?? at(request, 'DeleteRequest', 'Key') ?? request, keyNames(name)),
            ),
          )
          return { action: `dynamodb:${operation}`, resource: tableArn(name), ...leadingKeys(keys) }
        })
      case 'TransactWriteItems':
      case 'TransactGetItems':
        return listAt(body, 'TransactItems').flatMap((member) =>
          Object.entries(recordAt(member)).map(([kind, action]) =>
            item(MEMBER_ACTIONS[kind] ?? kind, textAt(action, 'TableName'), at(action, 'Key') ?? at(action, 'Item')),
          ),
        )
      default: {
        const table = findText(body, 'TableName')
        if (table === undefined) return [{ action: `dynamodb:${operation}`, resource: '*' }]
        const index = findText(body, 'IndexName')
        const name = nameOf(table)
        if (operation === 'Query' || operation === 'Scan') {
          const key = index === undefined ? queriedKey(body, keyNames(name)) : undefined
          return [
            {
              action: `dynamodb:${operation}`,
              resource: tableArn(name) + (index === undefined ? '' : `/index/${index}`),
              ...leadingKeys([key]),
            },
          ]
        }
        return [item(operation, table, at(body, 'Key') ?? at(body, 'Item'))]
      }
    }
  })()
  const writes = WRITES.includes(operation)
    ? [...new Set(demands.map(({ resource }) => resource.split('/')[1] ?? ''))]
    : []
  return { operation, demands, writes }
}
