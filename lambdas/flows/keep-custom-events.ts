// Custom events of one call: each row is read, the good ones are kept together, and every row gets its own answer.
import { streamSource } from '../../contract/custom-event.ts'
import type { CustomEventsAnswer } from '../../contract/custom-events-call.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import type { Org } from '../../contract/org.ts'
import type { Kept } from '../domain/events/judge-arrivals.ts'
import { type ReadEvent, readCustomEvent } from '../domain/events/read-custom-event.ts'

export interface KeepCustomEventsDeps {
  readonly findOrg: (org: OrgSlug) => Promise<Org | undefined>
  readonly keep: (org: OrgSlug, events: readonly ReadEvent[], signal: AbortSignal) => Promise<readonly Kept[]>
  readonly now: () => number
}

type Result = CustomEventsAnswer['results'][number]

/** When this returns, everything it calls accepted is stored. @throws when a table cannot answer */
export async function keepCustomEvents(
  deps: KeepCustomEventsDeps,
  org: OrgSlug,
  rows: readonly unknown[],
  signal: AbortSignal,
): Promise<CustomEventsAnswer> {
  const settings = await deps.findOrg(org)
  if (settings === undefined) throw new Error('a key was accepted for an org that does not exist')
  const { personIdentifier: identifier, currency } = settings
  const context = { org, source: streamSource, identifier, currency, receivedAtMs: deps.now() }
  const readings = rows.map((row) => readCustomEvent(row, context))
  const good = readings.filter((reading) => reading.ok)
  const kept = good.length === 0 ? [] : await deps.keep(org, good, signal)
  const keptOf = new Map(good.map((reading, at) => [reading, kept[at]]))
  const results = readings.map((reading, index): Result => {
    if (reading.ok) return { index, ...answerTo(keptOf.get(reading)) }
    const [first] = reading.reasons
    const message = reading.reasons.map((reason) => reason.message).join('; ')
    return { index, status: 'rejected', ...(first && { code: first.code }), message }
  })
  const count = (status: Result['status']) => results.filter((result) => result.status === status).length
  return {
    accepted: count('accepted'),
    duplicate: count('duplicate'),
    conflict: count('conflict'),
    rejected: count('rejected'),
    results,
  }
}

function answerTo(kept: Kept | undefined): Omit<Result, 'index'> {
  switch (kept) {
    case 'stored':
      return { status: 'accepted' }
    case 'duplicate':
      return { status: 'duplicate' }
    case 'conflict':
      return {
        status: 'conflict',
        code: 'event.conflict',
        message: 'event_id: seen one that is stored with other content',
      }
    case undefined:
      throw new Error('an event was read and not kept')
  }
}
