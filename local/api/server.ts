// Serves the HTTP API: route, throttle, event, function, answer, access log. What API Gateway says itself (404, 413, 429,
// 500, 503) is worded as it words it.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { FunctionPool } from '../functions/pool.ts'
import type { Outcome } from '../functions/process.ts'
import { readBody } from '../gate/forward.ts'
import { answerOf, gatewayAnswer, type HttpAnswer } from './answer.ts'
import { eventOf, requestTime } from './event.ts'
import type { HttpApi } from './http-api.ts'
import { makeMatcher, type Route } from './routes.ts'
import { makeTokenBucket } from './throttle.ts'

/** API Gateway's limit on a request's body. */
const MAX_BODY_BYTES = 10 * 1_048_576
/** Lambda's limit on a synchronous event. */
const MAX_EVENT_BYTES = 6 * 1_048_576
const OUTLIVED = Symbol('the integration outlived its timeout')

type Served = { readonly answer: HttpAnswer; readonly routeKey: string; readonly integrationError?: string }

export const makeApiListener = (
  api: HttpApi,
  pools: ReadonlyMap<string, FunctionPool>,
  writeAccessLog: (line: string) => void,
): RequestListener => {
  const match = makeMatcher(api.routes)
  const prefix = api.stage === '$default' ? '' : `/${api.stage}`
  const buckets = new Map(
    api.routes.flatMap((route) => {
      const limit = api.limitOf(route.key)
      return limit === undefined ? [] : [[route.key, makeTokenBucket(limit)] as const]
    }),
  )

  const invoke = async (route: Route, event: Record<string, unknown>): Promise<Outcome | typeof OUTLIVED> => {
    const pool = pools.get(route.functionName)
    if (pool === undefined || !api.mayInvoke(route.functionName))
      return {
        kind: 'error',
        error: {
          errorType: 'AccessDeniedException',
          errorMessage: `API Gateway has no permission to invoke ${route.functionName}`,
          trace: [],
        },
      }
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<typeof OUTLIVED>((resolve) => {
      timer = setTimeout(() => resolve(OUTLIVED), route.timeoutMs)
    })
    try {
      return await Promise.race([pool.invoke(event), limit])
    } finally {
      clearTimeout(timer)
    }
  }

  const serve = async (
    request: IncomingMessage,
    requestId: string,
    receivedMs: number,
    sourceIp: string,
  ): Promise<Served> => {
    const [path = '/'] = (request.url ?? '/').split('?')
    if (!path.startsWith(prefix)) return { answer: gatewayAnswer(404, 'Not Found'), routeKey: '-' }
    const origin = request.headers.origin
    if (
      api.cors !== undefined &&
      request.method === 'OPTIONS' &&
      origin !== undefined &&
      request.headers['access-control-request-method'] !== undefined
    )
      return { answer: api.cors.preflight(origin), routeKey: '-' }
    const found = match(request.method ?? 'GET', path.slice(prefix.length) || '/')
    if (found === undefined) return { answer: gatewayAnswer(404, 'Not Found'), routeKey: '-' }
    const { route } = found
    if (buckets.get(route.key)?.() === false)
      return { answer: gatewayAnswer(429, 'Too Many Requests'), routeKey: route.key }
    let body: Buffer
    try {
      body = await readBody(request, MAX_BODY_BYTES)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      return { answer: gatewayAnswer(413, 'Request Entity Too Large'), routeKey: route.key }
    }
    const event = eventOf(request, body, found, { apiId: api.apiId, stage: api.stage, requestId, receivedMs, sourceIp })
    if (body.length > MAX_EVENT_BYTES / 2 && Buffer.byteLength(JSON.stringify(event)) > MAX_EVENT_BYTES)
      return { answer: gatewayAnswer(413, 'Request Entity Too Large'), routeKey: route.key }
    const outcome = await invoke(route, event)
    if (outcome === OUTLIVED)
      return {
        answer: gatewayAnswer(503, 'Service Unavailable'),
        routeKey: route.key,
        integrationError: 'Endpoint request timed out',
      }
    if (outcome.kind === 'result') return { answer: answerOf(outcome.resultText), routeKey: route.key }
    const answer =
      outcome.kind === 'timeout'
        ? gatewayAnswer(503, 'Service Unavailable')
        : gatewayAnswer(500, 'Internal Server Error')
    return { answer, routeKey: route.key, integrationError: outcome.error.errorMessage }
  }

  const logged = (
    request: IncomingMessage,
    served: Served,
    requestId: string,
    receivedMs: number,
    sourceIp: string,
  ): void => {
    if (api.logFormat === undefined) return
    const elapsedMs = String(Date.now() - receivedMs)
    const values: Readonly<Record<string, string>> = {
      requestId,
      extendedRequestId: requestId,
      'identity.sourceIp': sourceIp,
      'identity.userAgent': request.headers['user-agent'] ?? '-',
      httpMethod: request.method ?? '-',
      path: (request.url ?? '/').split('?')[0] ?? '/',
      protocol: `HTTP/${request.httpVersion}`,
      requestTime: requestTime(receivedMs),
      requestTimeEpoch: String(receivedMs),
      routeKey: served.routeKey,
      stage: api.stage,
      apiId: api.apiId,
      accountId: '000000000000',
      domainName: request.headers.host ?? '-',
      status: String(served.answer.status),
      responseLength: String(served.answer.body.length),
      responseLatency: elapsedMs,
      integrationLatency: elapsedMs,
      'integration.latency': elapsedMs,
      'integration.status': String(served.answer.status),
      integrationErrorMessage: served.integrationError ?? '-',
      'integration.error': served.integrationError ?? '-',
      'error.message': '-',
    }
    writeAccessLog(
      api.logFormat.replace(/\$context\.([\w.]+)/g, (_whole, name: string) =>
        JSON.stringify(values[name] ?? '-').slice(1, -1),
      ),
    )
  }

  const respond = (request: IncomingMessage, response: ServerResponse, { answer }: Served, requestId: string): void => {
    if (response.destroyed) return
    const cors = api.cors?.headersFor(request.headers.origin) ?? {}
    response.writeHead(answer.status, {
      ...answer.headers,
      ...cors,
      'content-length': answer.body.length,
      'apigw-requestid': requestId,
    })
    response.end(request.method === 'HEAD' ? undefined : answer.body)
  }

  return (request, response) => {
    const [requestId, receivedMs] = [randomUUID(), Date.now()]
    const sourceIp = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '127.0.0.1'
    response.on('error', () => undefined)
    serve(request, requestId, receivedMs, sourceIp)
      .catch(() => ({ answer: gatewayAnswer(500, 'Internal Server Error'), routeKey: '-' }))
      .then((served: Served) => {
        respond(request, response, served, requestId)
        logged(request, served, requestId, receivedMs, sourceIp)
      })
      .catch(() => response.destroy())
  }
}
