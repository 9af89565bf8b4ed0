// The results by day of the send, for a chart: how many sends each arm had, and how many of them have the metric.
import { type Arm, armSchema } from '../../contract/ids.ts'
import type { CellChange } from '../../contract/result-cell.ts'
import type { DayResult } from '../../contract/results.ts'

/** One entry per day and arm with sends, in order. Forced copies and fallbacks are no part of the comparison. */
export function countDays(metric: string, rows: readonly CellChange[]): DayResult[] {
  const days = new Map<string, DayResult>()
  for (const { cell, counts } of rows) {
    const arm = armSchema.safeParse(cell.group)
    if (!arm.success || cell.stratum === 'forced' || cell.stratum === 'fallback') continue
    const key = `${cell.day} ${arm.data}`
    const { sends, hits } = days.get(key) ?? emptyDay(cell.day, arm.data)
    // Sums of a custom event stand in cells of their own.
    const ofEvent = cell.event === metric ? (counts.sends ?? 0) : 0
    const isOrdinary = cell.event === undefined
    days.set(key, {
      day: cell.day,
      arm: arm.data,
      sends: sends + (isOrdinary ? (counts.sent ?? 0) : 0),
      hits: hits + (isOrdinary ? (counts[metric] ?? 0) : ofEvent),
    })
  }
  const order = [...days.keys()].toSorted()
  return order.flatMap((key) => days.get(key) ?? []).filter(({ sends, hits }) => sends > 0 || hits > 0)
}

function emptyDay(day: string, arm: Arm): DayResult {
  return { day, arm, sends: 0, hits: 0 }
}
