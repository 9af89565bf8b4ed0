import { describe, expect, it } from 'vitest'
import { isRefusedForHours } from '../../../lambdas/domain/health/refused-hours.ts'

const hourMs = 3_600_000
const nowMs = 400 * hourMs + 120_000
/** Sightings so many hours ago. */
const seen = (what: string, ...hoursAgo: number[]) =>
  hoursAgo.map((hours) => ({ what: `signature.${what}`, atMs: nowMs - hours * hourMs, count: 1 }))
const refused = (...hoursAgo: number[]) => seen('mismatch', ...hoursAgo)

describe('an org is refused for hours', () => {
  it.each([
    ['when it was in three hours of the last twelve', refused(0, 5, 11), undefined, true],
    ['when the clocks of its calls are wrong', seen('too_old', 0, 1, 2), undefined, true],
    ['not for two hours, however many calls', refused(0, 0.01, 0.02, 1), undefined, false],
    [
      'not for hours longer ago than twelve, once a good one came',
      [...refused(13, 14, 15), ...seen('valid', 1)],
      undefined,
      false,
    ],
    [
      'though good ones come between: another webhook of the org',
      [...refused(0, 3, 6), ...seen('valid', 0, 1, 2)],
      undefined,
      true,
    ],
    [
      'after a day, when Customer.io hardly tries any more',
      [...refused(0, 20, 50), ...seen('valid', 60)],
      undefined,
      true,
    ],
    ['not by what came before another key was stored', refused(3, 4, 5), nowMs - hourMs, false],
    ['not by strangers, who sign nothing', seen('unsigned', 0, 1, 2, 3), undefined, false],
    ['not while nobody calls', [], undefined, false],
  ])('%s', (_, sightings, keySinceMs, expected) => {
    expect(isRefusedForHours(sightings, keySinceMs, nowMs)).toBe(expected)
  })
})
