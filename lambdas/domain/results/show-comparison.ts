// Comparisons, decision, stops and weights in the words of the results answer.
import type { Lifted, StoredAllocation } from '../../../contract/allocation.ts'
import type { ComparedCopy, Judgement } from '../../../contract/comparison.ts'
import type { Effect } from '../statistics/lift.ts'
import { addSums, type Sums } from '../statistics/moments.ts'
import type { ComparedLift, Comparison } from './compare-arms.ts'
import type { Decision } from './decide.ts'
import { explain, explainStop, type Reason } from './explain-decision.ts'

/** @param unit what one of the mean is counted in: 1, or as many as make a major unit of money */
export function showComparison(
  control: readonly Sums[],
  comparisons: readonly Comparison[],
  metric: string,
  unit = 1,
): Judgement['comparison'] {
  const all = addSums(control)
  return {
    control: { n: all.n, mean: all.n > 0 ? finite(Number(all.sum) / all.n / unit) : null },
    copies: comparisons.map((comparison) => showCopy(comparison, metric, unit)),
  }
}

function showCopy(comparison: Comparison, metric: string, unit: number): ComparedCopy {
  const { copyId, n, mean, lift, pooled, inverse, parted } = comparison
  const isMissing = typeof lift === 'string'
  return {
    copy_id: copyId,
    n,
    mean: mean === null ? null : mean / unit,
    lift: isMissing ? null : showLift(lift, unit),
    no_lift: isMissing ? explain('no_lift', { comparison, missing: lift, metric }).message : null,
    pooled: showReading(pooled),
    inverse_propensity: showReading(inverse.lift),
    effective_sends: finite(inverse.effectiveSends) ?? 0,
    parted: [...parted],
  }
}

function showLift(lift: ComparedLift, unit: number): NonNullable<ComparedCopy['lift']> {
  return {
    value: lift.value,
    lower: lift.interval.lower ?? null,
    upper: lift.interval.upper ?? null,
    p: lift.p,
    adjusted_p: lift.adjustedP,
    chance_to_beat_control: lift.chanceToBeat,
    expected_loss: lift.expectedLoss,
    control_mean: lift.controlMean / unit,
    copy_mean: lift.treatmentMean / unit,
  }
}

function showReading(effect: Effect): ComparedCopy['pooled'] {
  return typeof effect === 'string' ? null : { lift: effect.value, standard_error: effect.standardError }
}

export function showDecision({ decision, copyId, reasons }: Decision): Judgement['decision'] {
  return { decision, copy_id: copyId ?? null, reasons: reasons.map(showReason) }
}

export function showReason({ code, copyId, message }: Reason): Judgement['warnings'][number] {
  return { code, copy_id: copyId ?? null, message }
}

export function showStopped(allocation: StoredAllocation | undefined): Judgement['stopped'] {
  return (allocation?.stopped ?? []).map((stop) => ({
    copy_id: stop.copyId,
    guardrail: stop.guardrail,
    share: stop.share,
    control_share: stop.controlShare,
    worse_by_at_least: stop.worseByAtLeast,
    message: explainStop(stop),
  }))
}

export function showLifted({ copyId, guardrail, liftedAtMs, who, reason }: Lifted): Judgement['lifted'][number] {
  return { copy_id: copyId, guardrail, lifted_at: new Date(liftedAtMs).toISOString(), lifted_by: who, reason }
}

export function showAllocation(allocation: StoredAllocation | undefined): Judgement['allocation'] {
  if (allocation === undefined) return null
  const { version, algorithm, basis, weights, floor, maturedThrough, computedAtMs } = allocation
  return {
    version,
    algorithm,
    basis,
    weights: weights.map(({ copyId, weight }) => ({ copy_id: copyId, weight })),
    floor,
    matured_through: maturedThrough,
    computed_at: new Date(computedAtMs).toISOString(),
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
