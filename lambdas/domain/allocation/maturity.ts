// When a send is old enough to say how it went. Younger sends would favour the copy that is sent less and less.
import type { MetricRules } from '../../../contract/metric.ts'

const dayMs = 86_400_000

/** Days after a send until nearly all of a metric has happened; what is not here takes `otherDays`. */
const maturityDays: Readonly<Record<string, number>> = {
  delivered: 1,
  bounced: 1,
  opened: 2,
  human_opened: 2,
  clicked: 3,
  human_clicked: 3,
  replied: 3,
  unsubscribed: 3,
  spammed: 3,
  converted: 7,
}
const otherDays = 7

/**
 * How long after its send a metric is taken to be complete, milliseconds. A custom event is complete when its window has
 * closed (`windowMs`, its delay included).
 */
export function maturityMs(metric: string, windowMs?: number): number {
  return windowMs ?? (maturityDays[metric] ?? otherDays) * dayMs
}

/** The last day of sends (UTC, `2026-11-23`) that has matured whole at `nowMs`. */
export function maturedThrough(maturity: number, nowMs: number): string {
  return new Date(nowMs - maturity - dayMs).toISOString().slice(0, 10)
}

/** How long after its send an event may still count, milliseconds. What counts from the delivery has a day for that to come. */
export function windowMsOf({ windowSeconds, anchor }: Pick<MetricRules, 'windowSeconds' | 'anchor'>): number {
  return windowSeconds * 1_000 + (anchor === 'delivered' ? dayMs : 0)
}
