// The engine's own HTTP endpoint for tests and tools: what was called, which grants were used, whether all is quiet, and
// faults on demand. It is not part of what is deployed.
import type { RequestListener, ServerResponse } from 'node:http'
import type { CallLog } from '../gate/call-log.ts'
import type { Faults } from '../gate/faults.ts'
import { readBody } from '../gate/forward.ts'
import { type Grant, unusedGrants } from '../gate/grants.ts'
import { tryJson } from '../json.ts'

export type Idleness = {
  readonly idle: boolean
  readonly busyFunctions: readonly string[]
  readonly busySources: readonly string[]
  readonly pendingInvocations: number
}
export type AdminDeps = {
  readonly log: CallLog
  readonly faults: Faults
  readonly grants: readonly Grant[]
  readonly idleness: () => Idleness
}

const answer = (response: ServerResponse, status: number, value: unknown): void => {
  const body = JSON.stringify(value)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

export const makeAdminListener = ({ log, faults, grants, idleness }: AdminDeps): RequestListener => {
  const routes: Readonly<Record<string, (body: string, response: ServerResponse) => void>> = {
    'GET /calls': (_body, response) => answer(response, 200, log.calls()),
    'DELETE /calls': (_body, response) => {
      log.clear()
      answer(response, 200, {})
    },
    'GET /grants': (_body, response) => {
      const unused = new Set(unusedGrants(grants, log.calls()))
      answer(
        response,
        200,
        grants.map((grant) => ({ ...grant, used: !unused.has(grant) })),
      )
    },
    'GET /idle': (_body, response) => answer(response, 200, idleness()),
    'GET /faults': (_body, response) => answer(response, 200, faults.list()),
    'POST /faults': (body, response) => {
      const wanted = tryJson(body)
      if (wanted === undefined) return answer(response, 400, { message: 'The body is not JSON.' })
      faults.add(wanted)
      answer(response, 201, {})
    },
    'DELETE /faults': (_body, response) => {
      faults.clear()
      answer(response, 200, {})
    },
  }
  return (request, response) => {
    const route = routes[`${request.method} ${(request.url ?? '/').split('?')[0]}`]
    if (route === undefined) return answer(response, 404, { message: `Known: ${Object.keys(routes).join(', ')}` })
    readBody(request)
      .then((body) => route(body.toString('utf8'), response))
      .catch((error: unknown) =>
        answer(response, 400, { message: error instanceof Error ? error.message : String(error) }),
      )
  }
}
