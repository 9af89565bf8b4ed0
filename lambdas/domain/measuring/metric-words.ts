// The rules by which an org counts its own events: as they are stored, and in the words of the wire.
import type { MetricRules } from '../../../contract/metric.ts'
import type { MetricRulesWire } from '../../../contract/metric-answers.ts'

export function toRules({ window_seconds, delay_seconds, currency, ...rest }: MetricRulesWire): MetricRules {
  const { anchor, model, scope, value } = rest
  const seconds = { windowSeconds: window_seconds, delaySeconds: delay_seconds }
  return { ...seconds, anchor, model, scope, value, ...(currency !== null && { currency }) }
}

export function showRules({ windowSeconds, delaySeconds, currency, ...rest }: MetricRules): MetricRulesWire {
  const { anchor, model, scope, value } = rest
  const seconds = { window_seconds: windowSeconds, delay_seconds: delaySeconds }
  return { ...seconds, anchor, model, scope, value, currency: currency ?? null }
}
