// How every HTTP handler but Customer.io's webhook is assembled: request id on every answer, faults become their problem,
// everything else becomes a 503 that gives nothing away.
import middy from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import { orgSlugSchema } from '../../contract/ids.ts'
import type { MetricValues } from '../../contract/metrics.ts'
import {
  commonProblems,
  type Problem,
  type ProblemBody,
  type ProblemCode,
  type ProblemTable,
} from '../../contract/problems.ts'
import { Fault, OverLimit } from '../domain/api/fault.ts'
import { countAnswer } from '../domain/metrics/count-answer.ts'
import { describeError, type Log } from './log.ts'
import { makeTellMetrics, type TellMetrics } from './tell-metrics.ts'

export type ApiEvent = APIGatewayProxyEventV2
export type ApiAnswer = APIGatewayProxyStructuredResultV2
export type ApiHandler = (event: ApiEvent, context: Context) => Promise<ApiAnswer>

/** A JSON answer. */
export function answer(status: number, body: unknown, headers: Record<string, string> = {}): ApiAnswer {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  }
}

/** The answer that a problem leaves with. */
export function problemAnswer(code: keyof typeof commonProblems, details: Fault['details'] = []): ApiAnswer {
  return toProblem(code, commonProblems[code], details)
}

function toProblem(code: ProblemCode, { status, message }: Problem, details: Fault['details']): ApiAnswer {
  const body: ProblemBody = { error: { code, message, ...(details.length > 0 && { details: [...details] }) } }
  return answer(status, body, status === 503 ? { 'retry-after': '1' } : {})
}

/**
 * Wraps the per-request part of a handler. `log` is told about what was not a fault of the caller, which a fault without an
 * entry in `problems` is not.
 */
export function apiHandler(
  log: Log,
  perRequest: (event: ApiEvent) => Promise<ApiAnswer>,
  problems: ProblemTable = commonProblems,
  tellMetrics: TellMetrics = makeTellMetrics(),
): ApiHandler {
  return middy<ApiEvent, ApiAnswer, Error>()
    .use({
      after: (request) => {
        if (!request.response) return
        stampRequestId(request.response, request.event)
        tellAnswer(tellMetrics, request.response, request.event)
      },
      onError: (request) => {
        request.response = answerTo(request.error, problems, log, request.event)
        stampRequestId(request.response, request.event)
        tellAnswer(tellMetrics, request.response, request.event)
      },
    })
    .handler(perRequest)
}

/** Tells an answer's status and latency, and its org, unless the caller did not prove to speak for it. */
export function tellAnswer(
  tellMetrics: TellMetrics,
  { statusCode = 200 }: ApiAnswer,
  event: ApiEvent,
  more: MetricValues = {},
): void {
  const latencyMs = Date.now() - (event.requestContext?.timeEpoch ?? Date.now())
  const org = statusCode === 401 ? undefined : orgSlugSchema.safeParse(event.pathParameters?.org).data
  tellMetrics({ ...more, ...countAnswer(statusCode, latencyMs) }, org)
}

function answerTo(error: unknown, problems: ProblemTable, log: Log, event: ApiEvent): ApiAnswer {
  const problem = error instanceof Fault ? problems[error.code] : undefined
  if (error instanceof Fault && problem !== undefined && problem.status < 500) {
    const refused = toProblem(error.code, problem, error.details)
    if (!(error instanceof OverLimit)) return refused
    return { ...refused, headers: { ...refused.headers, 'retry-after': String(error.retryAfterSeconds) } }
  }
  log('error', 'request failed', { requestId: event.requestContext.requestId, ...describeError(error) })
  return problemAnswer('service.unavailable')
}

function stampRequestId(response: ApiAnswer, event: ApiEvent): void {
  response.headers = { ...response.headers, 'x-request-id': event.requestContext.requestId }
}
