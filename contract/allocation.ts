// The weights of a template's copies as they are stored: one version after another, each with what it was computed from.
// Version 0 is not stored: it is the uniform one that every template starts with.
import * as z from 'zod/mini'
import { copyIdSchema, templateIdSchema } from './ids.ts'
import { algorithmSchema, weightSchema } from './weights.ts'

/**
 * What the weights rest on. `learned`: the chance to be best. The others say why they are uniform or fixed: asked for, a copy
 * with too few matured sends, nothing that varies yet, copies that were never sent in the same version, a floor that leaves
 * nothing to learn with. `all_stopped`: there is no copy left to give a weight to.
 */
export const basisSchema = z.enum([
  'learned',
  'fixed',
  'uniform',
  'too_few_sends',
  'no_variance',
  'never_together',
  'floor_takes_all',
  'all_stopped',
])
export type Basis = z.infer<typeof basisSchema>

/** Metrics that stop a copy when it is worse than control in them. */
export const guardrailMetrics = ['unsubscribed', 'spammed'] as const
export const guardrailSchema = z.enum(guardrailMetrics)
export type Guardrail = z.infer<typeof guardrailSchema>

/** A copy that is no longer drawn, until somebody lifts it. */
export const stopSchema = z.object({
  copyId: copyIdSchema,
  guardrail: guardrailSchema,
  /** Shares of sends, 0 to 1, standardised to the same periods; and how much worse the copy is at the least. */
  share: z.number(),
  controlShare: z.number(),
  worseByAtLeast: z.number(),
})
export type Stop = z.infer<typeof stopSchema>

/** Somebody's word that a copy may be drawn again. Its guardrails then look at the sends of later days alone. */
export const liftedSchema = z.object({
  copyId: copyIdSchema,
  guardrail: guardrailSchema,
  liftedAtMs: z.number(),
  /** As in the audit log: `user:<subject of the token>` or `key:<key id>`. */
  who: z.string(),
  reason: z.string(),
})
export type Lifted = z.infer<typeof liftedSchema>

export const allocationBasisSchema = z.object({
  algorithm: algorithmSchema,
  basis: basisSchema,
  /** Together 1, in the order of the ids; copies that are stopped are not among them. Empty when all are. */
  weights: z.array(weightSchema),
  /** What each copy's weight was computed from: matured sends, what the metric came to, the chance to be the best. */
  computedFrom: z.array(
    z.object({
      copyId: copyIdSchema,
      sends: z.number(),
      mean: z.nullable(z.number()),
      chanceBest: z.nullable(z.number()),
    }),
  ),
  stopped: z.array(stopSchema),
})
export type AllocationBasis = z.infer<typeof allocationBasisSchema>

export const allocationSchema = z.extend(allocationBasisSchema, {
  templateId: templateIdSchema,
  /** 1 and up; a change of the weights is a new version. */
  version: z.number().check(z.gte(1)),
  metric: z.string(),
  floor: z.number(),
  /** Control's share of people at the time, 0 to 1: another share is another version, since periods must have one split. */
  controlShare: z.optional(z.number()),
  /** Last day of sends (UTC) that was old enough to count. */
  maturedThrough: z.string(),
  computedAtMs: z.number(),
  /** The last lift of each copy that ever had one. */
  lifted: z.optional(z.array(liftedSchema)),
})
export type StoredAllocation = z.infer<typeof allocationSchema>
