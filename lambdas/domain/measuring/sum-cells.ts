// Sums of contributions by cell: the change of results that a change of outcomes causes, and the whole of results in a
// recount.
import type { Cell, CellChange, Counts, Money } from '../../../contract/result-cell.ts'

/** The sum of one cell's rows, and how often they were written: while that stands still, so does the sum. */
export interface CountedCell extends CellChange {
  readonly rows: readonly { readonly shard: number; readonly changes: number }[]
}

/** A text that is the same for the same scope and cell, and for no other. */
export function cellName(scope: string, cell: Cell): string {
  return [scope, cell.day, cell.group, cell.name, cell.stratum, cell.event ?? ''].join('#')
}

/** Adds `after` and takes `before` away, cell by cell; what comes to nothing is left out. */
export function sumCells(after: Iterable<CellChange>, before: Iterable<CellChange> = []): CellChange[] {
  const sums = new Map<string, Sum>()
  addTo(sums, after, 1)
  addTo(sums, before, -1)
  return [...sums.values()].map(withoutZeros).filter(isSomething)
}

/** Sums of cells that grow with what is added, so that memory holds cells and not what they are made of. */
export class CellSums {
  readonly #sums = new Map<string, Sum>()

  add(changes: Iterable<CellChange>): void {
    addTo(this.#sums, changes, 1)
  }

  get cells(): number {
    return this.#sums.size
  }

  /** What came to nothing is left out. */
  list(): CellChange[] {
    return [...this.#sums.values()].map(withoutZeros).filter(isSomething)
  }
}

/**
 * Adds up changes of different outcomes, and keeps the cells in which they come to nothing: what such a cell is made of has
 * changed, which its count of changes must tell to whoever folds outcomes meanwhile.
 */
export function joinChanges(changes: Iterable<CellChange>): CellChange[] {
  const sums = new Map<string, Sum>()
  addTo(sums, changes, 1)
  return [...sums.values()].map(withoutZeros)
}

function addTo(sums: Map<string, Sum>, changes: Iterable<CellChange>, sign: 1 | -1): void {
  for (const { scope, cell, counts, money = {} } of changes) {
    const name = cellName(scope, cell)
    const sum = sums.get(name) ?? { scope, cell, counts: {}, money: {} }
    for (const [counter, value] of Object.entries(counts)) {
      sum.counts[counter] = (sum.counts[counter] ?? 0) + sign * value
    }
    for (const [counter, value] of Object.entries(money)) {
      sum.money[counter] = (sum.money[counter] ?? 0n) + BigInt(sign) * value
    }
    sums.set(name, sum)
  }
}

interface Sum extends CellChange {
  readonly counts: Record<string, number>
  readonly money: Record<string, bigint>
}

function withoutZeros({ scope, cell, counts, money }: Sum): CellChange {
  const whole: Counts = Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== 0))
  const exact: Money = Object.fromEntries(Object.entries(money).filter(([, value]) => value !== 0n))
  return { scope, cell, counts: whole, ...(Object.keys(exact).length > 0 && { money: exact }) }
}

function isSomething({ counts, money }: CellChange): boolean {
  return Object.keys(counts).length > 0 || money !== undefined
}
