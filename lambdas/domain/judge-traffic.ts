// The lights of the troubleshooting list: does the webhook fire, do events belong to a template.
import type { Check } from '../../contract/check.ts'
import type { Counts } from '../../contract/result-cell.ts'
import type { HealthFacts } from './health-facts.ts'
import { add, type DaySum } from './sum-days.ts'

/** Reports follow a message within minutes; a whole day without any is no delay. */
const silentMs = 86_400_000

/** Two lights: events arrive, and their campaigns are known. */
export function judgeTraffic(facts: HealthFacts): Check[] {
  return [judgeArrival(facts), judgeMapping(facts)]
}

function judgeArrival(facts: HealthFacts): Check {
  const light = { id: 'traffic.events', title: 'Reporting events arrive' } as const
  const templateDays = facts.templates.flatMap(({ days }) => days)
  const reported = [...templateDays, ...facts.unmapped.flatMap(({ days }) => days)].filter((day) => eventsOf(day) > 0)
  const lastReported = maxDay(reported)
  const lastServed = maxDay(templateDays.filter(({ served }) => served > 0))
  if (lastReported === undefined && lastServed === undefined) {
    const what_to_do = 'Start the campaign, or send yourself a test message, once the lights above are green.'
    return { ...light, state: 'waiting', since: null, seen: 'No event has arrived within the last days.', what_to_do }
  }
  // What was served today may not have been reported yet; what was served a day before must have been.
  const isSilent =
    lastServed !== undefined &&
    (lastReported === undefined || startOf(lastServed) - startOf(lastReported) >= silentMs) &&
    facts.nowMs - startOf(lastServed) >= silentMs
  if (isSilent) {
    return {
      ...light,
      state: 'broken',
      since: lastReported === undefined ? null : isoOf(lastReported),
      seen: `Customer.io asked for copy on ${lastServed}, but ${lastReported === undefined ? 'no event has arrived' : `the last message reported is of ${lastReported}`}.`,
      what_to_do:
        'Check at Customer.io that the reporting webhook is enabled, that its endpoint ends with the slug of this org, and that the campaign runs in the workspace that is connected here.',
    }
  }
  if (lastReported === undefined) {
    const what_to_do = 'Wait a few minutes; then check that the reporting webhook is enabled.'
    return {
      ...light,
      state: 'waiting',
      since: null,
      seen: 'Copy was asked for; no event has arrived yet.',
      what_to_do,
    }
  }
  const total = reported.reduce((sum, day) => sum + eventsOf(day), 0)
  const seen = `${total} events of messages of the last days; the latest are of ${lastReported}.`
  return { ...light, state: 'ok', since: isoOf(minDay(reported) ?? lastReported), seen, what_to_do: '' }
}

function judgeMapping({ unmapped }: HealthFacts): Check {
  const light = { id: 'traffic.mapped', title: 'Campaigns belong to a template' } as const
  const sums = unmapped.map(({ source, days }) => ({
    source,
    sent: add(days.map(({ unmapped }) => unmapped)).sent ?? 0,
  }))
  const sending = sums.filter(({ sent }) => sent > 0)
  if (sending.length === 0) {
    const seen = 'No message came from a campaign that is not connected to a template.'
    return { ...light, state: 'ok', since: null, seen, what_to_do: '' }
  }
  const named = sending.slice(0, 10).map(({ source, sent }) => `${source || 'no source'} (${sent} messages)`)
  return {
    ...light,
    state: 'waiting',
    since: null,
    seen: `Not connected to a template: ${named.join(', ')}.`,
    what_to_do:
      'If one of these is meant to be measured, save its Campaign ID in the template’s integration settings; what came before is counted then.',
  }
}

/** Events that the webhook told of a day's messages. */
function eventsOf({ calls, treatment, control, unmapped, unsent }: DaySum): number {
  return [calls, treatment, control, unmapped, unsent].reduce((sum, counts: Counts) => sum + (counts.events ?? 0), 0)
}

function maxDay(days: readonly DaySum[]): string | undefined {
  return days
    .map(({ day }) => day)
    .toSorted()
    .at(-1)
}

function minDay(days: readonly DaySum[]): string | undefined {
  return days.map(({ day }) => day).toSorted()[0]
}

function startOf(day: string): number {
  return Date.parse(`${day}T00:00:00.000Z`)
}

function isoOf(day: string): string {
  return new Date(startOf(day)).toISOString()
}
