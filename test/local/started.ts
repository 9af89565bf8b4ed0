// A running fixture for the tests of local/: the engine in this process, real emulators, real function processes.
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import type { Stack } from 'aws-cdk-lib'
import { type Local, startLocal } from '../../local/start.ts'
import { synthFixture } from './fixtures/app.ts'

export type Started = Awaited<ReturnType<typeof startFixture>>

/** Waits until `find` gives something; fails with what it was waiting for. */
export const eventually = async <T>(what: string, find: () => Promise<T | undefined>, limitMs = 10_000): Promise<T> => {
  const deadlineMs = Date.now() + limitMs
  for (;;) {
    const found = await find()
    if (found !== undefined) return found
    if (Date.now() > deadlineMs) throw new Error(`Not within ${limitMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

/** A JSON answer, of whatever shape the test expects. */
export const jsonOf = async (answer: Response) => JSON.parse(await answer.text())

const clientsOf = ({ endpoints, resources }: Local['ready']) => {
  const { url: endpoint, region, credentials } = endpoints.dynamodb
  const dynamodb = new DynamoDBClient({ endpoint, region, credentials })
  const s3 = new S3Client({ endpoint, region, credentials })
  return {
    dynamodb,
    s3,
    putEvent: (pk: string, sk: string, data: Record<string, unknown> = {}) =>
      dynamodb.send(
        new PutItemCommand({
          TableName: resources.Events,
          Item: { pk: { S: pk }, sk: { S: sk }, data: { S: JSON.stringify(data) } },
        }),
      ),
    findSeen: async (pk: string, sk: string) =>
      (
        await dynamodb.send(
          new GetItemCommand({
            TableName: resources.Seen,
            Key: { pk: { S: pk }, sk: { S: sk } },
            ConsistentRead: true,
          }),
        )
      ).Item,
    sqs: async (operation: string, body: Record<string, unknown>): Promise<Record<string, unknown>> => {
      const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=x`
      const answer = await fetch(endpoint, {
        method: 'POST',
        headers: {
          authorization,
          'x-amz-target': `AmazonSQS.${operation}`,
          'content-type': 'application/x-amz-json-1.0',
        },
        body: JSON.stringify(body),
      })
      return jsonOf(answer)
    },
  }
}

/** Synthesizes and starts the fixture; `stop` removes everything. */
export const startFixture = async (options: { dataDir?: string; change?: (stack: Stack) => void } = {}) => {
  const { appDir, remove } = synthFixture(options.change)
  const local = await startLocal({ appDir, port: 0, dataDir: options.dataDir }).catch((error: unknown) => {
    remove()
    throw error
  })
  const admin = async (path: string, init: RequestInit = {}) => jsonOf(await fetch(`${local.adminUrl}${path}`, init))
  return {
    ...clientsOf(local.ready),
    local,
    admin,
    resources: local.ready.resources,
    fetchApi: (path: string, init: RequestInit = {}) => fetch(`${local.ready.apiUrl}${path}`, init),
    whenIdle: () => eventually('idleness', async () => ((await admin('/idle')).idle === true ? true : undefined)),
    stop: async () => {
      await local.stop()
      remove()
    },
  }
}
