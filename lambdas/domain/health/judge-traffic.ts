// The lights of the troubleshooting list: does the webhook fire, do events belong to a template.
import type { Check } from '../../../contract/check.ts'
import type { Counts } from '../../../contract/result-cell.ts'
import { type HealthFacts, sourcesSeen } from './health-facts.ts'
import { add, type DaySum } from './sum-days.ts'

/** Reports follow a message within minutes; a whole day without any is no delay. */
const silentMs = 86_400_000
/** Sources that one sentence names. */
const maxNamed = 10
const connectThem =
  'If one of these is meant to be measured, save its Campaign ID in the template’s integration settings; what came before is counted then.'

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

/** Every source that an event came from within the last days was noted as it came, whatever Verify knew of it. */
function judgeMapping({ unmapped, unmappedLeftOut, sightings }: HealthFacts): Check {
  const light = { id: 'traffic.mapped', title: 'Campaigns belong to a template' } as const
  const sums = unmapped.map(({ source, days }) => ({
    source,
    sent: add(days.map(({ unmapped }) => unmapped)).sent ?? 0,
  }))
  const sending = sums.filter(({ sent }) => sent > 0)
  const leftOut =
    unmappedLeftOut === 0 ? '' : ` ${unmappedLeftOut} further sources without a template were not looked at.`
  if (sending.length === 0) {
    const looked = new Set([...sourcesSeen(sightings), ...unmapped.map(({ source }) => source)].filter(Boolean))
    const told = `Looked at ${[...looked].slice(0, maxNamed).join(', ')}${looked.size > maxNamed ? ` and ${looked.size - maxNamed} more` : ''}.`
    if (sourcesSeen(sightings).length === 0) {
      const seen = `No event has told within the last days which campaign it is of.${looked.size > 0 ? ` ${told}` : ''}`
      const what_to_do = 'Start the campaign; what its events belong to shows here within minutes.'
      return { ...light, state: 'waiting', since: null, seen, what_to_do }
    }
    const seen = `No message of the last days came from a campaign, broadcast or newsletter that is not connected to a template. ${told}${leftOut}`
    const state = unmappedLeftOut === 0 ? 'ok' : 'waiting'
    return { ...light, state, since: null, seen, what_to_do: state === 'ok' ? '' : connectThem }
  }
  const named = sending.slice(0, maxNamed).map(({ source, sent }) => `${source || 'no source'} (${sent} messages)`)
  return {
    ...light,
    state: 'waiting',
    since: null,
    seen: `Not connected to a template: ${named.join(', ')}${sending.length > maxNamed ? ` and ${sending.length - maxNamed} more` : ''}.${leftOut}`,
    what_to_do: connectThem,
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
