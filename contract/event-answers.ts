// What happened, and what was set aside, in the words of the wire.
import * as z from 'zod/mini'
import { erasedCountsSchema } from './erasure.ts'
import { armSchema } from './ids.ts'
import { joinRuleSchema } from './outcome.ts'

const instant = z.iso.datetime()

export const quarantineAnswerSchema = z.object({
  bodies: z.array(
    z.object({
      id: z.string(),
      reasons: z.array(z.object({ code: z.string(), message: z.string() })),
      received_at: instant,
      body_bytes: z.number(),
    }),
  ),
  next: z.nullable(z.string()),
})

/** `quarantined`: it still cannot be accepted, for the reasons that the list shows. The others are out of the list. */
export const replayAnswerSchema = z.object({
  status: z.enum(['accepted', 'duplicate', 'conflict', 'quarantined']),
  event_id: z.string(),
})

/** One outcome: a send, a serve, a call of a webhook action, or a delivery that was never sent. */
const happeningSchema = z.object({
  at: instant,
  kind: z.enum(['send', 'serve', 'action', 'unsent']),
  person: z.string(),
  delivery_id: z.nullable(z.string()),
  serve_id: z.nullable(z.string()),
  template_id: z.nullable(z.string()),
  source: z.nullable(z.string()),
  channel: z.nullable(z.string()),
  arm: z.nullable(armSchema),
  copy_id: z.nullable(z.string()),
  /** Which rule joined a send to the serve that explains it; null for what is no send. */
  rule: z.nullable(joinRuleSchema),
  metrics: z.array(z.string()),
})
export type Happening = z.infer<typeof happeningSchema>

/** One event as it was stored; only a delivery's story lists them. */
const storedEventSchema = z.object({
  at: instant,
  kind: z.enum(['message', 'serve']),
  event_id: z.string(),
  /** The metric of a message event; `serve`. */
  name: z.string(),
  channel: z.nullable(z.string()),
})
export type ListedEvent = z.infer<typeof storedEventSchema>

export const eventsAnswerSchema = z.object({
  /** Newest first. */
  happenings: z.array(happeningSchema),
  events: z.array(storedEventSchema),
  /** What was older is left out: ask with a later `since`, or for one template. */
  truncated: z.boolean(),
})

/** How far the erasing of a person is. */
export const erasedAnswerSchema = z.object({
  /** What the audit log names this erasing by. */
  id: z.string(),
  /** `partial`: call again, with `next` or without, until it is complete. */
  status: z.enum(['partial', 'complete']),
  /** Since it began. */
  erased: erasedCountsSchema,
  /** What it waits for; empty when only for the next call. */
  waits_for: z.string(),
  /** Files of the org that may hold rows of the person and are not rewritten: the bucket deletes each by its age. */
  kept_files: z.object({
    count: z.number(),
    /** The first of them. */
    keys: z.array(z.string()),
    /** When the last of them, and of what was removed from others, is gone; null when nothing is left. */
    gone_by: z.nullable(instant),
  }),
  next: z.nullable(z.string()),
})
export type ErasedAnswer = z.infer<typeof erasedAnswerSchema>
