import { expect, it } from 'vitest'
import { rangeOf } from '../../console/parts/range.ts'
import { formatInstant, formatLiftRange, sayInstants } from '../../console/words/format.ts'

it.each([
  [-0.04, 0.123, 'between -4.0 % and +12.3 %'],
  [-1.3, 1.9, 'between -100.0 % and +190.0 %'],
  [-18.61, 20.419, 'anywhere: too few sends to say'],
  [-0.2, 3, 'above -20.0 %: few sends yet'],
  [0, null, 'above +0.0 %: few sends yet'],
  [0.2, 3, 'above +20.0 %'],
  [0.342, null, 'above +34.2 %'],
  [null, null, 'anywhere: too few sends to say'],
])('says where a lift between %s and %s lies', (lower, upper, words) => {
  expect(formatLiftRange(rangeOf({ lower, upper }))).toBe(words)
})

it('says instants of the API within a sentence as people read them, and leaves days as they are', () => {
  const [first, second] = ['2026-11-25T08:46:45.170Z', '2026-11-25T09:00:00Z']
  expect(sayInstants(`Since ${first}, last ${second}, of 2026-11-25.`)).toBe(
    `Since ${formatInstant(first)}, last ${formatInstant(second)}, of 2026-11-25.`,
  )
})
