// Whether Customer.io's events come signed with the key that is stored. Anybody can call the address: what they send is
// refused, and says nothing as long as signed events arrive.
import type { Check } from '../../../contract/check.ts'
import { customerioRefusals } from '../api/customerio-refusals.ts'
import type { HealthFacts, Sighting } from './health-facts.ts'

/** A refusal this long ago says nothing of now. */
const refusalMemoryMs = 86_400_000
/** Customer.io tries a refused event again after an hour, and what we count is noted once a minute. */
const retryMs = 3_660_000

export function judgeSignature(facts: HealthFacts): Check {
  const light = { id: 'traffic.signature', title: 'Events are signed by Customer.io', since: null } as const
  if (facts.webhookSignature === 'none') {
    return {
      ...light,
      state: 'broken',
      seen: 'No signing key is stored, so anybody who knows the address can report events.',
      what_to_do:
        'At Customer.io, open Data & Integrations, Integrations, Reporting Webhooks, JustAI; copy the signing key and store it here. From then on unsigned events are refused.',
    }
  }
  const { nowMs, sightings, signingKeySinceMs = 0 } = facts
  const valid = sightings.filter(({ what, atMs }) => what === 'signature.valid' && atMs >= signingKeySinceMs)
  const refused = sightings.filter(
    ({ what, atMs }) => what.startsWith('signature.') && what !== 'signature.valid' && nowMs - atMs < refusalMemoryMs,
  )
  const own = refused.filter(({ what, atMs }) => what in customerioRefusals && atMs >= signingKeySinceMs)
  const [lastValid, lastOwn] = [lastOf(valid), lastOf(own)]
  const others = refused.length === 0 ? 'Nothing was refused within a day.' : `Refused within a day: ${told(refused)}.`
  if (lastOwn !== undefined && (lastValid === undefined || lastOwn.atMs - lastValid.atMs > retryMs)) {
    const before = lastValid === undefined ? 'none was accepted' : `the last accepted one came ${isoOf(lastValid.atMs)}`
    return {
      ...light,
      state: 'broken',
      since: isoOf(Math.min(...own.map(({ atMs }) => atMs))),
      seen: `Signed events were refused, last ${isoOf(lastOwn.atMs)}: ${customerioRefusals[lastOwn.what]}; since the key was stored ${before}. ${others}`,
      what_to_do:
        'Copy the signing key of the reporting webhook at Customer.io again and store it here. Customer.io tries refused events again within an hour.',
    }
  }
  if (lastValid === undefined) {
    const what_to_do = 'Wait for the first event, or send yourself a test message.'
    const seen = `A signing key is stored; no event signed with it has arrived within the last days. ${others}`
    return { ...light, state: 'waiting', seen, what_to_do }
  }
  const seen = `${countOf(valid)} events or more came with a valid signature within the last days, the last ${isoOf(lastValid.atMs)}. ${others}`
  return { ...light, state: 'ok', since: isoOf(Math.min(...valid.map(({ atMs }) => atMs))), seen, what_to_do: '' }
}

function told(refused: readonly Sighting[]): string {
  const byWhat = Map.groupBy(refused, ({ what }) => what)
  return [...byWhat].map(([what, all]) => `${countOf(all)} or more ${words[what] ?? what}`).join(', ')
}

const words: Readonly<Record<string, string>> = {
  'signature.unsigned': 'without a signature',
  'signature.malformed': 'with no proper signature',
  'signature.mismatch': 'with the signature of another key',
  'signature.too_old': 'signed too long ago',
}

function countOf(all: readonly Sighting[]): number {
  return all.reduce((sum, { count }) => sum + count, 0)
}

function lastOf(all: readonly Sighting[]): Sighting | undefined {
  return all.toSorted((a, b) => b.atMs - a.atMs)[0]
}

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString()
}
