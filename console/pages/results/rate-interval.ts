// The range in which the true share of one arm lies, for drawing. Comparisons are the API's to make: two ranges that overlap
// say nothing about a difference.
import type { Range } from '../../parts/range.ts'

/** Normal quantile of a two-sided range of 95 %. */
const z = 1.959964

/** Wilson's score interval, 95 %, of `hits` among `sends`; undefined without sends. */
export function rateInterval(hits: number, sends: number): Range | undefined {
  if (sends <= 0) return undefined
  const share = hits / sends
  const shrink = 1 + z ** 2 / sends
  const middle = (share + z ** 2 / (2 * sends)) / shrink
  const half = (z / shrink) * Math.sqrt((share * (1 - share)) / sends + z ** 2 / (4 * sends ** 2))
  return { lower: Math.max(0, middle - half), upper: Math.min(1, middle + half) }
}
