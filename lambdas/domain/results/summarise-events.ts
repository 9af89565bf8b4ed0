// The custom events of an arm or copy, from the sums of its cells to the answer of the results route: exact decimals.
import type { CellChange } from '../../../contract/result-cell.ts'
import type { EventResult } from '../../../contract/results.ts'
import { fromMinor } from '../measuring/money.ts'

/** By name of the event; in one pass over the rows, of which a long test has thousands. */
export function summariseEvents(rows: readonly CellChange[]): Record<string, EventResult> {
  const sums = new Map<string, EventSums>()
  for (const { cell, counts, money } of rows) {
    const name = cell.event ?? ''
    const sum = sums.get(name) ?? { sends: 0, events: 0, money: new Map() }
    sum.sends += counts.sends ?? 0
    sum.events += counts.events ?? 0
    for (const [counter, value] of Object.entries(money ?? {})) {
      sum.money.set(counter, (sum.money.get(counter) ?? 0n) + value)
    }
    sums.set(name, sum)
  }
  const seen = [...sums].filter(([, { sends }]) => sends > 0).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(
    seen.map(([name, { sends, events, money }]): [string, EventResult] => {
      const exact = [...money].filter(([, sum]) => sum !== 0n)
      return [name, { sends, events, value: decimalsOf(exact, 'value', 1), squares: decimalsOf(exact, 'squares', 2) }]
    }),
  )
}

interface EventSums {
  sends: number
  events: number
  readonly money: Map<string, bigint>
}

/** @param power 2 for squares, which have twice the decimals */
function decimalsOf(money: readonly (readonly [string, bigint])[], kind: string, power: 1 | 2): Record<string, string> {
  const ofKind = money.flatMap(([counter, sum]): [string, string][] => {
    const [prefix, currency = ''] = counter.split(':')
    return prefix === kind ? [[currency, fromMinor(sum, currency, power)]] : []
  })
  return Object.fromEntries(ofKind.toSorted())
}
