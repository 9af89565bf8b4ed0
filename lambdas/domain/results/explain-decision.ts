// The reasons of a decision, as sentences for the people who run the test. Numbers in them are those that decided.
import type { Stop } from '../../../contract/allocation.ts'
import type { Missing } from '../statistics/moments.ts'
import type { OpenInterval } from '../statistics/ratio-interval.ts'
import type { RatioCheck } from './check-sample-ratios.ts'
import type { ComparedLift, Comparison } from './compare-arms.ts'

export interface Reason {
  readonly code: keyof Facts
  /** The copy that it is about. */
  readonly copyId?: string
  readonly message: string
}

/** What each reason tells of. */
interface Facts {
  no_treatment: object
  none_running: object
  no_control: { readonly metric: string }
  harm_metric: { readonly metric: string }
  part_of_days: { readonly startedOn: string }
  other_metric: { readonly metric: string; readonly keyMetric: string }
  repeated_people: object
  machines: { readonly metric: string; readonly share: number }
  unknown_copy: { readonly unknownCopy: number; readonly sends: number }
  few_values: { readonly copyId: string; readonly sends: number; readonly currency: string }
  control_without: { readonly comparison: Comparison; readonly controlSends: number; readonly metric: string }
  sample_ratio: RatioCheck
  guardrail: Stop
  too_early: { readonly comparison: Comparison; readonly lift: ComparedLift; readonly metric: string }
  no_lift: { readonly comparison: Comparison; readonly missing: Missing; readonly metric: string }
  undecided: Told
  better: Told
  worse: Told
  same: Told
  parted: { readonly comparison: Comparison; readonly lift: ComparedLift; readonly reading: 'pooled' | 'inverse' }
}
interface Told {
  readonly comparison: Comparison
  readonly lift: ComparedLift
  readonly metric: string
}

const sentences: { readonly [Code in keyof Facts]: (facts: Facts[Code]) => string } = {
  no_treatment: () => 'No copy was sent yet.',
  none_running: () => 'No copy that is still in the test was sent yet.',
  harm_metric: ({ metric }) =>
    `More ${metric} is worse: a lift above 0 is harm. What to ship is told by the key metric.`,
  part_of_days: ({ startedOn }) =>
    `These days are a part of the test, which began on ${startedOn}. Who picks the days can find a winner in chance: decide on all of them.`,
  other_metric: ({ metric, keyMetric }) =>
    `This is ${metric}; the test is about ${keyMetric}. Of many metrics one looks good by chance: decide on the one that was chosen beforehand.`,
  repeated_people: () =>
    'People keep their copy here, and whoever got this template several times counts as often. If many did, the ranges are too narrow, and shares that are off say nothing of the split.',
  machines: ({ metric, share }) =>
    `${percent(share)} of the sends that were ${metric} were so by machines alone, whatever the copy says: read human_${metric} instead.`,
  unknown_copy: ({ unknownCopy, sends }) =>
    `Of ${unknownCopy} of ${sends} sends nobody knows the copy, so they are left out; control keeps all of its own. If their people differ from the rest, the lift is off.`,
  few_values: ({ copyId, sends, currency }) =>
    `What ${copyId === '' ? 'control' : 'this copy'} earned in ${currency} rests on few values: it is as uncertain as ${sends.toFixed(1)} equal ones. Its mean, and any lift of it, are mostly chance.`,
  control_without: ({ comparison, controlSends, metric }) =>
    `Control has no ${metric} in ${controlSends} sends, where this copy's rate would have given ${Math.round(controlSends * (comparison.mean ?? 0))}. Either control cannot have any, or nobody tells of it.`,
  no_control: ({ metric }) =>
    `Control has no sends that ${metric} is measured on, so there is nothing to compare with.`,
  sample_ratio: ({ stage, counts, expected, p }) =>
    `The split is not what it was meant to be: ${counts.join(' : ')} ${stage} for ${expected.map(Math.round).join(' : ')} expected (p ${short(p)}). What broke it may break the rates as well.`,
  guardrail: ({ guardrail, share, controlShare }) =>
    `Stopped: ${percent(share)} of its sends were ${guardrail}, ${percent(controlShare)} of control's, and chance does not explain it.`,
  too_early: ({ lift: { sends, controlSends }, metric }) =>
    `Too early: ${sends} sends and ${controlSends} of control in the same periods, with too little ${metric} to go by.`,
  no_lift: ({ missing, metric }) => `No lift yet: ${whyMissing[missing](metric)}.`,
  undecided: ({ lift }) => `Not decided: ${told(lift)}.`,
  better: ({ lift, metric }) => `Better than control in ${metric}: ${told(lift)}.`,
  worse: ({ lift, metric }) => `Worse than control in ${metric}: ${told(lift)}.`,
  same: ({ lift }) => `No difference that matters: ${told(lift)}.`,
  parted: ({ comparison, lift, reading }) => {
    const other = reading === 'pooled' ? comparison.pooled : comparison.inverse.lift
    const value = typeof other === 'string' ? 'nothing' : signed(other.value)
    const why = {
      pooled: 'with all periods thrown together, because weights and rates moved together; the first is right',
      inverse: 'weighed by the chances of the draw, as happens when the lift itself changed over time',
    }
    return `The lift is ${signed(lift.value)} period by period, but ${value} ${why[reading]}.`
  },
}

const whyMissing: { readonly [Why in Missing]: (metric: string) => string } = {
  no_data: () => 'it was never sent in the same period as control',
  one_send: () => 'an arm has a single send',
  control_zero: (metric) => `control has no ${metric} at all`,
  no_variance: (metric) => `no send differs from another in ${metric}`,
  out_of_range: (metric) => `the sums of ${metric} are beyond what can be computed`,
}

/** Why a copy was stopped, in a sentence. */
export function explainStop(stop: Stop): string {
  return sentences.guardrail(stop)
}

/** One reason with its sentence. */
export function explain<Code extends keyof Facts>(code: Code, facts: Facts[Code]): Reason {
  const copyId = copyOf(facts)
  return { code, ...(copyId !== undefined && { copyId }), message: sentences[code](facts) }
}

function copyOf(facts: Facts[keyof Facts]): string | undefined {
  if ('comparison' in facts) return facts.comparison.copyId
  return 'copyId' in facts && facts.copyId !== '' ? facts.copyId : undefined
}

function told({ value, interval, adjustedP }: ComparedLift): string {
  return `lift ${signed(value)}, ${range(interval)} however often one looks (p ${short(adjustedP)} after all comparisons)`
}

function range({ lower, upper }: OpenInterval): string {
  if (lower !== undefined && upper !== undefined) return `between ${signed(lower)} and ${signed(upper)}`
  if (lower !== undefined) return `above ${signed(lower)}`
  return upper === undefined ? 'anywhere' : `below ${signed(upper)}`
}

function signed(part: number): string {
  return `${part < 0 ? '-' : '+'}${percent(Math.abs(part))}`
}

function percent(part: number): string {
  return `${(part * 100).toFixed(Math.abs(part) < 0.01 ? 2 : 1)} %`
}

function short(p: number): string {
  return p < 0.001 ? 'below 0.001' : p.toFixed(3)
}
