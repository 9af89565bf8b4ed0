// The days of results as the points of a chart: a row per day, the share of each arm or copy in percent.
import type { ResultsAnswer } from '../../../contract/results.ts'

type Day = ResultsAnswer['by_day'][number]

export interface DayRow {
  readonly day: string
  /** Percent by line of the chart; null on a day without sends, which is no zero. */
  readonly shares: Readonly<Record<string, number | null>>
  /** Events may still count for its sends. */
  readonly isOpen: boolean
}

export const byArm = ({ arm }: Day): string => (arm === 'control' ? 'Control' : 'JustAI')
export const byCopy = ({ arm, copy_id }: Day): string => copy_id ?? (arm === 'control' ? 'Control' : 'copy unknown')

/** Names of the lines in the order of the legend: control last. */
export function linesOf(days: readonly Day[], lineOf: (day: Day) => string): string[] {
  const names = new Set(days.map(lineOf))
  return [...[...names].filter((name) => name !== 'Control').toSorted(), ...(names.has('Control') ? ['Control'] : [])]
}

/** By day, also those on which only one arm was sent. */
export function dayRows(days: readonly Day[], lineOf: (day: Day) => string): DayRow[] {
  const lines = linesOf(days, lineOf)
  const found = [...Map.groupBy(days, ({ day }) => day)].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return found.map(([day, own]) => ({
    day,
    shares: Object.fromEntries(lines.map((line) => [line, percentOf(own.filter((each) => lineOf(each) === line))])),
    isOpen: own.some(({ open }) => open),
  }))
}

function percentOf(days: readonly Day[]): number | null {
  const sends = days.reduce((sum, day) => sum + day.sends, 0)
  return sends === 0 ? null : (days.reduce((sum, day) => sum + day.count, 0) / sends) * 100
}
