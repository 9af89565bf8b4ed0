// How an org counts its own events, in the words of the wire; what each means is in `metric.ts`.
import * as z from 'zod/mini'
import { currencySchema } from './ids.ts'
import { maxMetrics, metricNameSchema, metricRulesSchema, usualMetricRules as usual } from './metric.ts'

const { anchor, model, scope, value } = metricRulesSchema.shape
const longestSeconds = 366 * 86_400
const seconds = z.int().check(z.gte(0), z.lte(longestSeconds))

const rules = {
  window_seconds: z._default(seconds, usual.windowSeconds),
  delay_seconds: z._default(seconds, usual.delaySeconds),
  anchor: z._default(anchor, usual.anchor),
  model: z._default(model, usual.model),
  scope: z._default(scope, usual.scope),
  value: z._default(value, usual.value),
  /** Of values that name none; null: the org's. */
  currency: z._default(z.nullable(currencySchema), null),
}

/** For every event name without a definition of its own. */
export const metricRulesWireSchema = z.strictObject(rules)
export type MetricRulesWire = z.infer<typeof metricRulesWireSchema>

export const metricsWireSchema = z
  .array(z.strictObject({ name: metricNameSchema, ...rules }))
  .check(z.maxLength(maxMetrics))
