// How a template weighs its copies, apart from what was computed: templates are read where no allocation is.
import * as z from 'zod/mini'
import { copyIdSchema } from './ids.ts'

/** `uniform`: all alike. `fixed`: as somebody set them. `thompson`: by the chance of each to be the best. */
export const algorithmSchema = z.enum(['uniform', 'fixed', 'thompson'])
export type Algorithm = z.infer<typeof algorithmSchema>

export const weightSchema = z.object({ copyId: copyIdSchema, weight: z.number().check(z.gte(0), z.lte(1)) })
export type Weight = z.infer<typeof weightSchema>
