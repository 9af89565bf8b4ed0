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

/** Cells with sends, shards added up. */
export function measureCells(rows: readonly CellChange[], measure: Measure): MeasuredCell[] {
  const event = measure.kind === 'counted' ? undefined : measure.metric
  const compared = rows.filter(({ cell }) => isCompared(cell) && (cell.event === undefined || cell.event === event))
  const cells = Map.groupBy(compared, ({ cell: { day, group, name, stratum } }) => `${day}#${group}#${name}#${stratum}`)
  return [...cells.values()].flatMap((own): MeasuredCell[] => {
    const sends = own.reduce((sum, { cell, counts }) => sum + (cell.event === undefined ? (counts.sent ?? 0) : 0), 0)
    const [first] = own
    if (first === undefined || sends <= 0) return []
    const { day, group, name, stratum } = first.cell
    const arm = group === 'control' ? 'control' : 'treatment'
    const { sum, sumOfSquares } = addSums(own.map((row) => sumsOf(row, measure)))
    return [{ day, arm, copyId: name, stratum, sums: { n: sends, sum, sumOfSquares } }]
  })
}

/** Of both arms, drawn or split by Customer.io. */
function isCompared({ group, stratum }: Cell): boolean {
  return (group === 'treatment' || group === 'control') && stratum !== 'forced' && stratum !== 'fallback'
}

function sumsOf({ cell, counts, money = {} }: CellChange, measure: Measure): Sums {
  switch (measure.kind) {
    case 'counted':
      return countSums(0, cell.event === undefined ? (counts[measure.metric] ?? 0) : 0)
    case 'event':
      return countSums(0, cell.event === measure.metric ? (counts.sends ?? 0) : 0)
    case 'value': {
      const of = (kind: string) => (cell.event === measure.metric ? (money[`${kind}:${measure.currency}`] ?? 0n) : 0n)
      return { n: 0, sum: of('value'), sumOfSquares: of('squares') }
    }
  }
}
