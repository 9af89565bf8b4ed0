// How a metric counts, in a sentence: for how long after a message, from when on, for which message.
import { type MetricRulesWire, metricRulesWireSchema } from '../../../contract/metric-answers.ts'
import type { SettingsAnswer } from '../../../contract/settings.ts'
import { formatSpan } from '../../words/format.ts'
import { isReported } from './metrics.ts'

const models = {
  last: 'for the last message before it',
  first: 'for the first message before it',
  every: 'for every message before it',
} as const
const anchors = { sent: 'sent', delivered: 'delivered' } as const
const scopes = { template: 'for each template by itself', org: 'for one template of all' } as const

export function countingRule(metric: string, settings: Pick<SettingsAnswer, 'metrics' | 'metric_defaults'>): string {
  if (isReported(metric)) return 'Counts once per message, on the day it was sent, whenever Customer.io reports it.'
  const { window_seconds, delay_seconds, anchor, model, scope } = rulesOf(metric, settings)
  const from = delay_seconds === 0 ? '' : `from ${formatSpan(delay_seconds)} `
  const span = `${from}up to ${formatSpan(window_seconds)} after the message was ${anchors[anchor]}`
  return `Counts ${span}, ${models[model]}, ${scopes[scope]}.`
}

function rulesOf(metric: string, { metrics, metric_defaults }: Parameters<typeof countingRule>[1]): MetricRulesWire {
  return metrics.find(({ name }) => name === metric) ?? metric_defaults ?? metricRulesWireSchema.parse({})
}
