// Rows of the results as a test writes them: a day of one copy, with what was counted.
import type { CellChange, CellGroup, Counts, Money } from '../../contract/result-cell.ts'

/** `2026-11-01` and the days after it. */
export function dayAt(days: number): string {
  return new Date(Date.UTC(2026, 10, 1 + days)).toISOString().slice(0, 10)
}

/** One cell of the template `welcome`. */
export function rowOf(
  day: number,
  group: CellGroup,
  name: string,
  stratum: string,
  counts: Counts,
  event?: { readonly name: string; readonly money?: Money },
): CellChange {
  const cell = { day: dayAt(day), group, name, stratum, ...(event && { event: event.name }) }
  return { scope: 'welcome', cell, counts, ...(event?.money && { money: event.money }) }
}

/** A day's treatment sends of a copy that were drawn. */
export function drawnRow(day: number, copy: string, version: number, counts: Counts): CellChange {
  return rowOf(day, 'treatment', copy, `v${version}`, counts)
}

/** A day's control sends, as Customer.io splits: no serve says anything. */
export function controlRow(day: number, counts: Counts): CellChange {
  return rowOf(day, 'control', '', '', counts)
}
