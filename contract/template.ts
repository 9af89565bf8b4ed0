// A template and its copy as they are stored.
import * as z from 'zod/mini'
import { armSchema, copyIdSchema, templateIdSchema } from './ids.ts'
import { type Algorithm, algorithmSchema, weightSchema } from './weights.ts'

export const splitModeSchema = z.enum(['random', 'persistent', 'external'])

/** Only `active` and `shipped` ones serve copy. */
export const templateStatusSchema = z.enum(['draft', 'active', 'shipped', 'archived'])

/** Where Customer.io keeps the copy it was given: with the person, or with one path of a campaign. */
export const attributeScopeSchema = z.enum(['customer', 'journey'])

/** How copies are weighed, and the least weight of each, while a template says nothing of it. */
export const usualAlgorithm: Algorithm = 'thompson'
export const usualFloor = 0.05

export const templateSchema = z.object({
  templateId: templateIdSchema,
  name: z.string(),
  status: templateStatusSchema,
  splitMode: splitModeSchema,
  /**
   * Share of people that `random` and `persistent` give the control copy, 0 to 1. With `external` it is what Customer.io was told
   * to give (0: not known): its split is checked against it, and nothing is drawn by it.
   */
  controlShare: z.number().check(z.gte(0), z.lte(1)),
  keyMetric: z.string(),
  /** Absent: `usualAlgorithm`. */
  algorithm: z.optional(algorithmSchema),
  /** For `fixed`: brought to 1 together; a copy that is not named is not drawn. */
  weights: z.optional(z.array(weightSchema)),
  /** Least weight of a copy under `thompson`; absent: `usualFloor`. */
  floor: z.optional(z.number().check(z.gte(0), z.lte(1))),
  /** Over this many bytes of JSON a copy is marked oversize; it still goes out. */
  copyLimitBytes: z.number(),
  /** Served when no copy is eligible, and left out of every comparison. */
  fallbackCopyId: z.optional(copyIdSchema),
  /** Absent: `customer`. */
  attributeScope: z.optional(attributeScopeSchema),
  /** Goes up with every change of the template, its copy or its sources; absent is 0. */
  revision: z.optional(z.number()),
})
export type Template = z.infer<typeof templateSchema>

export const variantSchema = z.object({
  copyId: copyIdSchema,
  arm: armSchema,
  status: z.enum(['active', 'archived']),
  /** Text by variable name, Liquid allowed: `{ subject: "Hi {{ first_name }}" }`. */
  vars: z.record(z.string(), z.string()),
  /** Every attribute named must have one of its values, all lower-cased. Empty: fits everyone. */
  attrs: z.record(z.string(), z.array(z.string())),
})
export type Variant = z.infer<typeof variantSchema>
