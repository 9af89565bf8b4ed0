// How an org counts its own events: for how long after a message, from when, for which message, and what they are worth.
import * as z from 'zod/mini'
import { currencySchema } from './ids.ts'

/** Definitions of one org, so that its settings stay one item. */
export const maxMetrics = 50

const dayInSeconds = 86_400
const seconds = z.number().check(z.gte(0), z.lte(366 * dayInSeconds))

const rules = {
  /** An event counts up to this long after its send, the last second included. */
  windowSeconds: seconds,
  /** An event counts only from this long after its send on. */
  delaySeconds: seconds,
  /** Both count from the send, or from its delivery; a send that was not delivered has no events then. */
  anchor: z.enum(['sent', 'delivered']),
  /** Which send an event counts for when several qualify. */
  model: z.enum(['last', 'first', 'every']),
  /** Templates are experiments of their own, or one send of the whole org takes the event. */
  scope: z.enum(['template', 'org']),
  value: z.enum(['sum', 'ignore']),
  /** Of values that name none; absent: the org's. */
  currency: z.optional(currencySchema),
}

/** What holds while an org has set nothing. */
export const usualMetricRules: MetricRules = {
  windowSeconds: 14 * dayInSeconds,
  delaySeconds: 0,
  anchor: 'sent',
  model: 'last',
  scope: 'template',
  value: 'sum',
}

/** What holds for every event name without a definition of its own. */
export const metricRulesSchema = z.object(rules)
export type MetricRules = z.infer<typeof metricRulesSchema>

/** The name of an event, as senders give it. */
export const metricNameSchema = z.string().check(z.regex(/^[A-Za-z0-9_.\- ]{1,64}$/))

export const metricSchema = z.object({
  name: metricNameSchema,
  ...rules,
})
export type Metric = z.infer<typeof metricSchema>

export const metricsSchema = z.array(metricSchema).check(z.maxLength(maxMetrics))
