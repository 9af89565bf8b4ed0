// Whether copy is given fast enough for Customer.io's webhook action, by what the function that gives it has noted.
import type { Check } from '../../../contract/check.ts'
import { slowCopyMs } from '../../../contract/limits.ts'
import type { HealthFacts } from './health-facts.ts'

const memoryMs = 86_400_000
/** More than this share is no accident; fewer than so many calls are. */
const toleratedShare = 0.01
const toleratedCalls = 5

export function judgeSpeed({ sightings, templates, nowMs }: HealthFacts): Check {
  const light = { id: 'traffic.speed', title: 'Copy is given in time' } as const
  const slow = sightings.filter(({ what, atMs }) => what === 'copy.slow' && nowMs - atMs < memoryMs)
  const count = slow.reduce((sum, one) => sum + one.count, 0)
  const yesterday = new Date(nowMs - memoryMs).toISOString().slice(0, 10)
  const served = templates
    .flatMap(({ days }) => days.filter(({ day }) => day >= yesterday))
    .reduce((sum, day) => sum + day.served, 0)
  const limit = `${slowCopyMs / 1_000} s`
  if (count > toleratedCalls && count > toleratedShare * served) {
    return {
      ...light,
      state: 'broken',
      since: new Date(Math.min(...slow.map(({ atMs }) => atMs))).toISOString(),
      seen: `${count} calls for copy or more took longer than ${limit} within a day, or failed after it; copy was given ${served} times.`,
      what_to_do:
        'Customer.io may have given up on these calls and sent the message without new copy. Shorten copy with much Liquid; if it goes on, tell us.',
    }
  }
  if (count === 0 && templates.every(({ days }) => days.every((day) => day.served === 0))) {
    const seen = 'Nobody has asked for copy within the last days.'
    return { ...light, state: 'waiting', since: null, seen, what_to_do: 'Start a campaign that asks for copy.' }
  }
  const seen =
    count === 0 ? `No call for copy took longer than ${limit} within a day.` : `${count} of ${served} took longer.`
  return { ...light, state: 'ok', since: null, seen, what_to_do: '' }
}
