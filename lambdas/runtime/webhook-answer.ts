// How Customer.io's webhook is answered: 200, 401 or 503 and nothing else, in time, whatever happens. Other codes would make
// Customer.io wait an hour and hold back every later event.
import { answerBudgetMs } from '../../contract/limits.ts'
import type { MetricName, MetricValues } from '../../contract/metrics.ts'
import type { WebhookAnswer } from '../../contract/reporting-event.ts'
import { type ApiAnswer, type ApiEvent, type ApiHandler, answer, problemAnswer, tellAnswer } from './api.ts'
import { withinBudget } from './budget.ts'
import { describeError, type Log } from './log.ts'
import { makeTellMetrics, type TellMetrics } from './tell-metrics.ts'

/** `refused`: the caller did not prove who it is. What is thrown is answered 503. */
export type WebhookWork = (event: ApiEvent, signal: AbortSignal) => Promise<WebhookAnswer | 'refused'>

/** `prepare` runs with the first request and, should it throw, with each one after, so that even this is answered. */
export function webhookHandler(
  log: Log,
  prepare: () => WebhookWork,
  budgetMs = answerBudgetMs,
  tellMetrics: TellMetrics = makeTellMetrics(),
): ApiHandler {
  let work: WebhookWork | undefined
  const answerTo = async (event: ApiEvent, requestId: string): Promise<[ApiAnswer, MetricValues]> => {
    try {
      work ??= prepare()
      const prepared = work
      const outcome = await withinBudget(budgetMs, (signal) => prepared(event, signal))
      if (outcome === 'refused') return [problemAnswer('auth.failed'), {}]
      return [answer(200, outcome), { [counted[outcome.status]]: 1 }]
    } catch (error) {
      tell(log, requestId, error)
      return [problemAnswer('service.unavailable'), {}]
    }
  }
  return async (event) => {
    const requestId = event.requestContext?.requestId ?? 'unknown'
    const [answered, values] = await answerTo(event, requestId)
    tellSafely(tellMetrics, answered, event, values)
    return stamped(answered, requestId)
  }
}

const counted = {
  accepted: 'Accepted',
  duplicate: 'Duplicate',
  conflict: 'Conflict',
  quarantined: 'Quarantined',
} as const satisfies Record<WebhookAnswer['status'], MetricName>

function tellSafely(...told: Parameters<typeof tellAnswer>): void {
  try {
    tellAnswer(...told)
  } catch {
    // A metric is missing; the answer still leaves.
  }
}

function tell(log: Log, requestId: string, error: unknown): void {
  try {
    log('error', 'webhook not answered', { requestId, ...describeError(error) })
  } catch {
    // Nowhere left to say it; the answer still leaves.
  }
}

function stamped(response: ApiAnswer, requestId: string): ApiAnswer {
  return { ...response, headers: { ...response.headers, 'x-request-id': requestId } }
}
