// The last screen: every planted rate and lift beside what was measured, with its interval, inside or not.
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import type { ResultsAnswer } from '../../contract/results.ts'
import { type Books, entryName } from './books.ts'
import { type PlantedMetric, plantedMetrics, plantedRate } from './planted.ts'

export interface Row {
  readonly entry: string
  readonly what: string
  readonly planted: number
  readonly measured: number
  readonly lower: number
  readonly upper: number
  /** Chance that the interval misses by chance alone, at most. */
  readonly missChance: number
}

/** All rates of a table together are outside by chance alone in one run of a thousand. */
const alpha = 0.001

/** An interval of the results may miss once in twenty. */
const liftAlpha = 0.05
/** More misses than come by chance in one run of a hundred are none of chance's. */
const tooUnlikely = 0.01

const counterOf: Readonly<Record<PlantedMetric, string>> = {
  human_opened: 'human_opened',
  human_clicked: 'human_clicked',
  converted: 'converted',
  purchase: 'purchase sends',
}

/** A row per arm or copy and planted rate, of those that were sent at all. */
export function rateRows(shown: Books, liftOf: (copyId: string) => number): Row[] {
  const entries = [...shown].filter(
    ([entry, counts]) => /^(control|treatment)/.test(entry) && (counts.get('sent') ?? 0) > 0,
  )
  const missChance = alpha / Math.max(1, entries.length * plantedMetrics.length)
  const z = -normalQuantile(missChance / 2, 0, 1)
  return entries.toSorted().flatMap(([entry, counts]) =>
    plantedMetrics.map((metric) => {
      const copyId = entry.split(' ')[1]
      const [n, count] = [counts.get('sent') ?? 0, counts.get(counterOf[metric]) ?? 0]
      const planted = plantedRate(metric, copyId === undefined ? 0 : liftOf(copyId))
      return { entry, what: metric, planted, measured: count / n, ...wilson(count, n, z), missChance }
    }),
  )
}

/** The lifts that the service itself shows, with its own intervals, which hold at every look. */
export function liftRows({ metric, comparison }: ResultsAnswer, liftOf: (copyId: string) => number): Row[] {
  return comparison.copies.flatMap(({ copy_id, lift }) =>
    lift === null
      ? []
      : {
          entry: entryName('treatment', copy_id),
          what: `lift in ${metric}`,
          planted: liftOf(copy_id),
          measured: lift.value,
          lower: lift.lower ?? Number.NEGATIVE_INFINITY,
          upper: lift.upper ?? Number.POSITIVE_INFINITY,
          missChance: liftAlpha,
        },
  )
}

/** Wilson's score interval (1927). */
function wilson(count: number, n: number, z: number) {
  const share = count / n
  const centre = share + (z * z) / (2 * n)
  const half = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))
  const scale = 1 + (z * z) / n
  return { lower: (centre - half) / scale, upper: (centre + half) / scale }
}

export function isInside({ planted, lower, upper }: Row): boolean {
  return planted >= lower && planted <= upper
}

/**
 * The most misses that chance alone explains: with more of them the chance of so many, or more, is below a hundredth. Rows are
 * taken to miss independently, each as often as it may at most.
 */
export function misses(rows: readonly Row[]): { readonly seen: number; readonly allowed: number } {
  // chances[k]: of just k misses among the rows so far.
  let chances = [1]
  for (const { missChance } of rows) {
    chances = [...chances, 0].map((hit, k) => hit * (1 - missChance) + (chances[k - 1] ?? 0) * missChance)
  }
  let more = 1
  const allowed = chances.findIndex((chance) => {
    more -= chance
    return more < tooUnlikely
  })
  return { seen: rows.filter((row) => !isInside(row)).length, allowed }
}

/** Plain text, one line a row. */
export function drawTable(rows: readonly Row[]): string {
  const percent = (part: number) => `${(part * 100).toFixed(1)} %`.padStart(9)
  const widths = [
    Math.max(4, ...rows.map(({ entry }) => entry.length)),
    Math.max(4, ...rows.map(({ what }) => what.length)),
  ]
  const head = `${'arm'.padEnd(widths[0] ?? 0)}  ${'what'.padEnd(widths[1] ?? 0)}    planted   measured   from        to`
  const lines = rows.map((row) => {
    const names = `${row.entry.padEnd(widths[0] ?? 0)}  ${row.what.padEnd(widths[1] ?? 0)}`
    const numbers = [row.planted, row.measured, row.lower, row.upper].map(percent).join(' ')
    return `${names}  ${numbers}  ${isInside(row) ? 'inside' : 'OUTSIDE'}`
  })
  return [head, ...lines].join('\n')
}
