// Where the reporting webhook and a backfill tell the same of a message, the webhook's word stands alone: a backfill fills
// gaps and counts nothing twice.
import type { ReportingEvent } from './read-reporting-event.ts'

/** The events of one delivery without backfilled ones of which the webhook told itself. In any order, the same events. */
export function preferWebhook<E extends ReportingEvent>(events: readonly E[]): readonly E[] {
  if (!events.some(({ backfilled }) => backfilled)) return events
  const nameOf = ({ channel, metric }: E) => `${channel} ${metric}`
  const told = new Set(events.filter(({ backfilled }) => !backfilled).map(nameOf))
  return events.filter((event) => !event.backfilled || !told.has(nameOf(event)))
}
