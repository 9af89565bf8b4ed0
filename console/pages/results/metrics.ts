// The metrics that results can be read by, in the order and the words of the picker.
import { isHarm } from '../../../contract/harms.ts'

export interface MetricChoice {
  readonly value: string
  readonly label: string
}

export interface MetricGroup {
  readonly group: string
  readonly items: MetricChoice[]
}

/** Counted from what Customer.io reports. Openings and clicks are read twice: by people only, and machines included. */
export const reportedMetrics: readonly MetricChoice[] = [
  { value: 'converted', label: 'Converted (campaign goal)' },
  { value: 'human_clicked', label: 'Clicked, people only' },
  { value: 'clicked', label: 'Clicked, machines included' },
  { value: 'human_opened', label: 'Opened, people only' },
  { value: 'opened', label: 'Opened, machines included' },
  { value: 'delivered', label: 'Delivered' },
  { value: 'replied', label: 'Replied' },
  { value: 'unsubscribed', label: 'Unsubscribed' },
  { value: 'spammed', label: 'Reported as spam' },
  { value: 'bounced', label: 'Bounced' },
  { value: 'dropped', label: 'Dropped' },
  { value: 'failed', label: 'Failed' },
  { value: 'undeliverable', label: 'Undeliverable' },
]

/** What a send did, for a sentence: `were opened by people`. Custom events are named as they are. */
const verbs: Readonly<Record<string, string>> = {
  converted: 'converted',
  human_clicked: 'were clicked by people',
  clicked: 'were clicked',
  human_opened: 'were opened by people',
  opened: 'were opened',
  delivered: 'were delivered',
  replied: 'were replied to',
  unsubscribed: 'led to an unsubscribe',
  spammed: 'were reported as spam',
  bounced: 'bounced',
  dropped: 'were dropped',
  failed: 'failed',
  undeliverable: 'were undeliverable',
}

export function verbOf(metric: string): string {
  return verbs[metric] ?? `led to “${metric}”`
}

export function labelOf(metric: string): string {
  return reportedMetrics.find(({ value }) => value === metric)?.label ?? metric
}

/** Counted from what Customer.io reports, and no event of the org's own. */
export function isReported(metric: string): boolean {
  return reportedMetrics.some(({ value }) => value === metric)
}

/** What a template can be tested on: harms are not among them, but for one that `stands` already. */
export function keyMetricChoices(events: readonly string[], stands: string): MetricGroup[] {
  return metricChoices([...events, stands]).map(({ group, items }) => ({
    group,
    items: items.filter(({ value }) => !isHarm(value) || value === stands),
  }))
}

/** What results can be read by: what Customer.io reports, and the custom events named, each once. */
export function metricChoices(events: readonly string[]): MetricGroup[] {
  const names = [...new Set(events)].filter((name) => name !== '' && !isReported(name)).toSorted()
  const custom = names.map((name) => ({ value: name, label: name }))
  return [
    { group: 'Reported by Customer.io', items: [...reportedMetrics] },
    ...(custom.length === 0 ? [] : [{ group: 'Your own events', items: custom }]),
  ]
}
