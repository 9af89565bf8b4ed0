// Sums of contributions by cell: the change of results that a change of outcomes causes, and the whole of results in a
// recount.
import type { Cell, CellChange, Counts } from '../../contract/result-cell.ts'

/** The sum of one cell's rows, and how often they were written: while that stands still, so does the sum. */
export interface CountedCell extends CellChange {
  readonly rows: readonly { readonly shard: number; readonly changes: number }[]
}

/** A text that is the same for the same scope and cell, and for no other. */
export function cellName(scope: string, cell: Cell): string {
  return [scope, cell.day, cell.group, cell.name, cell.stratum].join('#')
}

/** Adds `after` and takes `before` away, cell by cell; what comes to nothing is left out. */
export function sumCells(after: Iterable<CellChange>, before: Iterable<CellChange> = []): CellChange[] {
  const sums = new Map<string, { scope: string; cell: Cell; counts: Record<string, number> }>()
  const add = (changes: Iterable<CellChange>, sign: 1 | -1) => {
    for (const { scope, cell, counts } of changes) {
      const name = cellName(scope, cell)
      const sum = sums.get(name) ?? { scope, cell, counts: {} }
      for (const [counter, value] of Object.entries(counts)) {
        sum.counts[counter] = (sum.counts[counter] ?? 0) + sign * value
      }
      sums.set(name, sum)
    }
  }
  add(after, 1)
  add(before, -1)
  return [...sums.values()].map(withoutZeros).filter(({ counts }) => Object.keys(counts).length > 0)
}

function withoutZeros(change: CellChange): CellChange {
  const counts: Counts = Object.fromEntries(Object.entries(change.counts).filter(([, value]) => value !== 0))
  return { ...change, counts }
}
