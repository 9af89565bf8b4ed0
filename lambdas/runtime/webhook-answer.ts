// How Customer.io's webhook is answered: 200, 401 or 503 and nothing else, in time, whatever happens. Other codes would make
// Customer.io wait an hour and hold back every later event.
import { answerBudgetMs } from '../../contract/limits.ts'
import type { WebhookAnswer } from '../../contract/reporting-event.ts'
import { type ApiAnswer, type ApiEvent, type ApiHandler, answer, problemAnswer } from './api.ts'
import { withinBudget } from './budget.ts'
import { describeError, type Log } from './log.ts'

/** `refused`: the caller did not prove who it is. What is thrown is answered 503. */
export type WebhookWork = (event: ApiEvent, signal: AbortSignal) => Promise<WebhookAnswer | 'refused'>

/** `prepare` runs with the first request and, should it throw, with each one after, so that even this is answered. */
export function webhookHandler(log: Log, prepare: () => WebhookWork, budgetMs = answerBudgetMs): ApiHandler {
  let work: WebhookWork | undefined
  return async (event) => {
    const requestId = event.requestContext?.requestId ?? 'unknown'
    try {
      work ??= prepare()
      const prepared = work
      const outcome = await withinBudget(budgetMs, (signal) => prepared(event, signal))
      return stamped(outcome === 'refused' ? problemAnswer('auth.failed') : answer(200, outcome), requestId)
    } catch (error) {
      tell(log, requestId, error)
      return stamped(problemAnswer('service.unavailable'), requestId)
    }
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
