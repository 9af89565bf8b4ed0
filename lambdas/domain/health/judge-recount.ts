// The light that says whether every event is accounted for and counters are the sum of outcomes, by last night's recount.
import type { Check } from '../../../contract/check.ts'
import type { Recounted } from '../../../contract/recounted.ts'
import { sumAccounts } from '../measuring/sum-accounts.ts'

/** Of the days that the recount tells one by one, and of all before. */
export function judgeRecount(recounted: Recounted | undefined): Check {
  const light = { id: 'counting.complete', title: 'Every event is accounted for', since: null } as const
  if (recounted === undefined) {
    const seen = 'Events are accounted for every night; this org has not had its first.'
    return { ...light, state: 'waiting', seen, what_to_do: '' }
  }
  const { accepted, counted, unmatched, setAside, twice, pending, unaccounted } = sumAccounts(recounted.days)
  const when = `${new Date(recounted.countedAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const parts = [
    `${counted} counted`,
    `${unmatched} without a send`,
    `${setAside} set aside`,
    ...(twice > 0 ? [`${twice} told again by a backfill`] : []),
    ...(pending > 0 ? [`${pending} just arrived`] : []),
    ...(unaccounted > 0 ? [`${unaccounted} not counted`] : []),
  ]
  const drift = recounted.drift > 0 ? ` ${recounted.drift} sums of the results differ from what they are made of.` : ''
  const seen = `Of ${accepted} events accepted: ${parts.join(', ')}.${drift} (Counted again ${when}.)`
  if (unaccounted === 0 && recounted.drift === 0) return { ...light, state: 'ok', seen, what_to_do: '' }
  const what_to_do =
    'Nothing is lost: events are stored, and results are computed from them. We have been alarmed; results may be off until it is mended.'
  return { ...light, state: 'broken', seen, what_to_do }
}
