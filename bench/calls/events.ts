// The requests that handlers are measured with, as API Gateway hands them over (payload format 2.0), headers of Customer.io
// and of the gateway included. Every one has ids of its own.
import { createHmac } from 'node:crypto'
import type { ApiEvent } from '../../lambdas/runtime/api.ts'
import { cioBody, idOf } from '../cio-body.ts'
import { actions, signingKey, slug, template } from '../org.ts'

/** A signed reporting webhook of an e-mail that was opened. */
export function webhookEvent(number: number): ApiEvent {
  const seconds = 1_795_000_000 + number
  const body = cioBody({
    eventId: idOf('event', number),
    channel: 'email',
    metric: 'opened',
    seconds,
    deliveryId: idOf('delivery', number),
    personId: String(200_000 + number),
    journeyId: idOf('journey', number),
    actionId: actions.treatment,
  })
  const timestamp = String(seconds)
  const signature = createHmac('sha256', signingKey).update(`v0:${timestamp}:${body}`).digest('hex')
  const headers = { 'x-cio-timestamp': timestamp, 'x-cio-signature': signature }
  return apiEvent('/api/webhook/cio', headers, body, number)
}

/** A call of Customer.io's webhook action for one person. */
export function generateEvent(number: number, apiKey: string): ApiEvent {
  const body = JSON.stringify({
    template_id: template.templateId,
    user_id: String(200_000 + number),
    fields: { first_name: 'Marguerite', last_name: 'Yourcenar', city: 'Northeast Harbor', plan: 'family', orders: 3 },
    attrs: { plan: 'family', country: 'us', language: 'en' },
  })
  const headers = { authorization: `Bearer ${apiKey}`, 'x-cio-delivery-id': idOf('delivery', number) }
  return apiEvent('/api/generate', headers, body, number)
}

function apiEvent(route: string, headers: Readonly<Record<string, string>>, body: string, number: number): ApiEvent {
  const path = `${route}/${slug}`
  const routeKey = `POST ${route}/{org}`
  const host = 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com'
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: {
      accept: '*/*',
      'accept-encoding': 'gzip',
      'content-length': String(Buffer.byteLength(body)),
      'content-type': 'application/json',
      host,
      'user-agent': 'Customer.io Web Hooks 1.0',
      'x-amzn-trace-id': `Root=1-6923a1f0-${String(number).padStart(24, '0')}`,
      'x-forwarded-for': '35.188.196.183',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
      ...headers,
    },
    requestContext: {
      accountId: '123456789012',
      apiId: 'a1b2c3d4e5',
      domainName: host,
      domainPrefix: 'a1b2c3d4e5',
      http: {
        method: 'POST',
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '35.188.196.183',
        userAgent: 'Customer.io Web Hooks 1.0',
      },
      requestId: `Jx${String(number).padStart(12, '0')}=`,
      routeKey,
      stage: '$default',
      time: '24/Nov/2026:00:00:00 +0000',
      timeEpoch: 1_795_000_000_000,
    },
    pathParameters: { org: slug },
    body,
    isBase64Encoded: false,
  }
}
