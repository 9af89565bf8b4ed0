// What became of one send, one serve, one action call, or one delivery that was never sent: the `outcomes` table without
// its keys. Derived from `events`; can be thrown away and computed again.
import * as z from 'zod/mini'
import { actionIdSchema, armSchema, copyIdSchema, deliveryIdSchema, sourceRefSchema, templateIdSchema } from './ids.ts'
import { choiceSchema } from './stored-event.ts'

/** Which rule joined a send to the serve that explains it. */
export const joinRuleSchema = z.enum(['journey', 'latest', 'none'])
export type JoinRule = z.infer<typeof joinRuleSchema>

/** How a copy came to be served: by which version of the weights, or outside every comparison. */
export const stratumSchema = z.string().check(z.regex(/^(v\d+|forced|fallback)$/))

/** A custom event as far as it can count. */
export const eventFactSchema = z.object({
  /** Source and event id: unique within the org. */
  id: z.string(),
  name: z.string(),
  atMs: z.number(),
  value: z.optional(z.string()),
  currency: z.optional(z.string()),
  deliveryId: z.optional(z.string()),
  trackingId: z.optional(z.string()),
})
export type EventFact = z.infer<typeof eventFactSchema>

/** What the custom events of one name are to a send: it has at least one. */
export const tallySchema = z.object({
  name: z.string(),
  events: z.number(),
  firstAtMs: z.number(),
  /** Sums in whole minor units, as decimal text, by currency; sorted. */
  values: z.array(z.object({ currency: z.string(), minor: z.string() })),
})
export type Tally = z.infer<typeof tallySchema>

/** Events that stand beside a delivery or a serve, because they name nothing else; absent when there are none. */
const pinned = {
  pinned: z.optional(z.array(eventFactSchema)),
  /** More stand there than are kept here. */
  more: z.optional(z.literal(true)),
}

const deliveryFacts = {
  deliveryId: deliveryIdSchema,
  channel: z.string(),
  source: z.optional(sourceRefSchema),
  actionId: z.optional(actionIdSchema),
  journeyId: z.optional(z.string()),
  /** Names of the metrics seen, each once, sorted. */
  metrics: z.array(z.string()),
  /** Distinct events folded into this outcome. */
  events: z.number(),
  /** The template whose settings name the source; absent until one does. */
  templateId: z.optional(templateIdSchema),
}

export const sendSchema = z.object({
  kind: z.literal('send'),
  ...deliveryFacts,
  openedEvents: z.number(),
  clickedEvents: z.number(),
  /** True when no `sent` event came and `delivered` stands in for it. */
  standIn: z.boolean(),
  arm: z.optional(armSchema),
  copyId: z.optional(copyIdSchema),
  stratum: z.optional(stratumSchema),
  rule: joinRuleSchema,
  /** The earliest `delivered`. */
  deliveredAtMs: z.optional(z.number()),
  ...pinned,
  /** Custom events that count for this send, by name; absent when there are none. */
  tallies: z.optional(z.array(tallySchema)),
  /** Some limit kept events of its person, or names of its own, from being looked at. */
  cut: z.optional(z.literal(true)),
})
export type Send = z.infer<typeof sendSchema>

/** Engagement, or a refusal, of a message that was never reported as sent. */
export const unsentSchema = z.object({ kind: z.literal('unsent'), ...deliveryFacts })
export type Unsent = z.infer<typeof unsentSchema>

/** A webhook call as Customer.io reports it: not a send. */
export const actionCallSchema = z.object({
  kind: z.literal('action'),
  ...deliveryFacts,
  /** Its action is not among the webhook actions that the integration of its source lists. */
  unlisted: z.optional(z.literal(true)),
})
export type ActionCall = z.infer<typeof actionCallSchema>

export const servedSchema = z.object({
  kind: z.literal('serve'),
  serveId: z.string(),
  templateId: templateIdSchema,
  copyId: copyIdSchema,
  arm: armSchema,
  choice: choiceSchema,
  allocationVersion: z.number(),
  probability: z.number(),
  oversize: z.boolean(),
  /** The path that asked for the copy, once Customer.io has reported the call. */
  journeyId: z.optional(z.string()),
  /** A serve stands with every person it may concern; it is counted where this is true. */
  counted: z.boolean(),
  /** Where the serve's event stands: `delivery:<id>` or `name:<id>`, as the partition is named. */
  heldBy: z.optional(z.string()),
  trackingId: z.optional(z.string()),
  ...pinned,
})
export type Served = z.infer<typeof servedSchema>

export const outcomeSchema = z.discriminatedUnion('kind', [sendSchema, unsentSchema, actionCallSchema, servedSchema])
export type Outcome = z.infer<typeof outcomeSchema>

/** Guards everything of a person that depends on more than one delivery; it also says that they were erased. */
export const personRevisionSchema = z.object({ revision: z.string() })
