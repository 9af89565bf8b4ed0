// When functions that a caller waits for are ended.
import { answerBudgetMs, setupBudgetMs } from '../contract/limits.ts'

/** A second beyond the time in which handlers answer: reached only when one hangs, and no later than Customer.io hangs up. */
export const callerTimeoutSeconds = answerBudgetMs / 1_000 + 1

/** The same for those that wait for others or work through much; API Gateway gives up after 30 s. */
export const patientTimeoutSeconds = setupBudgetMs / 1_000 + 1
