// A bound on how long one request may take, whatever the SDK is doing meanwhile.
import { Fault } from '../domain/api/fault.ts'

/**
 * Gives `work` a signal that ends its calls after `budgetMs`, and answers then even if they do not heed it.
 * @throws Fault `service.unavailable` when the budget is spent
 */
export async function withinBudget<T>(budgetMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const { promise: spent, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(new Fault('service.unavailable'))
    controller.abort()
  }, budgetMs)
  try {
    return await Promise.race([work(controller.signal), spent])
  } finally {
    clearTimeout(timer)
  }
}

/** A signal that ends with another, or after `budgetMs`: for what is done beside the work and must not use up its time. */
export function endedWithin(budgetMs: number, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(budgetMs)])
}
