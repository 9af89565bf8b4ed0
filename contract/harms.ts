// Metrics of which more is worse. Nothing takes more of them for better: no decision, no weights, and no key metric.

const harms: ReadonlySet<string> = new Set(['unsubscribed', 'spammed', 'bounced', 'dropped', 'failed', 'undeliverable'])

/** Whether a copy with more of the metric does harm. Custom events are never harms: nobody says which way they point. */
export function isHarm(metric: string): boolean {
  return harms.has(metric)
}
