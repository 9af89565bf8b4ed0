// Builds the event of payload format 2.0 from an HTTP request. Field by field what API Gateway sends; no routing here.
import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { ACCOUNT_ID } from '../template/intrinsics.ts'
import type { RouteMatch } from './routes.ts'

export type RequestFacts = {
  readonly apiId: string
  readonly stage: string
  readonly requestId: string
  readonly receivedMs: number
  readonly sourceIp: string
}

const TEXT_TYPES = /^(text\/|application\/(json|javascript|xml|[\w.-]+\+(json|xml))\s*(;|$))/i

/** API Gateway hands text on as it is and everything else, an untyped body too, as base64. */
export const isTextBody = (contentType: string | undefined): boolean =>
  contentType !== undefined && TEXT_TYPES.test(contentType.trim())

/** `23/Nov/2026:10:00:00 +0000`, the common log format's time. */
export const requestTime = (timeMs: number): string => {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(timeMs).toUTCString()) ?? []
  return `${day}/${month}/${year}:${time} +0000`
}

/** Header names lower-cased, repeated ones joined by commas, cookies apart. */
const headersOf = (
  request: IncomingMessage,
  sourceIp: string,
  requestId: string,
): { headers: Record<string, string>; cookies: string[] } => {
  const headers: Record<string, string> = {}
  const cookies: string[] = []
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase()
    const value = request.rawHeaders[index + 1] ?? ''
    if (name === 'cookie')
      cookies.push(
        ...value
          .split(';')
          .map((cookie) => cookie.trim())
          .filter((cookie) => cookie !== ''),
      )
    else if (!['connection', 'transfer-encoding', 'keep-alive', 'expect'].includes(name)) {
      const before = headers[name]
      headers[name] = before === undefined ? value : `${before},${value}`
    }
  }
  const forwarded = headers['x-forwarded-for']
  return {
    cookies,
    headers: {
      ...headers,
      'x-amzn-trace-id':
        headers['x-amzn-trace-id'] ??
        `Root=1-${Math.floor(Date.now() / 1_000).toString(16)}-${requestId.replaceAll('-', '').slice(0, 24)}`,
      'x-forwarded-for': forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`,
      'x-forwarded-port': String(request.socket.localPort ?? 443),
      'x-forwarded-proto': 'http',
    },
  }
}

const queryOf = (rawQueryString: string): Record<string, string> => {
  const joined: Record<string, string> = {}
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    const before = joined[name]
    joined[name] = before === undefined ? value : `${before},${value}`
  }
  return joined
}

const decodedPath = (path: string): string => {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** The event for one request; `body` is the raw bytes. HTTP APIs hand `rawPath` on decoded, the query string as it came. */
export const eventOf = (
  request: IncomingMessage,
  body: Buffer,
  { route, pathParameters }: RouteMatch,
  facts: RequestFacts,
): Record<string, unknown> => {
  const [rawPath = '/', rawQueryString = ''] = splitOnce(request.url ?? '/', '?')
  const path = decodedPath(rawPath)
  const { headers, cookies } = headersOf(request, facts.sourceIp, facts.requestId)
  const query = queryOf(rawQueryString)
  // What API Gateway does with bytes that are no UTF-8 is not documented; base64 keeps them.
  const isText = isTextBody(headers['content-type']) && isUtf8(body)
  const domainName = headers.host ?? 'localhost'
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: path,
    rawQueryString,
    ...(cookies.length === 0 ? {} : { cookies }),
    headers,
    ...(Object.keys(query).length === 0 ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: ACCOUNT_ID,
      apiId: facts.apiId,
      domainName,
      domainPrefix: domainName.split('.')[0] ?? domainName,
      http: {
        method: request.method ?? 'GET',
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: facts.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: facts.requestId,
      routeKey: route.key,
      stage: facts.stage,
      time: requestTime(facts.receivedMs),
      timeEpoch: facts.receivedMs,
    },
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters }),
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  }
}

const splitOnce = (text: string, separator: string): [string, string] => {
  const index = text.indexOf(separator)
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)]
}
