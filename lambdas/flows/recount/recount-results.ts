// Folds every outcome of an org again and compares the sums with the counters, in one go: for a command, which may take its time
// and mends what differs. The night does the same in steps.
import type { OrgSlug } from '../../../contract/ids.ts'
import type { CellChange } from '../../../contract/result-cell.ts'
import { compareCells, daysErased, gatherWritten } from '../../domain/measuring/compare-cells.ts'
import { contribute } from '../../domain/measuring/contribute.ts'
import type { Placed } from '../../domain/measuring/place-outcomes.ts'
import { CellSums, type CountedCell, cellName } from '../../domain/measuring/sum-cells.ts'

export interface RecountDeps {
  readonly scanOutcomes: (org: OrgSlug) => AsyncIterable<Placed>
  readonly scanCounters: (org: OrgSlug) => Promise<CountedCell[]>
  /** A mark for each day from whose outcomes somebody was erased, another one after each time. */
  readonly listErasures: (org: OrgSlug) => Promise<ReadonlyMap<string, string>>
  /** Adds to a cell, provided that its rows were not written since they were read. */
  readonly mend: (org: OrgSlug, cell: CountedCell, change: CellChange) => Promise<'mended' | 'raced'>
}

export interface Drift {
  /** What has to be added to the counters. */
  readonly change: CellChange
  readonly repaired: boolean
}

export interface Recount {
  readonly outcomes: number
  readonly cells: number
  readonly drifts: readonly Drift[]
  /** Cells that were written during the recount. */
  readonly busy: number
}

/** @param onOutcomes is told how many outcomes were folded so far, every few thousand */
export async function recountResults(
  deps: RecountDeps,
  org: OrgSlug,
  repair: boolean,
  onOutcomes: (outcomes: number) => void = () => undefined,
): Promise<Recount> {
  const marks = await deps.listErasures(org)
  const before = gatherWritten((await deps.scanCounters(org)).flatMap(rowsOf))
  const sums = new CellSums()
  let outcomes = 0
  for await (const placed of deps.scanOutcomes(org)) {
    sums.add(contribute(placed))
    if (++outcomes % 5_000 === 0) onOutcomes(outcomes)
  }
  const after = await deps.scanCounters(org)
  const erased = daysErased(marks, await deps.listErasures(org))
  const { cells, differences, busy } = compareCells(before, sums.list(), after, erased)
  const drifts: Drift[] = []
  for (const { change, counted } of differences) {
    drifts.push({ change, repaired: repair && (await deps.mend(org, counted, change)) === 'mended' })
  }
  return { outcomes, cells, drifts, busy }
}

function rowsOf({ scope, cell, rows }: CountedCell): { name: string; shard: number; changes: number }[] {
  return rows.map((row) => ({ name: cellName(scope, cell), ...row }))
}
