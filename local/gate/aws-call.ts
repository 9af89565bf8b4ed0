// The engine's own calls in AWS's JSON protocol: as the operator straight to an emulator, or as a function through the gate.
import { Agent, request as httpRequest } from 'node:http'
import { type Json, parseJson, textAt } from '../json.ts'
import { authorizationOf, type Credentials } from './caller.ts'
import { readBody, type Upstream } from './forward.ts'

const TARGETS = { dynamodb: 'DynamoDB_20120810', streams: 'DynamoDBStreams_20120810', sqs: 'AmazonSQS' } as const
const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/** An error that AWS (or what stands for it) answered; `code` is the exception's name. */
export class AwsError extends Error {
  override readonly name = 'AwsError'
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export type AwsCaller = (
  api: keyof typeof TARGETS,
  operation: string,
  body: Json,
  signal?: AbortSignal,
) => Promise<Json>

/** Makes a caller with these credentials; throws AwsError for an answered error, the network's error otherwise. */
export const makeAwsCaller =
  (to: Upstream, credentials: Credentials): AwsCaller =>
  async (api, operation, body, signal) => {
    const payload = Buffer.from(JSON.stringify(body))
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': payload.length,
      'x-amz-target': `${TARGETS[api]}.${operation}`,
      authorization: authorizationOf(credentials, api === 'sqs' ? 'sqs' : 'dynamodb'),
    }
    const { status, bytes } = await new Promise<{ status: number; bytes: Buffer }>((resolve, reject) => {
      const call = httpRequest(
        {
          agent,
          host: to.host,
          port: to.port,
          method: 'POST',
          path: '/',
          headers,
          ...(signal === undefined ? {} : { signal }),
        },
        (answer) => {
          readBody(answer).then((read) => resolve({ status: answer.statusCode ?? 500, bytes: read }), reject)
        },
      )
      call.on('error', reject)
      call.end(payload)
    })
    const parsed = bytes.length === 0 ? {} : parseJson(bytes.toString('utf8'))
    if (status < 300) return parsed
    throw new AwsError(
      textAt(parsed, '__type').split('#').at(-1) ?? 'Unknown',
      textAt(parsed, 'message') || textAt(parsed, 'Message') || `HTTP ${status}`,
    )
  }
