// A call that brings custom events, over the wire, and what is answered. For the API document: rows are read one by one.
import * as z from 'zod/mini'
import { rowCodes } from './custom-event.ts'
import { maxEventsPerCall } from './limits.ts'
import { problemBodySchema } from './problems.ts'

const scalar = z.nullable(z.union([z.string(), z.number()]))
const wireEventSchema = z.looseObject({
  event_id: z.optional(scalar),
  name: z.optional(scalar),
  event_name: z.optional(scalar),
  metric: z.optional(scalar),
  user_id: z.optional(scalar),
  email: z.optional(scalar),
  cio_id: z.optional(scalar),
  delivery_id: z.optional(scalar),
  tracking_id: z.optional(scalar),
  /** Seconds or milliseconds since 1970, or ISO 8601; absent: the time of receipt. */
  timestamp: z.optional(scalar),
  value: z.optional(scalar),
  currency: z.optional(z.nullable(z.string())),
  properties: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
})

const wireEventsSchema = z.array(wireEventSchema).check(z.minLength(1), z.maxLength(maxEventsPerCall))

/** For the API document: rows are judged one by one, so that a bad one never stops the others. */
export const customEventsRequestSchema = z.union([
  wireEventSchema,
  wireEventsSchema,
  z.object({ events: wireEventsSchema }),
])

export const customEventsAnswerSchema = z.object({
  accepted: z.number(),
  duplicate: z.number(),
  conflict: z.number(),
  rejected: z.number(),
  /** One entry per event, in the order given. */
  results: z.array(
    z.object({
      index: z.number(),
      status: z.enum(['accepted', 'duplicate', 'conflict', 'rejected']),
      code: z.optional(z.enum([...rowCodes, 'event.conflict'])),
      message: z.optional(z.string()),
    }),
  ),
})
export type CustomEventsAnswer = z.infer<typeof customEventsAnswerSchema>

/** The answer when none was acceptable: a problem that also says why of each. */
export const noneAcceptedSchema = z.object({ ...problemBodySchema.shape, ...customEventsAnswerSchema.shape })
