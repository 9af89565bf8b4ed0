// The two steps of a recount that scan: how often counters had been written when it began, and what outcomes add up to.
import type { OrgSlug } from '../../../contract/ids.ts'
import { recountBins, recountStepCells, recountStepMs } from '../../../contract/limits.ts'
import type { RecountRun, ScanCursor, ScanPage } from '../../../contract/recounted.ts'
import { contribute } from '../../domain/measuring/contribute.ts'
import type { Placed } from '../../domain/measuring/place-outcomes.ts'
import { binOf, writeRow, writeSum } from '../../domain/measuring/recount-lines.ts'
import { CellSums, type CountedCell, cellName } from '../../domain/measuring/sum-cells.ts'

export type ScanPages<T> = (org: OrgSlug, after?: ScanCursor) => AsyncIterable<ScanPage<T>>

export interface FoldStepDeps {
  /** Rows, each as a cell of its own. */
  readonly counterPages: ScanPages<CountedCell>
  readonly outcomePages: ScanPages<Placed>
  readonly putPart: (org: OrgSlug, run: string, part: string, bins: readonly (readonly string[])[]) => Promise<void>
  readonly now: () => number
  /** A text that was never made before. */
  readonly mark: () => string
}

interface Line {
  readonly scope: string
  readonly text: string
}

export async function counterStep(
  deps: FoldStepDeps,
  org: OrgSlug,
  run: RecountRun,
  untilMs: number,
): Promise<RecountRun> {
  const lines: Line[] = []
  const take = ({ scope, cell, rows }: CountedCell) => {
    for (const row of rows) lines.push({ scope, text: writeRow({ name: cellName(scope, cell), ...row }) })
  }
  const after = await walk(deps, deps.counterPages(org, run.after), take, () => lines.length, untilMs)
  // Only the first step can tell how large the org is: whoever fits it needs no bins.
  const isSmall = after === undefined && run.parts.counters.length === 0
  const bins = run.revision > 0 ? run.bins : isSmall ? 1 : recountBins
  const part = await keepPart(deps, org, { ...run, bins }, 'counters', lines)
  const counters = [...run.parts.counters, ...part]
  return { ...goOn(run, after, 'outcomes'), bins, parts: { ...run.parts, counters } }
}

export async function outcomeStep(
  deps: FoldStepDeps,
  org: OrgSlug,
  run: RecountRun,
  untilMs: number,
): Promise<RecountRun> {
  const sums = new CellSums()
  const take = (placed: Placed) => sums.add(contribute(placed))
  const after = await walk(deps, deps.outcomePages(org, run.after), take, () => sums.cells, untilMs)
  const lines = sums.list().map((change) => ({ scope: change.scope, text: writeSum(change) }))
  const part = await keepPart(deps, org, run, 'outcomes', lines)
  const outcomes = [...run.parts.outcomes, ...part]
  return { ...goOn(run, after, 'comparison'), parts: { ...run.parts, outcomes } }
}

/** The stage goes on after an item, or the next one begins. */
export function goOn(run: RecountRun, after: ScanCursor | undefined, next: RecountRun['stage']): RecountRun {
  const { after: _, ...rest } = run
  return after === undefined ? { ...rest, stage: next } : { ...rest, after }
}

/** Takes page after page, at least one. @returns where to go on when enough is held, or the time of the step is over */
async function walk<T>(
  deps: Pick<FoldStepDeps, 'now'>,
  pages: AsyncIterable<ScanPage<T>>,
  take: (item: T) => void,
  held: () => number,
  untilMs: number,
): Promise<ScanCursor | undefined> {
  const endMs = Math.min(untilMs, deps.now() + recountStepMs)
  for await (const { items, end } of pages) {
    for (const item of items) take(item)
    if (end !== undefined && (held() >= recountStepCells || deps.now() >= endMs)) return end
  }
  return undefined
}

/** @returns the name of the part, or none when there is nothing to keep */
async function keepPart(
  deps: FoldStepDeps,
  org: OrgSlug,
  run: RecountRun,
  stage: string,
  lines: readonly Line[],
): Promise<string[]> {
  if (lines.length === 0) return []
  const bins = Array.from({ length: run.bins }, (): string[] => [])
  for (const { scope, text } of lines) bins[binOf(scope, run.bins)]?.push(text)
  const part = `${stage}-${run.revision}-${deps.mark()}`
  await deps.putPart(org, run.id, part, bins)
  return [part]
}
