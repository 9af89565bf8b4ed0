// Events that a customer sends about its own people (purchases, sign-ups), as they are stored. What a row may look like in
// all its spellings is read by lambdas/domain/events/read-custom-event.ts.
import * as z from 'zod/mini'
import { type DeliveryId, deliveryIdSchema, type PersonKey } from './ids.ts'

/** Where events come from: uniqueness of an event id is within org and source. */
export const eventSourceSchema = z
  .string()
  .check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/))
  .brand<'EventSource'>()
export type EventSource = z.infer<typeof eventSourceSchema>

/** The source of everything that is streamed. No file may use it: there the first content stays, in files the latest. */
export const streamSource: EventSource = eventSourceSchema.parse('api')
/** The source of a file: any but the stream's. */
export const fileSourceSchema = eventSourceSchema.check(z.refine((source) => source !== streamSource))
/** The source of files whose key names none. */
export const defaultFileSource: EventSource = eventSourceSchema.parse('files')

const text = z.string()

/** An event as the `events` table holds it, without its key. The same event written again is the same item, to the byte. */
export const customEventSchema = z.object({
  kind: z.literal('custom'),
  source: eventSourceSchema,
  /** As given, else the digest. */
  eventId: text,
  name: text,
  atMs: z.number(),
  /** `user_id`: the person by the identifier that the org joins on, whichever that is. */
  userId: z.optional(text),
  id: z.optional(text),
  email: z.optional(text),
  cioId: z.optional(text),
  deliveryId: z.optional(deliveryIdSchema),
  trackingId: z.optional(text),
  /** An exact decimal, in major units of the currency: `12.5`. */
  value: z.optional(text),
  /** ISO 4217; absent: the org's. */
  currency: z.optional(text),
  /** JSON text of an object, gzipped when that saves write units. */
  properties: z.optional(z.union([text, z.instanceof(Uint8Array)])),
  /** 22 characters of the SHA-256 of the row's own fields: tells the same content from other content. */
  digest: text,
})
export type CustomEvent = z.infer<typeof customEventSchema>

/** The partition that an event is stored in. */
export type CustomEventSubject =
  | { readonly kind: 'person'; readonly person: PersonKey }
  | { readonly kind: 'delivery'; readonly deliveryId: DeliveryId }
  /** An event that gives nothing but a tracking id stands beside the serve that it named. */
  | { readonly kind: 'tracking'; readonly trackingId: string }

/** Stands for an event id that was given: which content has it, and where its event stands. */
export const eventClaimSchema = z.object({
  kind: z.literal('claim'),
  digest: text,
  /** Partition of the event. */
  at: text,
  atMs: z.number(),
  /** Where the row stands among all rows of all files, as text that sorts. Absent: streamed, or older than any that has one. */
  order: z.optional(text),
  /** Never used again, so that a write knows whether the claim is still the one it read. */
  revision: text,
})

/** The kind of the mark that stays where an event was, when other content of its id stands in another place. */
export const leftKind = 'left'
export const leftSchema = z.object({ kind: z.literal(leftKind) })

/** Why a row is no event. */
export const rowCodes = [
  'row.not_object',
  'row.other_org',
  'row.too_large',
  'event.missing',
  'event.invalid',
  'value.invalid',
  'value.precision',
  'currency.invalid',
] as const
export type RowCode = (typeof rowCodes)[number]

/** One reason; the message says where, what was seen (its kind and size, never the value) and what is allowed. */
export interface RowReason {
  readonly code: RowCode
  readonly message: string
}
