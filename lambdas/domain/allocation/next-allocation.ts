// The next version of a template's weights, from its results rows: what has matured of the key metric, and what must stop a copy.
import type { StoredAllocation } from '../../../contract/allocation.ts'
import { isHarm } from '../../../contract/harms.ts'
import { copyIdSchema } from '../../../contract/ids.ts'
import { learningDays } from '../../../contract/limits.ts'
import type { MetricRules } from '../../../contract/metric.ts'
import type { CellChange } from '../../../contract/result-cell.ts'
import { usualAlgorithm, usualFloor } from '../../../contract/template.ts'
import type { TemplateCopies } from '../copy/choose-copy.ts'
import { measureCells } from '../results/measure-cells.ts'
import { isCounted } from '../results/summarise-results.ts'
import { type AllocationCell, allocate } from './allocate.ts'
import { watchedCells } from './lift-stop.ts'
import { maturedThrough, maturityMs, windowMsOf } from './maturity.ts'
import { versionAllocation } from './version-allocation.ts'

const dayMs = 86_400_000

/** The days of sends that are learned from, UTC: today, and back as far as people still behave alike. */
export function learningRange(nowMs: number): { readonly from: string; readonly to: string } {
  return { from: dayOf(nowMs - learningDays * dayMs), to: dayOf(nowMs) }
}

/**
 * The version to store, or undefined when the one in force is as good or there is no copy to weigh.
 * @param rules how the key metric counts, where it is a custom event
 */
export function nextAllocation(
  { template, variants, allocation }: TemplateCopies,
  rows: readonly CellChange[],
  rules: MetricRules,
  nowMs: number,
): StoredAllocation | undefined {
  const copies = variants.filter(({ arm, status }) => arm === 'treatment' && status === 'active')
  if (copies.length === 0) return undefined
  const {
    templateId,
    controlShare,
    keyMetric: metric,
    algorithm = usualAlgorithm,
    floor = usualFloor,
    weights = [],
  } = template
  const matured = maturedThrough(maturityMs(metric, isCounted(metric) ? undefined : windowMsOf(rules)), nowMs)
  const next = allocate({
    // A template may have been given such a key metric before that was refused: its worst copy is not to win.
    algorithm: algorithm === 'thompson' && isHarm(metric) ? 'uniform' : algorithm,
    floor,
    copies: copies.map(({ copyId }) => copyId),
    cells: cellsThrough(matured, rows, metric),
    guardrails: watchedCells(rows, allocation?.lifted),
    stopped: allocation?.stopped ?? [],
    fixed: new Map(weights.map(({ copyId, weight }) => [copyId, weight])),
  })
  return versionAllocation(allocation, next, {
    templateId,
    metric,
    floor,
    controlShare,
    maturedThrough: matured,
    computedAtMs: nowMs,
    ...(allocation?.lifted && { lifted: allocation.lifted }),
  })
}

function cellsThrough(lastDay: string, rows: readonly CellChange[], metric: string): AllocationCell[] {
  const cells = measureCells(rows, { kind: isCounted(metric) ? 'counted' : 'event', metric })
  return cells.flatMap(({ day, arm, copyId, stratum, sums }) =>
    arm === 'treatment' && copyId !== '' && stratum !== '' && day <= lastDay
      ? [{ copyId: copyIdSchema.parse(copyId), stratum, sums }]
      : [],
  )
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10)
}
