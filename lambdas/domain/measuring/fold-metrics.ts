// Which metrics a delivery has, once each, however many events said so; and how many opens and clicks there were.
import type { ReportingEvent } from '../events/read-reporting-event.ts'

export interface FoldedMetrics {
  /** Sorted; includes `human_opened` and `human_clicked`. */
  readonly metrics: string[]
  readonly events: number
  readonly openedEvents: number
  readonly clickedEvents: number
}

/** Folds the events of one message. A send is `sent` even when only `delivered` says so. */
export function foldMetrics(events: readonly ReportingEvent[], isSend: boolean): FoldedMetrics {
  const opens = events.filter((event) => event.metric === 'opened')
  const clicks = events.filter((event) => event.metric === 'clicked')
  const humanClicked = clicks.some(isHumanClick)
  const metrics = new Set(events.map((event) => event.metric))
  if (isSend) metrics.add('sent')
  if (humanClicked) metrics.add('human_clicked')
  if (opens.some((open) => isHumanOpen(open, humanClicked))) metrics.add('human_opened')
  return {
    metrics: [...metrics].toSorted(),
    events: events.length,
    openedEvents: opens.length,
    clickedEvents: clicks.length,
  }
}

function isHumanClick({ machine }: ReportingEvent): boolean {
  return !machine.machine && !machine.prefetched && !machine.proxied
}

/** An open inferred from a click is as human as the clicks behind it. */
function isHumanOpen({ machine }: ReportingEvent, humanClicked: boolean): boolean {
  if (machine.machine || machine.prefetched || machine.proxied) return false
  return machine.synthetic ? humanClicked : true
}
