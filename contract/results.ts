// The answer of the results route.
import * as z from 'zod/mini'
import { judgementShape } from './comparison.ts'
import { armSchema } from './ids.ts'

const countsSchema = z.record(z.string(), z.number())

/** How many sends each rule joined to the serve that explains them. */
export const joinSchema = z.object({ journey: z.number(), latest: z.number(), none: z.number() })

/** Decimals in major units by currency: `{ "EUR": "12.50" }`. */
const moneySchema = z.record(z.string(), z.string())

export const eventResultSchema = z.object({
  /** Sends that have at least one. */
  sends: z.number(),
  events: z.number(),
  value: moneySchema,
  /** Sum of the squares of what each send earned: with `value` and the sends, its variance. */
  squares: moneySchema,
})
export type EventResult = z.infer<typeof eventResultSchema>

export const armResultSchema = z.object({
  arm: armSchema,
  /** The copy; null when no serve says which. */
  copy_id: z.nullable(z.string()),
  /** `drawn` copies are compared; `forced` and `fallback` ones are shown but never compared. */
  choice: z.enum(['drawn', 'forced', 'fallback']),
  counts: countsSchema,
  /** Custom events that count for these sends, by name. */
  events: z.record(z.string(), eventResultSchema),
  /** The metric asked for per send, 0 to 1; null while nothing was sent. */
  rate: z.nullable(z.number()),
  /** Every counted metric per send. */
  rates: z.record(z.string(), z.nullable(z.number())),
  join: joinSchema,
})
export type ArmResult = z.infer<typeof armResultSchema>

const summaryShape = {
  template_id: z.string(),
  metric: z.string(),
  /** Days of the send, UTC, both included. */
  from: z.string(),
  to: z.string(),
  arms: z.array(armResultSchema),
  join: joinSchema,
  /** Deliveries that were never sent: engagement without a send (`unmatched`), and what stopped the others. */
  unsent: countsSchema,
  /** The calls of the template's webhook actions as Customer.io reports them. */
  action: countsSchema,
  /** Those of other webhook actions of its campaigns. */
  other_actions: countsSchema,
  /** Metrics and channels that are not in the documents, by name. */
  other: countsSchema,
  /**
   * A setting was changed and counts are being made anew: since when, and which; `aside`: deliveries that could not be
   * measured and are tried again. Null when they are settled.
   */
  restating: z.nullable(z.object({ since: z.string(), reason: z.enum(['mapping', 'metrics']), aside: z.number() })),
  as_of: z.string(),
}
const summarySchema = z.object(summaryShape)
/** Counts and rates, without what compares them. */
export type ResultsSummary = z.infer<typeof summarySchema>

export const resultsAnswerSchema = z.object({
  ...summaryShape,
  ...judgementShape,
  /** First day of a send. Later days alone are compared, but nothing is decided on them. Null while nothing was sent. */
  started_on: z.nullable(z.string()),
})
export type ResultsAnswer = z.infer<typeof resultsAnswerSchema>

export const dayPattern = /^\d{4}-\d{2}-\d{2}$/
