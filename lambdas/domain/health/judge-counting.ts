// The lights of counting: is what a changed setting asks for done, under way, or held up by single deliveries; and did a limit
// keep custom events from being counted.
import type { Check } from '../../../contract/check.ts'
import {
  maxBesideEvents,
  maxDeliveryEvents,
  maxEventNames,
  maxPersonEvents,
  maxPersonOutcomes,
  maxPinnedPerName,
} from '../../../contract/limits.ts'
import type { Counts } from '../../../contract/result-cell.ts'
import type { HealthFacts } from './health-facts.ts'

/** One light for the whole org. */
export function judgeCounting({ restatements }: Pick<HealthFacts, 'restatements'>): Check {
  const light = { id: 'results.counted', title: 'Results follow the settings' } as const
  const [first] = restatements.toSorted((a, b) => a.requestedAtMs - b.requestedAtMs)
  if (first === undefined) {
    return { ...light, state: 'ok', since: null, seen: 'Nothing waits to be counted anew.', what_to_do: '' }
  }
  const since = new Date(first.requestedAtMs).toISOString()
  const aside = new Set(restatements.flatMap(({ aside = [] }) => aside)).size
  if (aside === 0) {
    const seen = 'A setting was changed, and what it touches is being counted anew.'
    return { ...light, state: 'waiting', since, seen, what_to_do: 'Wait: results say so until it is done.' }
  }
  return {
    ...light,
    state: 'broken',
    since,
    seen: `${aside} deliveries could not be counted anew after a setting was changed; everything else goes on without them.`,
    what_to_do:
      'They are tried again every five minutes. If this stays, tell whoever runs the service: the log of RemeasureOutcomes says what stands in the way.',
  }
}

/** Of the messages of one template. */
export function judgeCut({ sent = 0, events_cut: cut = 0 }: Counts): Pick<Check, 'state' | 'seen' | 'what_to_do'> {
  if (cut === 0) return { state: 'ok', seen: 'Every custom event of these people was looked at.', what_to_do: '' }
  return {
    state: 'broken',
    seen: `${cut} of ${sent} messages went to people of whom more is stored than is looked at.`,
    what_to_do: `Of one person ${maxPersonOutcomes} messages and calls and ${maxPersonEvents} events are looked at, of one delivery ${maxDeliveryEvents}, beside it ${maxBesideEvents} and ${maxPinnedPerName} of a name, and ${maxEventNames} names count for a message. Send fewer kinds of events, give events the person instead of the delivery, and look whether one id stands for many people.`,
  }
}
