// What connects a source at Customer.io to a template, as it is stored.
import * as z from 'zod/mini'
import { actionIdSchema, sourceRefSchema, templateIdSchema } from './ids.ts'

/** What connects one source at Customer.io to one template. Keyed by source, so a source has at most one template. */
export const integrationSchema = z.object({
  source: sourceRefSchema,
  templateId: templateIdSchema,
  webhookActionIds: z.array(actionIdSchema),
  controlActionIds: z.array(actionIdSchema),
  treatmentActionIds: z.array(actionIdSchema),
  serveWindowDays: z.number(),
})
export type Integration = z.infer<typeof integrationSchema>
