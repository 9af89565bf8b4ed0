// The days of results as the points of a chart: a row per day, the share of each arm in percent.
import type { DayResult } from '../../../contract/results.ts'

export interface DayRow {
  readonly day: string
  /** Percent; null on a day without sends, which is no zero. */
  readonly JustAI: number | null
  readonly Control: number | null
  readonly [name: string]: string | number | null
}

/** By day, also those on which only one arm was sent. */
export function dayRows(days: readonly DayResult[]): DayRow[] {
  const names = [...new Set(days.map(({ day }) => day))].toSorted()
  const percentOf = (day: string, arm: DayResult['arm']) => {
    const found = days.find((each) => each.day === day && each.arm === arm)
    return found === undefined || found.sends === 0 ? null : (found.hits / found.sends) * 100
  }
  return names.map((day) => ({ day, JustAI: percentOf(day, 'treatment'), Control: percentOf(day, 'control') }))
}
