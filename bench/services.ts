// What the handlers talk to while they are measured: DynamoDB Local in memory and a stub of Secrets Manager, each in a process
// of its own, with the tables of the contract.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { devNull } from 'node:os'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import * as z from 'zod/mini'
import { keyAttributes, outcomesBySource } from '../contract/tables.ts'
import { startDynamoDbLocal } from '../local/emulators/dynamodb-local.ts'

export interface Services {
  /** What a handler's process needs to reach them. */
  readonly env: Readonly<Record<string, string>>
  readonly client: () => DynamoDBClient
  readonly stop: () => Promise<void>
}

export const tables = { events: 'events', outcomes: 'outcomes', results: 'results', settings: 'settings' } as const

const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' }
const region = 'us-east-1'

/** Starts both. `secret` is what every org's secret holds. */
export async function startServices(secret: string): Promise<Services> {
  const database = await startDynamoDbLocal(undefined, devNull)
  try {
    const endpoint = `http://${database.upstream.host}:${database.upstream.port}`
    const client = () => new DynamoDBClient({ endpoint, region, credentials })
    await makeTables(client())
    const stub = await startSecretStub(secret)
    const env = {
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${stub.port}`,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      // Lambda has neither file; this machine may.
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
    }
    return {
      env,
      client,
      stop: async () => {
        stub.stop()
        await database.stop()
      },
    }
  } catch (error) {
    await database.stop()
    throw error
  }
}

async function startSecretStub(secret: string): Promise<{ port: number; stop: () => void }> {
  const stub = fork(new URL('./secret-stub.ts', import.meta.url), [secret], { stdio: 'inherit' })
  const [address]: unknown[] = await once(stub, 'message')
  const { port } = z.object({ port: z.number() }).parse(address)
  return { port, stop: () => stub.kill() }
}

async function makeTables(client: DynamoDBClient): Promise<void> {
  const { partition, sort } = keyAttributes
  const key = [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ]
  const index = {
    IndexName: outcomesBySource.name,
    KeySchema: [
      { AttributeName: outcomesBySource.partition, KeyType: 'HASH' as const },
      { AttributeName: outcomesBySource.sort, KeyType: 'RANGE' as const },
    ],
    Projection: { ProjectionType: 'KEYS_ONLY' as const },
  }
  for (const TableName of Object.values(tables)) {
    const indexed = TableName === tables.outcomes
    const names = new Set([partition, sort, ...(indexed ? [outcomesBySource.partition, outcomesBySource.sort] : [])])
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: key,
        AttributeDefinitions: [...names].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
        ...(indexed && { GlobalSecondaryIndexes: [index] }),
      }),
    )
  }
  client.destroy()
}
