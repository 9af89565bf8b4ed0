// Answers `GET /api/openapi.json`, and every request that no route takes, so that those errors have our shape too.
import * as environments from '../../contract/environments.ts'
import type { Route } from '../../contract/route.ts'
import { routes } from '../../contract/routes.ts'
import { describeRoutes } from '../domain/api/describe-routes.ts'
import { methodsOf } from '../domain/api/find-route.ts'
import { type ApiAnswer, type ApiEvent, type ApiHandler, answer, apiHandler, problemAnswer } from '../runtime/api.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { type Log, makeLog } from '../runtime/log.ts'

// ---- called by AWS ----
export const handler: ApiHandler = (event, context) => {
  perRequest ??= coldStart()
  return perRequest(event, context)
}

// ---- once per cold start ----
let perRequest: ApiHandler | undefined

function coldStart(): ApiHandler {
  readEnvironment(environments.DescribeApi)
  return makeDescribeApi({ routes, log: makeLog('DescribeApi') })
}

// ---- once per request ----
export interface DescribeApiDeps {
  readonly routes: readonly Route[]
  readonly log: Log
}

/** The document's version: of the contract, not of the code. */
const contractVersion = '1.0.0'

export function makeDescribeApi({ routes, log }: DescribeApiDeps): ApiHandler {
  const document = describeRoutes(routes, contractVersion)
  return apiHandler(log, async (event) => describe(event, routes, document))
}

async function describe(event: ApiEvent, routes: readonly Route[], document: object): Promise<ApiAnswer> {
  const { method, path } = event.requestContext.http
  if (method === 'GET' && path === '/api/openapi.json') return answer(200, document)
  const methods = methodsOf(routes, path)
  if (methods.length === 0) return problemAnswer('route.unknown')
  const allowed = methods.join(', ')
  const details = [{ path: 'method', message: `saw ${method}, allowed is ${allowed}` }]
  const refusal = problemAnswer('route.method', details)
  return { ...refusal, headers: { ...refusal.headers, allow: allowed } }
}
