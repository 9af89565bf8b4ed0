// A stop that somebody lifts: what becomes of the weights, and from when on the copy is watched again.
import type { Lifted, StoredAllocation } from '../../../contract/allocation.ts'
import type { CellChange } from '../../../contract/result-cell.ts'
import { guardrailCells } from './guardrail-cells.ts'
import type { GuardrailCell } from './watch-guardrails.ts'

/** The next version, without the stop. The copy gets a weight when weights are next computed, as a new one does. */
export function liftStop(allocation: StoredAllocation, lift: Lifted): StoredAllocation {
  const others = (allocation.lifted ?? []).filter(({ copyId }) => copyId !== lift.copyId)
  return {
    ...allocation,
    version: allocation.version + 1,
    stopped: allocation.stopped.filter(({ copyId }) => copyId !== lift.copyId),
    lifted: [...others, lift],
  }
}

/**
 * What guardrails look at. Of a copy whose stop was lifted only the days (UTC) after that, of both arms: what stopped it was known
 * to whoever lifted it, and would stop it again within the hour.
 */
export function watchedCells(rows: readonly CellChange[], lifted: readonly Lifted[] = []): GuardrailCell[] {
  const ids = new Set<string>(lifted.map(({ copyId }) => copyId))
  const since = lifted.flatMap(({ copyId, liftedAtMs }) => {
    const liftedOn = new Date(liftedAtMs).toISOString().slice(0, 10)
    const later = guardrailCells(rows.filter(({ cell }) => cell.day > liftedOn))
    return later.filter((cell) => cell.copyId === copyId)
  })
  return [...guardrailCells(rows).filter(({ copyId }) => !ids.has(copyId)), ...since]
}
