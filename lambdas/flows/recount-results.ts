// Folds every outcome of an org again and compares the sums with the counters. Cells whose outcomes something changed
// meanwhile are left out: of them nothing can be said without asking again. Their rows count every such change, also of
// outcomes that only moved, so what the scan saw twice or not at all is never taken for a drift.
import type { OrgSlug } from '../../contract/ids.ts'
import type { CellChange } from '../../contract/result-cell.ts'
import { contribute } from '../domain/measuring/contribute.ts'
import { isNameless } from '../domain/measuring/erase.ts'
import type { Placed } from '../domain/measuring/place-outcomes.ts'
import { type CountedCell, cellName, sumCells } from '../domain/measuring/sum-cells.ts'

export interface RecountDeps {
  readonly scanOutcomes: (org: OrgSlug) => AsyncIterable<Placed>
  readonly scanCounters: (org: OrgSlug) => Promise<CountedCell[]>
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

export async function recountResults(deps: RecountDeps, org: OrgSlug, repair: boolean): Promise<Recount> {
  const namelessBefore = new Set((await findNameless(deps, org)).map(({ subject }) => subject))
  const before = await deps.scanCounters(org)
  const folded = await foldOutcomes(deps.scanOutcomes(org))
  const after = await deps.scanCounters(org)
  const erased = (await findNameless(deps, org)).filter(({ subject }) => !namelessBefore.has(subject))
  const moved = new Set(erased.flatMap(contribute).map(({ scope, cell }) => cellName(scope, cell)))
  const settled = settledCells(before, after, moved)
  const differences = sumCells(folded.cells, after)
  const existing = new Set(after.map(({ scope, cell }) => cellName(scope, cell)))
  const drifts: Drift[] = []
  for (const change of differences) {
    const name = cellName(change.scope, change.cell)
    if (moved.has(name) || (existing.has(name) && !settled.has(name))) continue
    const counted = settled.get(name) ?? { ...change, counts: {}, rows: [] }
    drifts.push({ change, repaired: repair && (await deps.mend(org, counted, change)) === 'mended' })
  }
  return { outcomes: folded.outcomes, cells: after.length, drifts, busy: after.length - settled.size }
}

/** Erasing a person gives each of their outcomes another place and writes no counter; what is new among these has moved. */
async function findNameless(deps: RecountDeps, org: OrgSlug): Promise<Placed[]> {
  const nameless: Placed[] = []
  for await (const placed of deps.scanOutcomes(org)) if (isNameless(placed)) nameless.push(placed)
  return nameless
}

/** Sums as it goes, so that memory holds cells and not outcomes. */
async function foldOutcomes(outcomes: AsyncIterable<Placed>): Promise<{ outcomes: number; cells: CellChange[] }> {
  let cells: CellChange[] = []
  let pending: CellChange[] = []
  let count = 0
  for await (const placed of outcomes) {
    pending.push(...contribute(placed))
    count++
    if (pending.length < 10_000) continue
    cells = sumCells([...cells, ...pending])
    pending = []
  }
  return { outcomes: count, cells: sumCells([...cells, ...pending]) }
}

function settledCells(
  before: readonly CountedCell[],
  after: readonly CountedCell[],
  moved: ReadonlySet<string>,
): Map<string, CountedCell> {
  const written = (cell: CountedCell) =>
    cell.rows
      .map(({ shard, changes }) => `${shard}:${changes}`)
      .toSorted()
      .join()
  const earlier = new Map(before.map((cell) => [cellName(cell.scope, cell.cell), written(cell)]))
  const byName = after.map((cell) => [cellName(cell.scope, cell.cell), cell] as const)
  return new Map(byName.filter(([name, cell]) => !moved.has(name) && earlier.get(name) === written(cell)))
}
