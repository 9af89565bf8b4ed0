// What a metric came to in each cell of the results that may be compared: sends, and sums over them. Forced and fallback copies
// are left out here, once, for all that compares.
import type { Arm } from '../../../contract/ids.ts'
import type { Cell, CellChange } from '../../../contract/result-cell.ts'
import { addSums, countSums, type Sums } from '../statistics/moments.ts'

/** `counted` and `event`: a send has it or has not. `value`: what a send earned, minor units of one currency. */
export type Measure =
  | { readonly kind: 'counted' | 'event'; readonly metric: string }
  | { readonly kind: 'value'; readonly metric: string; readonly currency: string }

/** One day's sends of one copy, chosen in one way. */
export interface MeasuredCell {
  readonly day: string
  readonly arm: Arm
  /** Empty: control that called nothing, or a treatment whose copy no serve tells. */
  readonly copyId: string
  /** Version of the weights, `v3`; empty when no serve says. */
  readonly stratum: string
  readonly sums: Sums
}

/** Cells with sends, shards added up. In one pass over the rows, of which a long test has thousands. */
export function measureCells(rows: readonly CellChange[], measure: Measure): MeasuredCell[] {
  const event = measure.kind === 'counted' ? undefined : measure.metric
  const cells = new Map<string, MeasuredCell>()
  for (const row of rows) {
    const { cell } = row
    if (!isCompared(cell) || (cell.event !== undefined && cell.event !== event)) continue
    const { day, group, name, stratum } = cell
    const key = `${day}#${group}#${name}#${stratum}`
    const known = cells.get(key)
    const sums = sumsOf(row, measure)
    if (known !== undefined) cells.set(key, { ...known, sums: addSums([known.sums, sums]) })
    else cells.set(key, { day, arm: group === 'control' ? 'control' : 'treatment', copyId: name, stratum, sums })
  }
  return [...cells.values()].filter(({ sums }) => sums.n > 0)
}

/** Of both arms, drawn or split by Customer.io. */
function isCompared({ group, stratum }: Cell): boolean {
  return (group === 'treatment' || group === 'control') && stratum !== 'forced' && stratum !== 'fallback'
}

/** Sends are counted once, by the row that no event has. */
function sumsOf({ cell, counts, money }: CellChange, measure: Measure): Sums {
  const isEvent = cell.event !== undefined
  const n = isEvent ? 0 : (counts.sent ?? 0)
  switch (measure.kind) {
    case 'counted':
      return countSums(n, counts[measure.metric] ?? 0)
    case 'event':
      return countSums(n, isEvent ? (counts.sends ?? 0) : 0)
    case 'value': {
      const of = (kind: string) => (isEvent ? (money?.[`${kind}:${measure.currency}`] ?? 0n) : 0n)
      return { n, sum: of('value'), sumOfSquares: of('squares') }
    }
  }
}
