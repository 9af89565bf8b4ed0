// Templates, their copy and what connects them to Customer.io, in the words of the wire.
import * as z from 'zod/mini'
import { liftShownSchema } from './comparison.ts'
import { actionIdSchema, armSchema, copyIdSchema, sourceRefSchema, templateIdSchema } from './ids.ts'
import { maxCopyVariables, maxSourcesPerTemplate } from './limits.ts'
import { titleSchema } from './settings.ts'
import { attributeScopeSchema, splitModeSchema, templateStatusSchema } from './template.ts'
import { algorithmSchema } from './weights.ts'

const share = z.number().check(z.gte(0), z.lte(1))
const metricName = z.string().check(z.regex(/^[A-Za-z0-9_.\- ]{1,64}$/))
const variableName = z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/))
const attributeName = z.string().check(z.regex(/^[^\p{Cc}]{1,64}$/u))

const copyWeightSchema = z.object({ copy_id: copyIdSchema, weight: share })

/** Members that are absent stay as they are, or get their default when the template is new. */
export const templateChangeSchema = z.strictObject({
  name: z.optional(titleSchema),
  /** A template never becomes a draft again: people may have had its copy. */
  status: z.optional(templateStatusSchema),
  split_mode: z.optional(splitModeSchema),
  control_share: z.optional(share),
  key_metric: z.optional(metricName),
  algorithm: z.optional(algorithmSchema),
  /** For `fixed`: brought to 1 together; a copy that is not named is not drawn. */
  weights: z.optional(z.nullable(z.array(copyWeightSchema).check(z.minLength(1), z.maxLength(100)))),
  /** Least weight of a copy under `thompson`. */
  floor: z.optional(share),
  copy_limit_bytes: z.optional(z.int().check(z.gte(100), z.lte(65_536))),
  fallback_copy_id: z.optional(z.nullable(copyIdSchema)),
})
export type TemplateChange = z.infer<typeof templateChangeSchema>

const copyShape = {
  arm: armSchema,
  vars: z
    .record(variableName, z.string().check(z.maxLength(20_000)))
    .check(z.refine((vars) => Object.keys(vars).length <= maxCopyVariables)),
  attrs: z.record(attributeName, z.array(z.string().check(z.maxLength(256))).check(z.minLength(1), z.maxLength(100))),
}

/** Another text or arm than the copy has is another copy: the answer says under which id. */
export const copyChangeSchema = z.strictObject({
  arm: z.optional(copyShape.arm),
  vars: z.optional(copyShape.vars),
  attrs: z.optional(copyShape.attrs),
  status: z.optional(z.enum(['active', 'archived'])),
})
export const newCopySchema = z.strictObject({
  copy_id: z.optional(copyIdSchema),
  arm: z.optional(copyShape.arm),
  vars: copyShape.vars,
  attrs: z.optional(copyShape.attrs),
})

const actions = z.optional(z.array(actionIdSchema).check(z.maxLength(20)))
export const integrationChangeSchema = z.strictObject({
  sources: z
    .array(
      z.strictObject({
        source: sourceRefSchema,
        webhook_action_ids: actions,
        control_action_ids: actions,
        treatment_action_ids: actions,
        serve_window_days: z.optional(z.int().check(z.gte(1), z.lte(365))),
      }),
    )
    .check(z.maxLength(maxSourcesPerTemplate)),
  attribute_scope: z.optional(attributeScopeSchema),
})
export type IntegrationChange = z.infer<typeof integrationChangeSchema>

const copyAnswerSchema = z.object({
  copy_id: z.string(),
  status: z.enum(['active', 'archived']),
  arm: armSchema,
  vars: z.record(z.string(), z.string()),
  attrs: z.record(z.string(), z.array(z.string())),
})
export type CopyAnswer = z.infer<typeof copyAnswerSchema>

const sourceAnswerSchema = z.object({
  source: z.string(),
  webhook_action_ids: z.array(z.string()),
  control_action_ids: z.array(z.string()),
  treatment_action_ids: z.array(z.string()),
  serve_window_days: z.number(),
})

export const templateAnswerSchema = z.object({
  template_id: templateIdSchema,
  name: z.string(),
  status: templateStatusSchema,
  split_mode: splitModeSchema,
  control_share: z.number(),
  key_metric: z.string(),
  algorithm: algorithmSchema,
  weights: z.nullable(z.array(copyWeightSchema)),
  floor: z.number(),
  copy_limit_bytes: z.number(),
  fallback_copy_id: z.nullable(z.string()),
  attribute_scope: attributeScopeSchema,
  sources: z.array(sourceAnswerSchema),
  variants: z.array(copyAnswerSchema),
})
export type TemplateAnswer = z.infer<typeof templateAnswerSchema>

export const templatesAnswerSchema = z.object({
  templates: z.array(
    z.object({ template_id: templateIdSchema, name: z.string(), status: templateStatusSchema, key_metric: z.string() }),
  ),
})
export const copiesAnswerSchema = z.object({ variants: z.array(copyAnswerSchema) })
/** The copy as it now stands; its id is another one when its text or arm changed. */
export const changedCopyAnswerSchema = z.object({ copy: copyAnswerSchema, replaces: z.nullable(z.string()) })

/** Exactly what to paste into Customer.io. */
export const integrationTextSchema = z.object({
  method: z.literal('POST'),
  url: z.string(),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  /** Customer.io fills the Liquid in for each person. */
  body: z.string(),
  response: z.object({ scope: attributeScopeSchema, attribute: z.string(), value: z.string() }),
  /** What the message says where it shows each variable. */
  message: z.array(z.object({ variable: z.string(), liquid: z.string() })),
  sources: z.array(sourceAnswerSchema),
})

export const previewRequestSchema = z.strictObject({
  /** A copy that is not stored: it alone is previewed, so that people see it while they write. */
  copy: z.optional(z.strictObject({ vars: copyShape.vars, attrs: z.optional(copyShape.attrs) })),
  fields: z.optional(z.record(z.string(), z.unknown())),
  attrs: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))),
})
/** Stands for the id of a copy that is not stored. */
export const unsavedCopyId = 'unsaved'

export const previewAnswerSchema = z.object({
  copies: z.array(
    z.object({
      copy_id: z.string(),
      arm: armSchema,
      eligible: z.boolean(),
      /** Why it is not: one sentence per condition that does not hold. */
      reasons: z.array(z.string()),
      vars: z.record(z.string(), z.string()),
      copy_bytes: z.number(),
      oversize: z.boolean(),
      /** Fields that the text asks for and nobody gave: they are left empty. */
      missing_fields: z.array(z.string()),
      unrendered: z.array(z.object({ variable: z.string(), reason: z.enum(['syntax', 'limit', 'size']) })),
    }),
  ),
})
export type PreviewAnswer = z.infer<typeof previewAnswerSchema>

/** Why a copy that makes people leave may go out again; it is kept beside the stop, and shown with the results. */
export const liftRequestSchema = z.strictObject({
  reason: z.string().check(z.trim(), z.minLength(1), z.maxLength(500)),
})

export const liftAnswerSchema = z.object({
  lifted: liftShownSchema,
  /** The version of the weights from which on the copy may be drawn again; it gets its weight with the next one, within the hour. */
  version: z.number(),
})
