// Each copy against control, period by period, in what must not get worse. Young sends count too: both arms of a day are as
// young, and harm should not wait until it has ripened.
import { type CopyId, copyIdSchema } from '../../../contract/ids.ts'
import type { CellChange } from '../../../contract/result-cell.ts'
import { type MeasuredCell, measureCells } from '../results/measure-cells.ts'
import { stratifyDays } from '../results/stratify-days.ts'
import type { GuardrailCell, GuardrailCounts } from './watch-guardrails.ts'

/**
 * The period of each day that has sends: a version of the weights, in one week. Weeks, because the split between control and
 * copies may change without a version, at Customer.io above all; a season and such a change would then pass for a lift.
 */
export function periodsOf(cells: readonly MeasuredCell[]): Map<string, string> {
  const versions = cells
    .filter(({ arm, stratum }) => arm === 'treatment' && stratum !== '')
    .map(({ day, stratum, sums }) => ({ day, version: stratum, sends: sums.n }))
  const strata = stratifyDays(
    versions,
    cells.map(({ day }) => day),
  )
  return new Map([...strata].map(([day, version]) => [day, `${version} ${weekOf(day)}`]))
}

/** Weeks since 1970, from Monday on. */
function weekOf(day: string): number {
  return Math.floor((Date.parse(day) / 86_400_000 + 3) / 7)
}

/** One cell per copy and period in which the copy was sent. */
export function guardrailCells(rows: readonly CellChange[]): GuardrailCell[] {
  const unsubscribed = measureCells(rows, { kind: 'counted', metric: 'unsubscribed' })
  const spammed = measureCells(rows, { kind: 'counted', metric: 'spammed' })
  const periods = periodsOf(unsubscribed)
  const controls = new Map<string, GuardrailCounts>()
  const treated = new Map<string, { copyId: CopyId; stratum: string; treatment: GuardrailCounts }>()
  for (const [at, { day, arm, copyId, sums }] of unsubscribed.entries()) {
    const stratum = periods.get(day) ?? 'v0'
    const counts = { sends: sums.n, unsubscribed: Number(sums.sum), spammed: Number(spammed[at]?.sums.sum ?? 0) }
    if (arm === 'control') controls.set(stratum, add(controls.get(stratum), counts))
    if (arm === 'control' || copyId === '') continue
    const name = `${copyId}#${stratum}`
    const treatment = add(treated.get(name)?.treatment, counts)
    treated.set(name, { copyId: copyIdSchema.parse(copyId), stratum, treatment })
  }
  return [...treated.values()].map((cell) => ({ ...cell, control: controls.get(cell.stratum) ?? nothing }))
}

const nothing: GuardrailCounts = { sends: 0, unsubscribed: 0, spammed: 0 }

function add(a: GuardrailCounts = nothing, b: GuardrailCounts): GuardrailCounts {
  return {
    sends: a.sends + b.sends,
    unsubscribed: a.unsubscribed + b.unsubscribed,
    spammed: a.spammed + b.spammed,
  }
}
