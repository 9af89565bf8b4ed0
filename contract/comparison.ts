// What the results route says of copies against control: lifts with intervals that hold at every look, the decision, and what
// speaks against trusting either. No number is ever NaN: what cannot be told is null, with the reason beside it.
import * as z from 'zod/mini'
import { basisSchema, guardrailSchema } from './allocation.ts'
import { armSchema } from './ids.ts'
import { algorithmSchema } from './weights.ts'

const maybe = z.nullable(z.number())

const liftSchema = z.object({
  /** Relative to control: 0.1 is 10 % more. Put together over periods in which the weights stood still. */
  value: z.number(),
  /** From here to there the true lift is with 95 %, however often one looks; null: no end on this side, control is not known well enough. */
  lower: maybe,
  upper: maybe,
  /** Of the difference of means, at any look; and after Holm over all copies. */
  p: z.number(),
  adjusted_p: z.number(),
  chance_to_beat_control: z.number(),
  /** Lift that is given away in the mean by keeping control, and by switching to the copy. */
  expected_loss: z.object({ keeping: z.number(), switching: z.number() }),
  /** Over the same mix of periods. */
  control_mean: z.number(),
  copy_mean: z.number(),
})

const readingSchema = z.nullable(z.object({ lift: z.number(), standard_error: z.number() }))

export const comparedCopySchema = z.object({
  copy_id: z.string(),
  /** Sends that are compared, and what the metric comes to per send. */
  n: z.number(),
  mean: maybe,
  lift: z.nullable(liftSchema),
  /** Why there is no lift; null when there is one. */
  no_lift: z.nullable(z.string()),
  /** Without regard to periods. */
  pooled: readingSchema,
  /** Each send weighed by one over the chance of its draw. */
  inverse_propensity: readingSchema,
  effective_sends: z.number(),
  /** Readings that the stratified lift does not agree with. */
  parted: z.array(z.enum(['pooled', 'inverse'])),
})
export type ComparedCopy = z.infer<typeof comparedCopySchema>

export const comparisonSchema = z.object({
  control: z.object({ n: z.number(), mean: maybe }),
  copies: z.array(comparedCopySchema),
})

export const decisionSchema = z.object({
  decision: z.enum(['keep_running', 'ready_to_ship', 'stop', 'cannot_tell']),
  /** The copy to ship. */
  copy_id: z.nullable(z.string()),
  reasons: z.array(z.object({ code: z.string(), copy_id: z.nullable(z.string()), message: z.string() })),
})

export const sampleRatioSchema = z.object({
  stage: z.enum(['served', 'sent', 'delivered']),
  /** `arms`: control and all copies. `copies`: the copies, drawn by their weights. */
  between: z.enum(['arms', 'copies']),
  labels: z.array(z.string()),
  counts: z.array(z.number()),
  expected: z.array(z.number()),
  /** Anytime-valid; and the chi-square's, for one look only. */
  p: z.number(),
  fixed_p: z.number(),
  broken: z.boolean(),
})

export const daySchema = z.object({
  /** Day of the send, UTC. */
  day: z.string(),
  arm: armSchema,
  copy_id: z.nullable(z.string()),
  sends: z.number(),
  /** Sends that have the metric. */
  count: z.number(),
  /** The window of these sends has not closed: the count still grows, and nothing compares it. */
  open: z.boolean(),
})

export const stoppedSchema = z.object({
  copy_id: z.string(),
  guardrail: guardrailSchema,
  share: z.number(),
  control_share: z.number(),
  worse_by_at_least: z.number(),
  message: z.string(),
})

/** A stop that somebody lifted: the copy is drawn again, and may be stopped again. */
export const liftShownSchema = z.object({
  copy_id: z.string(),
  guardrail: guardrailSchema,
  lifted_at: z.string(),
  /** As in the audit log: `user:<subject of the token>` or `key:<key id>`. */
  lifted_by: z.string(),
  reason: z.string(),
})

/** The weights in force; version 0 is the uniform one that is not stored. */
export const allocationShownSchema = z.object({
  version: z.number(),
  algorithm: algorithmSchema,
  basis: basisSchema,
  weights: z.array(z.object({ copy_id: z.string(), weight: z.number() })),
  floor: z.number(),
  matured_through: z.string(),
  computed_at: z.string(),
})

/** What the results answer gains by comparing. */
export const judgementShape = {
  /** On the metric, as the share of sends that have it. Of a custom event only sends whose window has closed. */
  comparison: comparisonSchema,
  /** Custom events: what a send earned, major units, by currency. */
  values: z.array(z.extend(comparisonSchema, { currency: z.string() })),
  decision: decisionSchema,
  /** Reasons to read the lifts with care. */
  warnings: z.array(z.object({ code: z.string(), copy_id: z.nullable(z.string()), message: z.string() })),
  /** Sends that are left out of the comparison: their window is open, or no serve says which copy they had. */
  left_out: z.object({ open: z.number(), unknown_copy: z.number() }),
  /** Last day of sends whose window has closed; null when the metric has no window. */
  closed_through: z.nullable(z.string()),
  sample_ratio: z.array(sampleRatioSchema),
  stopped: z.array(stoppedSchema),
  /** The last lift of each copy that was stopped once. */
  lifted: z.array(liftShownSchema),
  allocation: z.nullable(allocationShownSchema),
  /** By day, arm and copy, in order; without days that have no sends, and without what is never compared. */
  by_day: z.array(daySchema),
}
const judgementSchema = z.object(judgementShape)
export type Judgement = z.infer<typeof judgementSchema>
