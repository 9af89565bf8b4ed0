// Counters beside the sum of outcomes. Cells whose outcomes something changed while they were summed are left out: of them nothing
// can be said without asking again. Their rows count every such change, also of outcomes that only moved, so what a scan saw
// twice or not at all is never taken for a difference. Erasing a person moves outcomes and writes no counter: it marks their days.
import type { CellChange } from '../../../contract/result-cell.ts'
import { type CountedCell, cellName, sumCells } from './sum-cells.ts'

/** How often each row of a cell had been written, by the name of the cell. */
export type Written = ReadonlyMap<string, string>

export interface WrittenRow {
  readonly name: string
  readonly shard: number
  readonly changes: number
}

export interface Difference {
  /** What has to be added to the counters. */
  readonly change: CellChange
  readonly counted: CountedCell
}

export interface Comparison {
  readonly cells: number
  readonly differences: readonly Difference[]
  /** Cells that were written meanwhile. */
  readonly busy: number
}

/** The rows of cells, however they come, as `compareCells` takes them. */
export function gatherWritten(rows: Iterable<WrittenRow>): Written {
  const byName = new Map<string, WrittenRow[]>()
  for (const row of rows) byName.set(row.name, [...(byName.get(row.name) ?? []), row])
  return new Map([...byName].map(([name, of]) => [name, writtenOf(of)]))
}

/** @param before how often rows had been written when the first outcome was summed */
export function compareCells(
  before: Written,
  folded: readonly CellChange[],
  after: readonly CountedCell[],
  erasedDays: ReadonlySet<string>,
): Comparison {
  const existing = new Set<string>()
  const settled = new Map<string, CountedCell>()
  for (const cell of after) {
    const name = cellName(cell.scope, cell.cell)
    existing.add(name)
    if (!erasedDays.has(cell.cell.day) && before.get(name) === writtenOf(cell.rows)) settled.set(name, cell)
  }
  const differences = sumCells(folded, after).flatMap((change): Difference[] => {
    const name = cellName(change.scope, change.cell)
    if (erasedDays.has(change.cell.day) || (existing.has(name) && !settled.has(name))) return []
    return [{ change, counted: settled.get(name) ?? { ...change, counts: {}, rows: [] } }]
  })
  return { cells: after.length, differences, busy: after.length - settled.size }
}

/** Days whose mark is not the one that it was. */
export function daysErased(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Set<string> {
  return new Set([...after].flatMap(([day, mark]) => (before.get(day) === mark ? [] : [day])))
}

function writtenOf(rows: readonly Omit<WrittenRow, 'name'>[]): string {
  return rows
    .map(({ shard, changes }) => `${shard}:${changes}`)
    .toSorted()
    .join()
}
