// Who changed what: one entry per change, stored with the change or not at all.
import * as z from 'zod/mini'

/** The state of a setting, secrets left out; null when there was, or is, none. */
const stateSchema = z.nullable(z.record(z.string(), z.unknown()))

export const auditEntrySchema = z.object({
  atMs: z.number(),
  /** `user:<subject of the token>`, `key:<key id>` or `command:<name>`. */
  who: z.string(),
  /** The route, or the command, that made the change. */
  action: z.string(),
  /** What was changed: `settings`, `key:<id>`, `template:<id>`, … */
  what: z.string(),
  before: stateSchema,
  after: stateSchema,
})
export type AuditEntry = z.infer<typeof auditEntrySchema>
