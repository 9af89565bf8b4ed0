// When functions that a caller waits for are ended.
import { answerBudgetMs } from '../contract/limits.ts'

/** A second beyond the time in which handlers answer: reached only when one hangs, and no later than Customer.io hangs up. */
export const callerTimeoutSeconds = answerBudgetMs / 1_000 + 1
