// Where the reporting webhook and a backfill tell the same of a message, the webhook's word stands alone: a backfill fills
// gaps and counts nothing twice.
import type { ReportingEvent } from './read-reporting-event.ts'

/**
 * The events of one delivery without backfilled ones of which the webhook told itself. An open by a person is not told by
 * one by a machine, unless both are of the same second: the App API may know the open and not whose it was. In any order,
 * the same events.
 */
export function preferWebhook<E extends ReportingEvent>(events: readonly E[]): readonly E[] {
  if (!events.some(({ backfilled }) => backfilled)) return events
  const told = new Set(events.filter(({ backfilled }) => !backfilled).flatMap(namesOf))
  return events.filter((event) => !event.backfilled || !namesOf(event).some((name) => told.has(name)))
}

/** What an event tells: that somebody, or something, did this; and that it happened in that second. */
function namesOf({ channel, metric, machine, atMs }: ReportingEvent): string[] {
  const byMachine = machine.machine || machine.prefetched || machine.proxied
  const what = `${channel} ${metric}`
  return [`${what} ${byMachine ? 'by a machine' : 'by a person'}`, `${what} at ${Math.floor(atMs / 1_000)}`]
}
