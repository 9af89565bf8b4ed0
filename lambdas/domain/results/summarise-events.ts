// The custom events of an arm or copy, from the sums of its cells to the answer of the results route: exact decimals.
import type { CellChange } from '../../../contract/result-cell.ts'
import type { EventResult } from '../../../contract/results.ts'
import { fromMinor } from '../measuring/money.ts'
import { sumCells } from '../measuring/sum-cells.ts'

/** By name of the event. */
export function summariseEvents(rows: readonly CellChange[]): Record<string, EventResult> {
  const byName = Map.groupBy(rows, ({ cell }) => cell.event ?? '')
  const entries = [...byName].map(([name, ofName]): [string, EventResult] => {
    const cell = { day: '', group: 'other', name: '', stratum: '' } as const
    const [sum] = sumCells(ofName.map((row) => ({ ...row, scope: '', cell })))
    const money = Object.entries(sum?.money ?? {})
    return [
      name,
      {
        sends: sum?.counts.sends ?? 0,
        events: sum?.counts.events ?? 0,
        value: decimalsOf(money, 'value', 1),
        squares: decimalsOf(money, 'squares', 2),
      },
    ]
  })
  return Object.fromEntries(entries.filter(([, { sends }]) => sends > 0).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** @param power 2 for squares, which have twice the decimals */
function decimalsOf(money: readonly (readonly [string, bigint])[], kind: string, power: 1 | 2): Record<string, string> {
  const ofKind = money.flatMap(([counter, sum]): [string, string][] => {
    const [prefix, currency = ''] = counter.split(':')
    return prefix === kind ? [[currency, fromMinor(sum, currency, power)]] : []
  })
  return Object.fromEntries(ofKind.toSorted())
}
