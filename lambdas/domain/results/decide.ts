// What to do with a test, in words and with reasons. Built on the anytime-valid readings alone, so that it may be asked every
// day without calling winners that are none.
import type { Stop } from '../../../contract/allocation.ts'
import { isHarm } from '../../../contract/harms.ts'
import { leastSendsToDecide } from '../../../contract/limits.ts'
import type { RatioCheck } from './check-sample-ratios.ts'
import { type ComparedLift, type Comparison, comparisonAlpha } from './compare-arms.ts'
import { explain, type Reason } from './explain-decision.ts'

export interface DecisionQuestion {
  readonly metric: string
  readonly comparisons: readonly Comparison[]
  readonly controlSends: number
  readonly sampleRatios: readonly RatioCheck[]
  readonly stopped: readonly Stop[]
  /** Copies that are out of the test: compared, but neither shipped nor waited for. */
  readonly archived?: ReadonlySet<string>
  /** First day of the test, where the days that are compared begin later. */
  readonly startedOn?: string | undefined
}

export interface Decision {
  readonly decision: 'keep_running' | 'ready_to_ship' | 'stop' | 'cannot_tell'
  /** The copy to ship. */
  readonly copyId?: string
  readonly reasons: readonly Reason[]
}

/** Most that control's mean may be uncertain, as a part of it: a third is about ten conversions. */
const mostControlError = 1 / 3
/** Sends of control that should have the metric, by a copy's rate: when it has none all the same, it is not for want of sends. */
const surelyMissing = 10
/** A copy whose whole interval is closer to control than this makes no difference that matters. */
const sameAsControl = 0.02

/** A copy with a lift that can be relied upon as far as numbers go. */
interface Judged {
  readonly comparison: Comparison
  readonly lift: ComparedLift
}

/** Says what to do; the first rule that applies decides. */
export function decide(question: DecisionQuestion): Decision {
  const { metric, comparisons, controlSends, sampleRatios, stopped, archived, startedOn } = question
  const stops = stopped.map((stop) => explain('guardrail', stop))
  if (isHarm(metric)) return cannotTell(explain('harm_metric', { metric }), ...stops)
  if (comparisons.length === 0) return cannotTell(explain('no_treatment', {}))
  if (controlSends === 0) return cannotTell(explain('no_control', { metric }))
  const broken = sampleRatios.filter((check) => check.broken)
  if (broken.length > 0) return cannotTell(...broken.map((check) => explain('sample_ratio', check)), ...stops)
  const isStopped = new Set<string>(stopped.map(({ copyId }) => copyId))
  const running = comparisons.filter(({ copyId }) => !isStopped.has(copyId) && !archived?.has(copyId))
  if (running.length === 0) {
    return stops.length > 0 ? { decision: 'stop', reasons: stops } : cannotTell(explain('none_running', {}))
  }
  const judged = running.flatMap((comparison) => judge(comparison))
  const { decision, copyId, reasons } = weighUp(running, judged, question)
  // The intervals hold at every look from one beginning on. Who picks the beginning picks the result.
  if (startedOn !== undefined && decision !== 'keep_running') {
    return cannotTell(explain('part_of_days', { startedOn }), ...reasons, ...stops)
  }
  return { decision, ...(copyId !== undefined && { copyId }), reasons: [...reasons, ...stops] }
}

function weighUp(running: readonly Comparison[], judged: readonly Judged[], question: DecisionQuestion): Decision {
  const { metric, controlSends } = question
  const winner = judged.filter(isBetter).sort((a, b) => b.lift.value - a.lift.value)[0]
  if (winner !== undefined) {
    const { copyId } = winner.comparison
    const reasons = [
      explain('better', { ...winner, metric }),
      ...winner.comparison.parted.map((reading) => explain('parted', { ...winner, reading })),
    ]
    return contradicts(winner.comparison) ? cannotTell(...reasons) : { decision: 'ready_to_ship', copyId, reasons }
  }
  const reasons = judged.map((one) => explain(verdict(one), { ...one, metric }))
  const early = running.filter((comparison) => !judged.some((one) => one.comparison === comparison))
  if (early.length === 0 && judged.every((one) => verdict(one) !== 'undecided')) return { decision: 'stop', reasons }
  const without = early.filter(
    ({ lift, mean }) => lift === 'control_zero' && controlSends * (mean ?? 0) >= surelyMissing,
  )
  if (without.length > 0) {
    return cannotTell(...without.map((comparison) => explain('control_without', { comparison, controlSends, metric })))
  }
  const waiting = early.map((comparison) => {
    const { lift } = comparison
    return typeof lift === 'string'
      ? explain('no_lift', { comparison, missing: lift, metric })
      : explain('too_early', { comparison, lift, metric })
  })
  return { decision: 'keep_running', reasons: [...waiting, ...reasons] }
}

/** A copy with enough behind it, or nothing. */
function judge(comparison: Comparison): Judged[] {
  const { lift } = comparison
  if (typeof lift === 'string' || Math.min(lift.sends, lift.controlSends) < leastSendsToDecide) return []
  return lift.controlError <= mostControlError ? [{ comparison, lift }] : []
}

/** Both readings must say so: the interval of the lift, and the p of the difference after Holm. */
function isBetter({ lift }: Judged): boolean {
  return lift.adjustedP <= comparisonAlpha && (lift.interval.lower ?? 0) > 0
}

function verdict({ lift }: Judged): 'worse' | 'same' | 'undecided' {
  if (lift.adjustedP <= comparisonAlpha && (lift.interval.upper ?? 0) < 0) return 'worse'
  const { lower = Number.NEGATIVE_INFINITY, upper = Number.POSITIVE_INFINITY } = lift.interval
  return Math.max(-lower, upper) <= sameAsControl ? 'same' : 'undecided'
}

/** The reading by chances says that the copy is no better at all. One by periods that are pooled may: that is why it is not used. */
function contradicts({ parted, inverse }: Comparison): boolean {
  return parted.includes('inverse') && (typeof inverse.lift === 'string' || inverse.lift.value <= 0)
}

function cannotTell(...reasons: readonly Reason[]): Decision {
  return { decision: 'cannot_tell', reasons }
}
