// A request of the console or of an administrator, read: which route it is, and what it brings besides who asks.
import { maxManageBodyBytes } from '../../contract/limits.ts'
import type { Route } from '../../contract/route.ts'
import { routes } from '../../contract/routes.ts'
import { Fault } from '../domain/fault.ts'
import { type ApiAnswer, type ApiEvent, answer } from './api.ts'
import { readJsonBody } from './json-body.ts'

const byKey: ReadonlyMap<string, Route> = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]))

/** The route that API Gateway chose. @throws Fault `route.unknown` */
export function routeOf(event: ApiEvent): Route {
  const route = byKey.get(event.routeKey)
  if (route === undefined) throw new Fault('route.unknown')
  return route
}

/** What a request brings. The body is read only for a route that takes one. @throws Fault for a body that is not JSON */
export function readParts(event: ApiEvent, route: Route) {
  return {
    action: event.routeKey,
    path: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    body: route.request === undefined ? undefined : readJsonBody(event, maxManageBodyBytes),
    ifMatch: event.headers['if-match'],
  }
}

/** The answer of an action. */
export function toAnswer({ body, etag }: { readonly body: unknown; readonly etag?: string }): ApiAnswer {
  return answer(200, body, etag === undefined ? {} : { etag })
}
