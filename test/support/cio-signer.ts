// Signs and posts like Customer.io, for tests.
import { createHmac } from 'node:crypto'
import type { ApiEvent } from '../../lambdas/runtime/api.ts'

/** The signature Customer.io would send with this body. */
export function signAsCio(key: string, timestamp: string, body: string | Uint8Array): string {
  return createHmac('sha256', key).update(`v0:${timestamp}:`).update(body).digest('hex')
}

export interface CioPost {
  readonly org?: string
  readonly body: string | Uint8Array
  /** Signs the post; without one it carries no signature. */
  readonly key?: string
  readonly timestamp?: string
  /** Replace what would be sent. */
  readonly headers?: Readonly<Record<string, string | undefined>>
}

/** What API Gateway hands over for a post by Customer.io: text as text, other bytes as base64. */
export function cioPost({ org = 'acme', body, key, timestamp = '1692633432', headers = {} }: CioPost): ApiEvent {
  const signed = key === undefined ? {} : signedHeaders(key, timestamp, body)
  const base64 = typeof body !== 'string'
  const event: Partial<ApiEvent> = {
    version: '2.0',
    pathParameters: { org },
    headers: withoutUndefined({ 'content-type': 'application/json', ...signed, ...headers }),
    body: base64 ? Buffer.from(body).toString('base64') : body,
    isBase64Encoded: base64,
  }
  // biome-ignore lint/suspicious/noExplicitAny: the rest of what API Gateway sends is not read
  return { ...event, requestContext: { requestId: 'request-1' } } as any
}

function signedHeaders(key: string, timestamp: string, body: string | Uint8Array) {
  return { 'x-cio-timestamp': timestamp, 'x-cio-signature': signAsCio(key, timestamp, body) }
}

function withoutUndefined(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

/** A body as Customer.io sends it, with some members replaced. */
export function cioBody(over: Record<string, unknown> = {}, data: Record<string, unknown> = {}): string {
  return JSON.stringify({
    event_id: '01E4C8BES5XT87ZWRJFTB35YJ3',
    object_type: 'email',
    metric: 'clicked',
    timestamp: 1_585_254_348,
    data: {
      action_id: 36,
      campaign_id: 23,
      customer_id: '0200102',
      delivery_id: 'RPILAgABcRhIBqSp7kiPekGBIeVh',
      identifiers: { id: '0200102', email: 'test@example.com', cio_id: 'd9c106000001' },
      href: 'http://google.com',
      link_id: 1,
      recipient: 'test@example.com',
      subject: 'hello',
      ...data,
    },
    ...over,
  })
}
