// One scale for the lifts of all copies, with zero in it, so that their ranges can be held against each other.
import type { ComparedCopy } from '../../../contract/comparison.ts'
import { type Range, rangeOf } from '../../parts/range.ts'

/**
 * A tenth at the least, so that small lifts look small; twice control at the most: wider ranges say nothing yet. To the left
 * all of control at the most, for nothing can fall by more.
 */
const [least, most] = [0.1, 2]

export function liftScale(copies: readonly Pick<ComparedCopy, 'lift'>[]): Range {
  const ranges = copies.flatMap(({ lift }) => (lift === null ? [] : rangeOf(lift)))
  const ends = ranges.flatMap(({ lower, upper }) => [Math.abs(lower), Math.abs(upper)])
  const end = Math.min(most, Math.max(least, ...ends))
  return { lower: Math.max(-1, -end), upper: end }
}
