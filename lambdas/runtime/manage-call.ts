// A request of the console or of an administrator: which route it is, who asks, what it brings, and on to its action.

import type { OrgSlug } from '../../contract/ids.ts'
import { maxManageBodyBytes } from '../../contract/limits.ts'
import type { Route } from '../../contract/route.ts'
import { routes } from '../../contract/routes.ts'
import { Fault } from '../domain/api/fault.ts'
import { type ApiAnswer, type ApiEvent, answer } from './api.ts'
import { readJsonBody } from './json-body.ts'
import type { MemberCheck } from './member-check.ts'

interface Parts {
  readonly who: string
  readonly action: string
  readonly path: Readonly<Record<string, string | undefined>>
  readonly query: Readonly<Record<string, string | undefined>>
  readonly body: unknown
  readonly ifMatch: string | undefined
  readonly signal: AbortSignal
}
interface Reply {
  readonly body: unknown
  readonly etag?: string
}
type Actions<Call> = Readonly<Record<string, (call: Call) => Promise<Reply>>>

const byKey: ReadonlyMap<string, Route> = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]))

/** Lets in whoever the route lets in, and only then reads the body. @throws Fault for whoever may not, and what cannot be read */
export function makeDispatch(
  checks: MemberCheck,
  memberActions: Actions<Parts & { readonly org: OrgSlug }>,
  operatorActions: Actions<Parts>,
): (event: ApiEvent, signal: AbortSignal) => Promise<ApiAnswer> {
  return async (event, signal) => {
    const { routeKey: action, headers } = event
    const route = byKey.get(action)
    const [forMember, forOperator] = [memberActions[action], operatorActions[action]]
    if (route?.entry.kind === 'member' && forMember !== undefined) {
      const member = await checks.checkMember(event.pathParameters?.org, headers, route.entry.role, signal)
      return toAnswer(await forMember({ ...member, ...readParts(event, route), action, signal }))
    }
    if (route?.entry.kind === 'operator' && forOperator !== undefined) {
      const operator = await checks.checkOperator(headers)
      return toAnswer(await forOperator({ ...operator, ...readParts(event, route), action, signal }))
    }
    throw new Fault('route.unknown')
  }
}

/** The body is read only for a route that takes one. @throws Fault for a body that is not JSON */
function readParts(event: ApiEvent, route: Route) {
  return {
    path: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    body: route.request === undefined ? undefined : readJsonBody(event, maxManageBodyBytes),
    ifMatch: event.headers['if-match'],
  }
}

function toAnswer({ body, etag }: Reply): ApiAnswer {
  return answer(200, body, etag === undefined ? {} : { etag })
}
