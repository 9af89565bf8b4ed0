// The second half of the results answer: each copy against control on one metric, the split, the decision in words, by day. What
// is left out of the comparison is counted, and nothing is compared that control cannot have.
import type { StoredAllocation } from '../../../contract/allocation.ts'
import type { Judgement } from '../../../contract/comparison.ts'
import type { MetricRules } from '../../../contract/metric.ts'
import type { CellChange } from '../../../contract/result-cell.ts'
import { type ChanceOf, drawChances } from '../allocation/draw-chances.ts'
import { periodsOf } from '../allocation/guardrail-cells.ts'
import { maturedThrough, maturityMs, windowMsOf } from '../allocation/maturity.ts'
import type { TemplateCopies } from '../copy/choose-copy.ts'
import { minorDigitsOf } from '../measuring/money.ts'
import { checkSplit, type SplitCheck } from './check-split.ts'
import { type ArmCell, compareArms } from './compare-arms.ts'
import { decide } from './decide.ts'
import { type MeasuredCell, measureCells } from './measure-cells.ts'
import { showAllocation, showComparison, showDecision, showLifted, showReason, showStopped } from './show-comparison.ts'
import { isCounted } from './summarise-results.ts'
import { warnOfFewValues, warnReaders } from './warn-readers.ts'

export interface JudgementQuestion {
  readonly metric: string
  readonly nowMs: number
  /** How the metric counts, where it is a custom event. */
  readonly rules: Pick<MetricRules, 'windowSeconds' | 'anchor'>
  /** Versions of the weights that these days were drawn by. */
  readonly allocations: readonly StoredAllocation[]
  /** First day of the test, where the days asked for begin later. */
  readonly startedOn?: string | undefined
}

/** Judges the rows of the days asked for. */
export function judgeResults(
  { template, variants, allocation }: TemplateCopies,
  rows: readonly CellChange[],
  { metric, nowMs, rules, allocations, startedOn }: JudgementQuestion,
): Judgement {
  const windowed = !isCounted(metric)
  const closedThrough = windowed ? maturedThrough(maturityMs(metric, windowMsOf(rules)), nowMs) : null
  const isClosed = ({ day }: MeasuredCell) => closedThrough === null || day <= closedThrough
  const chanceOf = drawChances(rows, allocations)
  const kind = windowed ? 'event' : 'counted'
  const cells = measureCells(rows, { kind, metric })
  const closed = cells.filter(isClosed)
  // Nobody asks for control's copy where Customer.io splits, and where we do it says nothing of the copy.
  const controlHasIt = metric !== 'served'
  const arms = armsOf(controlHasIt ? closed : closed.filter(({ arm }) => arm === 'treatment'), chanceOf)
  const comparisons = compareArms(arms)
  const split = checkSplit(rows, template, variants, chanceOf, allocations)
  const stopped = allocation?.stopped ?? []
  const controlSends = arms.control.reduce((sum, { sums }) => sum + sums.n, 0)
  const archived = new Set<string>(variants.filter(({ status }) => status === 'archived').map(({ copyId }) => copyId))
  const decision = decide({ metric, comparisons, controlSends, sampleRatios: split, stopped, archived, startedOn })
  const values = windowed ? compareValues(rows, metric, isClosed, chanceOf) : []
  const human =
    metric === 'opened' || metric === 'clicked' ? measureCells(rows, { kind, metric: `human_${metric}` }) : cells
  const unknownCopy = sendsOf(closed.filter(isUnknown))
  const warnings = warnReaders({
    metric,
    keyMetric: template.keyMetric,
    splitMode: template.splitMode,
    comparisons,
    all: cells,
    human,
    startedOn,
    sends: sendsOf(closed.filter(({ arm }) => arm === 'treatment')),
    unknownCopy,
  })
  const control = arms.control.map(({ sums }) => sums)
  return {
    comparison: showComparison(control, controlHasIt ? comparisons : [], metric),
    values: values.map(({ shown }) => shown),
    decision: showDecision(decision),
    warnings: [...warnings, ...values.flatMap((value) => value.warnings)].map(showReason),
    left_out: { open: sendsOf(cells) - sendsOf(closed), unknown_copy: unknownCopy },
    closed_through: closedThrough,
    sample_ratio: split.map(showSplit),
    stopped: showStopped(allocation),
    lifted: (allocation?.lifted ?? []).map(showLifted),
    allocation: showAllocation(allocation),
    by_day: byDay(cells, isClosed),
  }
}

/** A treatment send without a serve that explains it. */
function isUnknown({ arm, copyId }: MeasuredCell): boolean {
  return arm === 'treatment' && copyId === ''
}

/** Both arms, each day in the period of the version that drew most of it. */
function armsOf(cells: readonly MeasuredCell[], chanceOf: ChanceOf) {
  const periods = periodsOf(cells)
  const toCell = ({ day, arm, copyId, stratum, sums }: MeasuredCell): ArmCell => ({
    copyId,
    stratum: periods.get(day) ?? 'v0',
    sums,
    inverseChance: arm === 'treatment' ? 1 / chanceOf(stratum, copyId) : 1,
  })
  return {
    control: cells.filter(({ arm }) => arm === 'control').map(toCell),
    treatment: cells.filter((cell) => cell.arm === 'treatment' && !isUnknown(cell)).map(toCell),
  }
}

/** What a send earned, in each currency that occurs. */
function compareValues(
  rows: readonly CellChange[],
  metric: string,
  isClosed: (cell: MeasuredCell) => boolean,
  chanceOf: ChanceOf,
) {
  const counters = rows.flatMap(({ cell, money = {} }) => (cell.event === metric ? Object.keys(money) : []))
  const currencies = new Set(counters.flatMap((counter) => (counter.startsWith('value:') ? counter.slice(6) : [])))
  return [...currencies].toSorted().map((currency) => {
    const arms = armsOf(measureCells(rows, { kind: 'value', metric, currency }).filter(isClosed), chanceOf)
    const control = arms.control.map(({ sums }) => sums)
    const unit = 10 ** minorDigitsOf(currency)
    return {
      shown: { currency, ...showComparison(control, compareArms(arms), `value in ${currency}`, unit) },
      warnings: warnOfFewValues([...arms.control.map(asControl), ...arms.treatment], currency),
    }
  })
}

/** Control's cells together, whichever copy of control they had. */
function asControl({ sums }: ArmCell) {
  return { copyId: '', sums }
}

function showSplit({ fixedP, counts, expected, labels, ...check }: SplitCheck): Judgement['sample_ratio'][number] {
  return { ...check, counts: [...counts], expected: [...expected], labels: [...labels], fixed_p: fixedP }
}

function byDay(cells: readonly MeasuredCell[], isClosed: (cell: MeasuredCell) => boolean): Judgement['by_day'] {
  const days = Map.groupBy(cells, ({ day, arm, copyId }) => `${day}#${arm}#${copyId}`)
  const shown = [...days].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return shown.flatMap(([, own]) => {
    const [first] = own
    if (first === undefined) return []
    const count = own.reduce((sum, { sums }) => sum + Number(sums.sum), 0)
    const { day, arm, copyId } = first
    return { day, arm, copy_id: copyId === '' ? null : copyId, sends: sendsOf(own), count, open: !isClosed(first) }
  })
}

function sendsOf(cells: readonly MeasuredCell[]): number {
  return cells.reduce((sum, { sums }) => sum + sums.n, 0)
}
