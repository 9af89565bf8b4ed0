// The erasing of a person while it goes on, as it is stored: it alone knows by which other names the person was known, once
// their events are gone. Removed when all is gone.
import * as z from 'zod/mini'
import { personKeySchema } from './ids.ts'

/**
 * In order. `own`: outcomes and events under the name asked for. `others`: under the other names that those events had.
 * `aside`: bodies set aside. `loading`: waits for files that are being loaded. `reports`: rejected rows beside files.
 * `work`: what imports keep while they run.
 */
export const erasureStages = ['own', 'others', 'aside', 'loading', 'reports', 'work', 'done'] as const

/** What has been removed since it began. */
export const erasedCountsSchema = z.object({
  outcomes: z.number(),
  events: z.number(),
  set_aside: z.number(),
  rejected_rows: z.number(),
  files: z.number(),
})

export const erasureSchema = z.object({
  /** Random: what the audit log names the erasing by. */
  erasureId: z.string(),
  startedAtMs: z.number(),
  stage: z.enum(erasureStages),
  /** The name asked for, and every other by which the events knew the person. */
  names: z.array(personKeySchema),
  /** Those whose outcomes and events are still to be looked for. */
  left: z.array(personKeySchema),
  /** Where the list of the stage goes on. */
  next: z.optional(z.string()),
  erased: erasedCountsSchema,
  /** Counts the writes of this item, so that two calls at once do not forget what each other found. */
  revision: z.number(),
})
export type Erasure = z.infer<typeof erasureSchema>
