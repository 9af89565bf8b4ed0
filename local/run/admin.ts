// The engine's own HTTP endpoint for tests and tools: what was called, which grants were used, whether all is quiet,
// metrics and the alarms on them, and faults on demand. It is not part of what is deployed.
import type { RequestListener, ServerResponse } from 'node:http'
import type { CallLog } from '../gate/call-log.ts'
import type { Faults } from '../gate/faults.ts'
import { readBody } from '../gate/forward.ts'
import { type Grant, unusedGrants } from '../gate/grants.ts'
import { findNumber, findText, type Json, tryJson } from '../json.ts'
import type { MetricLog } from '../metrics/metric-log.ts'
import type { Chaos } from './chaos.ts'
import type { Idleness } from './idleness.ts'

export type AdminDeps = {
  readonly log: CallLog
  readonly faults: Faults
  readonly grants: readonly Grant[]
  readonly idleness: () => Idleness
  readonly metrics: MetricLog
  /** What AWS measures once a minute. */
  readonly sample: () => void
  /** The alarms as the template has them, resolved. */
  readonly alarms: () => readonly Json[]
  readonly chaos: Chaos
}

const answer = (response: ServerResponse, status: number, value: unknown): void => {
  const body = JSON.stringify(value)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

export const makeAdminListener = ({
  log,
  faults,
  grants,
  idleness,
  metrics,
  sample,
  alarms,
  chaos,
}: AdminDeps): RequestListener => {
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
    'GET /metrics': (_body, response) => {
      sample()
      answer(response, 200, metrics.data())
    },
    'DELETE /metrics': (_body, response) => {
      metrics.clear()
      answer(response, 200, {})
    },
    'GET /alarms': (_body, response) => answer(response, 200, alarms()),
    'POST /kill': (body, response) => {
      const wanted = tryJson(body)
      const atWorkToo = findText(wanted, 'at') === 'work'
      answer(response, 200, { killed: chaos.kill(findText(wanted, 'function') ?? '', atWorkToo) })
    },
    'POST /skew': (body, response) => {
      const wanted = tryJson(body)
      chaos.skew(findText(wanted, 'function') ?? '', findNumber(wanted, 'ms') ?? 0)
      answer(response, 200, {})
    },
    'POST /restart': (_body, response) => {
      chaos.restart().then(
        () => answer(response, 200, {}),
        (error: unknown) => answer(response, 500, { message: String(error) }),
      )
    },
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
