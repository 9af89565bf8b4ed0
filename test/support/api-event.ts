// A request as API Gateway's HTTP API hands it to a function (payload format 2.0).
import type { Route } from '../../contract/route.ts'
import { routes } from '../../contract/routes.ts'
import type { ApiEvent } from '../../lambdas/runtime/api.ts'

export interface RequestParts {
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: string
  /** Bytes travel as base64, text as it is. */
  readonly body?: string | Uint8Array
}

/** The event of a request to a path, with the route that the contract gives it. */
export function apiEvent(
  method: Route['method'],
  path: string,
  { headers = {}, query = '', body }: RequestParts = {},
): ApiEvent {
  const { routeKey, pathParameters } = match(method, path)
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: query,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    requestContext: {
      accountId: '000000000000',
      apiId: 'test',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey,
      stage: '$default',
      time: '23/Nov/2026:00:00:00 +0000',
      timeEpoch: 0,
    },
    pathParameters,
    isBase64Encoded: body !== undefined && typeof body !== 'string',
    ...(query !== '' && { queryStringParameters: Object.fromEntries(new URLSearchParams(query)) }),
    ...(body !== undefined && { body: typeof body === 'string' ? body : Buffer.from(body).toString('base64') }),
  }
}

function match(method: string, path: string) {
  for (const route of routes) {
    if (route.method !== method) continue
    const pattern = route.path.replaceAll('.', '\\.').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')
    const found = new RegExp(`^${pattern}$`).exec(path)
    if (found) return { routeKey: `${route.method} ${route.path}`, pathParameters: { ...found.groups } }
  }
  return { routeKey: '$default', pathParameters: {} }
}
