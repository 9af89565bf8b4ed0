// How long Customer.io's own calls for an org have been refused: what wakes an engineer, where one refusal wakes nobody.
import { customerioRefusals } from '../api/customerio-refusals.ts'
import type { Sighting } from './health-facts.ts'

const hourMs = 3_600_000
const lookedAtHours = 12
/** Customer.io tries again after an hour, then ever more seldom: these are no passing fault, and no key on its way to us. */
const sustainedHours = 3

/**
 * Whether an org's signed calls were refused in three hours or more since its signing key was stored: of the last twelve, or of
 * all since the last good signature, because after a day Customer.io hardly tries any more.
 */
export function isRefusedForHours(
  sightings: readonly Sighting[],
  signingKeySinceMs: number | undefined,
  nowMs: number,
): boolean {
  const valid = sightings.filter(({ what }) => what === 'signature.valid').map(({ atMs }) => atMs)
  const sinceMs = Math.max(signingKeySinceMs ?? 0, Math.min(nowMs - lookedAtHours * hourMs, Math.max(0, ...valid)))
  const refused = sightings.filter(({ what, atMs }) => what in customerioRefusals && atMs >= sinceMs)
  return new Set(refused.map(({ atMs }) => Math.floor(atMs / hourMs))).size >= sustainedHours
}
