// The step of a recount that compares: what outcomes added up to beside the counters as they are now, a bin at a time.
import type { OrgSlug } from '../../../contract/ids.ts'
import type { RecountRun } from '../../../contract/recounted.ts'
import { compareCells, daysErased, gatherWritten } from '../../domain/measuring/compare-cells.ts'
import { readMarks, readRow, readSum } from '../../domain/measuring/recount-lines.ts'
import { CellSums, type CountedCell } from '../../domain/measuring/sum-cells.ts'
import { inLanes } from '../in-lanes.ts'

export interface CompareStepDeps {
  readonly readPart: (org: OrgSlug, run: string, part: string, bin: number) => Promise<readonly string[]>
  /** All cells of a scope, strongly consistent. */
  readonly readCounters: (org: OrgSlug, scope: string) => Promise<readonly CountedCell[]>
  /** A mark for each day from whose outcomes somebody was erased, another one after each time. */
  readonly listErasures: (org: OrgSlug) => Promise<ReadonlyMap<string, string>>
}

/** Where the marks are kept that stood when the run began. */
export const erasuresPart = 'erasures'
const lanes = 4

export async function compareStep(deps: CompareStepDeps, org: OrgSlug, run: RecountRun): Promise<RecountRun> {
  const bin = run.compared
  const rows = []
  const scopes = new Set<string>()
  for (const part of run.parts.counters) {
    for (const line of await deps.readPart(org, run.id, part, bin)) {
      const row = readRow(line)
      rows.push(row)
      scopes.add(row.name.slice(0, row.name.indexOf('#')))
    }
  }
  const sums = new CellSums()
  for (const part of run.parts.outcomes) {
    const changes = (await deps.readPart(org, run.id, part, bin)).map(readSum)
    sums.add(changes)
    for (const { scope } of changes) scopes.add(scope)
  }
  const after = (await inLanes([...scopes], lanes, (scope) => deps.readCounters(org, scope))).flat()
  const marks = readMarks(await deps.readPart(org, run.id, erasuresPart, 0))
  const erased = daysErased(marks, await deps.listErasures(org))
  const { differences, busy } = compareCells(gatherWritten(rows), sums.list(), after, erased)
  const compared = bin + 1
  return {
    ...run,
    compared,
    drift: run.drift + differences.length,
    busy: run.busy + busy,
    stage: compared === run.bins ? 'events' : 'comparison',
  }
}
