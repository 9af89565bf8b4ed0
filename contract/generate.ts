// The request and the answer of `generate`, in the words of the wire.
import * as z from 'zod/mini'
import { copyIdSchema, templateIdSchema } from './ids.ts'
import { maxBatchRequests } from './limits.ts'

/** Empty and null are as good as absent: senders fill these in from attributes that a person may lack. */
const shortText = z.string().check(z.maxLength(512))
const noText = z.literal('')
/** Values may be anything JSON holds; they are read as lower-cased text. */
const attrsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
const fieldsSchema = z.record(z.string(), z.unknown())

const personPart = {
  user_id: z.optional(z.nullable(z.union([shortText, z.number()]))),
  fields: z.optional(z.nullable(fieldsSchema)),
  attrs: z.optional(z.nullable(attrsSchema)),
}
const requestPart = {
  template_id: templateIdSchema,
  copy_id: z.optional(z.nullable(z.union([copyIdSchema, noText]))),
  tracking_id: z.optional(z.nullable(shortText)),
}

export const generateRequestSchema = z.object({ ...requestPart, ...personPart })
export type GenerateRequest = z.infer<typeof generateRequestSchema>

export const batchGenerateRequestSchema = z.object({
  requests: z.array(z.object(requestPart)).check(z.minLength(1), z.maxLength(maxBatchRequests)),
  ...personPart,
})

export const generateAnswerSchema = z.object({
  copy: z.object({ id: z.string(), vars: z.record(z.string(), z.string()) }),
  template_id: z.string(),
  serve_id: z.string(),
})
export type GenerateAnswer = z.infer<typeof generateAnswerSchema>

/** One entry per request, in the order asked: an answer, or the error that this request alone would have had. */
export const batchGenerateAnswerSchema = z.object({
  results: z.array(
    z.union([
      z.object({ index: z.number(), status: z.literal(200), ...generateAnswerSchema.shape }),
      z.object({
        index: z.number(),
        status: z.number(),
        error: z.object({ code: z.string(), message: z.string() }),
      }),
    ]),
  ),
})
export type BatchGenerateAnswer = z.infer<typeof batchGenerateAnswerSchema>
