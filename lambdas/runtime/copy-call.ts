// What a request of the copy routes asks for, whichever of them it came by.
import { maxGenerateBodyBytes } from '../../contract/limits.ts'
import type { RouteKey } from '../../contract/routes.ts'
import { type CopyCall, readBatchBody, readGenerateBody, readGenerateQuery } from '../domain/copy/normalise-generate.ts'
import type { ApiEvent } from './api.ts'
import { readJsonBody } from './json-body.ts'

const batchRoute = 'POST /api/batch-generate/{org}' satisfies RouteKey
const queryRoute = 'GET /api/generate/{org}' satisfies RouteKey

/** Whether the answer is a list. */
export function isBatch(event: ApiEvent): boolean {
  return event.routeKey === batchRoute
}

/** @throws Fault for a body or query that cannot be read */
export function readCopyCall(event: ApiEvent): CopyCall {
  if (event.routeKey === queryRoute) return readGenerateQuery(event.rawQueryString)
  const body = readJsonBody(event, maxGenerateBodyBytes)
  return isBatch(event) ? readBatchBody(body) : readGenerateBody(body)
}
