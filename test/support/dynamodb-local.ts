// The four tables on DynamoDB Local, new ones for whoever asks, with the keys and indexes that `contract/tables.ts` names.
import { randomUUID } from 'node:crypto'
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb'
import { inject } from 'vitest'
import { keyAttributes, outcomesBySource } from '../../contract/tables.ts'
import { watchItems } from './item-watch.ts'

export interface TestTables {
  readonly events: string
  readonly outcomes: string
  readonly results: string
  readonly settings: string
}

export interface TestDatabase {
  readonly client: DynamoDBClient
  readonly tables: TestTables
  /** Where it listens, for a client of one's own. */
  readonly endpoint: string
}

/** A client of the run's DynamoDB Local. It writes nothing but items of stored shapes. */
export function localClient(config: DynamoDBClientConfig = {}): DynamoDBClient {
  const client = laxClient(config)
  watchItems(client)
  return client
}

/** One that writes anything: for items that no code of ours would write. */
export function laxClient(config: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({
    endpoint: inject('dynamodbEndpoint'),
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    ...config,
  })
}

/** Makes the four tables, empty, under names nobody else has. Call it once per test file. */
export async function makeTables(): Promise<TestDatabase> {
  const client = localClient()
  const suffix = randomUUID().slice(0, 8)
  const tables = {
    events: `events-${suffix}`,
    outcomes: `outcomes-${suffix}`,
    results: `results-${suffix}`,
    settings: `settings-${suffix}`,
  }
  await Promise.all(
    Object.values(tables).map((name) =>
      client.send(new CreateTableCommand(description(name, name === tables.outcomes))),
    ),
  )
  return { client, tables, endpoint: inject('dynamodbEndpoint') }
}

function description(name: string, indexed: boolean): CreateTableCommandInput {
  const key = keySchema(keyAttributes)
  const attributes = new Set([...Object.values(keyAttributes), ...(indexed ? indexAttributes() : [])])
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: key,
    AttributeDefinitions: [...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    ...(indexed && {
      GlobalSecondaryIndexes: [
        {
          IndexName: outcomesBySource.name,
          KeySchema: keySchema(outcomesBySource),
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  }
}

function indexAttributes(): string[] {
  return [outcomesBySource.partition, outcomesBySource.sort]
}

function keySchema(key: { readonly partition: string; readonly sort: string }) {
  return [
    { AttributeName: key.partition, KeyType: 'HASH' as const },
    { AttributeName: key.sort, KeyType: 'RANGE' as const },
  ]
}
