// What a request of the copy routes asks for, whichever of them it came by.
import { randomUUID } from 'node:crypto'
import { maxGenerateBodyBytes } from '../../contract/limits.ts'
import type { RouteKey } from '../../contract/routes.ts'
import { type NamedCall, nameServes } from '../domain/copy/name-serve.ts'
import { type CopyCall, readBatchBody, readGenerateBody, readGenerateQuery } from '../domain/copy/normalise-generate.ts'
import type { ApiEvent } from './api.ts'
import { readJsonBody } from './json-body.ts'

const batchRoute = 'POST /api/batch-generate/{org}' satisfies RouteKey
const queryRoute = 'GET /api/generate/{org}' satisfies RouteKey

/** The call, its requests named. @throws Fault for a body or query that cannot be read */
export function readCopyCall(event: ApiEvent): NamedCall {
  const batch = event.routeKey === batchRoute
  const call = readCall(event, batch)
  return { ...call, batch, requests: nameServes(event.headers, call.requests, randomUUID) }
}

function readCall(event: ApiEvent, batch: boolean): CopyCall {
  if (event.routeKey === queryRoute) return readGenerateQuery(event.rawQueryString)
  const body = readJsonBody(event, maxGenerateBodyBytes)
  return batch ? readBatchBody(body) : readGenerateBody(body)
}
