// Reads one event of Customer.io's reporting webhook, as leniently as its published examples need: unknown channels,
// metrics and members are no reason to refuse it. Decides nothing about what the event counts for.
import { type ActionId, type DeliveryId, type SourceRef, sourceRefSchema } from '../../../contract/ids.ts'
import {
  personMetrics,
  progressMetrics,
  type QuarantineReason,
  sendMetrics,
} from '../../../contract/reporting-event.ts'
import { type Identifiers, namePerson } from './name-person.ts'
import { FieldReader, isBlank, isJsonObject, type JsonObject, reasonFor } from './read-fields.ts'
import {
  allowed,
  toActionId,
  toDeliveryId,
  toEventId,
  toFlag,
  toIdentifier,
  toJourneyId,
  toMessageId,
  toName,
  toSeconds,
} from './read-values.ts'

export interface ReportingEvent {
  readonly eventId: string
  /** `object_type`: `email`, `push`, `webhook`, or a name that is not known yet. */
  readonly channel: string
  readonly metric: string
  readonly atMs: number
  /** Absent: the event belongs to the person, not to a message. */
  readonly deliveryId?: DeliveryId | undefined
  readonly identifiers: Identifiers
  readonly source?: SourceRef | undefined
  readonly actionId?: ActionId | undefined
  readonly parentActionId?: ActionId | undefined
  readonly journeyId?: string | undefined
  /** Read from the App API after a gap, not reported by the webhook. */
  readonly backfilled?: true
  /** What Customer.io marked as done by a machine; false when it says nothing. */
  readonly machine: {
    readonly prefetched: boolean
    readonly proxied: boolean
    readonly synthetic: boolean
    readonly machine: boolean
  }
}

export type Reading =
  | { readonly ok: true; readonly event: ReportingEvent }
  | { readonly ok: false; readonly reasons: readonly QuarantineReason[] }

const knownPersonMetrics: ReadonlySet<string> = new Set(personMetrics)
const messageMetrics: ReadonlySet<string> = new Set(
  [...sendMetrics, ...progressMetrics].filter((metric) => !knownPersonMetrics.has(metric)),
)

/** The event in a body, given as JSON text or already parsed; otherwise every reason why it is none. Never throws. */
export function readReportingEvent(body: string | JsonObject): Reading {
  const parsed = typeof body === 'string' ? parseJson(body) : body
  if (!isJsonObject(parsed)) return { ok: false, reasons: [reasonFor('body.not_object', 'body', parsed, 'an object')] }
  const reasons: QuarantineReason[] = []
  const top = new FieldReader(parsed, '', reasons)
  const eventId = top.required('event_id', allowed.eventId, toEventId)
  // Customer.io's description of the preferences event calls the member `object_type_type`.
  const channelMember =
    isBlank(parsed.object_type) && !isBlank(parsed.object_type_type) ? 'object_type_type' : 'object_type'
  const channel = top.required(channelMember, allowed.name, toName)
  const metric = top.required('metric', allowed.name, toName)
  const seconds = top.required('timestamp', allowed.seconds, toSeconds)
  const data = top.required('data', 'an object', (value) => (isJsonObject(value) ? value : undefined))
  const facts = data && readData(data, reasons)
  if (data && facts && metric !== undefined) reasons.push(...missingSubject(metric, data, facts.identifiers))
  if (reasons.length > 0 || eventId === undefined || channel === undefined) return { ok: false, reasons }
  if (metric === undefined || seconds === undefined || facts === undefined) return { ok: false, reasons }
  const marked = parsed.backfilled === true ? { backfilled: true as const } : {}
  return { ok: true, event: { eventId, channel, metric, atMs: seconds * 1_000, ...marked, ...facts } }
}

/** The event id of a body that is otherwise not accepted. */
export function findEventId(body: JsonObject): string | undefined {
  return toEventId(body.event_id)
}

type DataFacts = Omit<ReportingEvent, 'eventId' | 'channel' | 'metric' | 'atMs' | 'backfilled'>

function readData(data: JsonObject, reasons: QuarantineReason[]): DataFacts {
  const fields = new FieldReader(data, 'data.', reasons)
  const flag = (name: string) => fields.optional(name, allowed.flag, toFlag) ?? false
  return {
    deliveryId: fields.optional('delivery_id', allowed.deliveryId, toDeliveryId),
    identifiers: readIdentifiers(fields, reasons),
    source: readSource(fields),
    actionId: fields.optional('action_id', allowed.actionId, toActionId),
    parentActionId: fields.optional('parent_action_id', allowed.actionId, toActionId),
    journeyId: fields.optional('journey_id', allowed.journeyId, toJourneyId),
    machine: {
      prefetched: flag('prefetched'),
      proxied: flag('proxied'),
      synthetic: flag('synthetic'),
      machine: flag('machine'),
    },
  }
}

/** `customer_id` is deprecated and may name somebody else, so it counts only when `identifiers` names nobody. */
function readIdentifiers(fields: FieldReader, reasons: QuarantineReason[]): Identifiers {
  const before = reasons.length
  const object = fields.optional('identifiers', 'an object', (value) => (isJsonObject(value) ? value : undefined))
  const names = new FieldReader(object ?? {}, 'data.identifiers.', reasons)
  const named = (name: string) => names.optional(name, allowed.identifier, toIdentifier)
  const identifiers = { id: named('id'), email: named('email'), cioId: named('cio_id') }
  if (reasons.length > before || namePerson(identifiers, 'id') !== undefined) return identifiers
  return { id: fields.optional('customer_id', allowed.identifier, toIdentifier) }
}

/** What Customer.io sent it from. A body has one of the four; should it have more, the first in this order. */
function readSource(fields: FieldReader): SourceRef | undefined {
  const campaign = fields.optional('campaign_id', allowed.actionId, toActionId)
  const broadcast = fields.optional('broadcast_id', allowed.actionId, toActionId)
  const newsletter = fields.optional('newsletter_id', allowed.actionId, toActionId)
  // Customer.io's description gives this one no type; its API also takes a name.
  const transactional = fields.optional('transactional_message_id', allowed.messageId, toMessageId)
  if (campaign !== undefined) return sourceRefSchema.parse(`campaign:${campaign}`)
  if (broadcast !== undefined) return sourceRefSchema.parse(`broadcast:${broadcast}`)
  if (newsletter !== undefined) return sourceRefSchema.parse(`newsletter:${newsletter}`)
  return transactional === undefined ? undefined : sourceRefSchema.parse(`transactional:${transactional}`)
}

/** An event needs a delivery; one of a person, or of a metric that is not known, needs somebody's identifier instead. */
function missingSubject(metric: string, data: JsonObject, identifiers: Identifiers): QuarantineReason[] {
  if (!isBlank(data.delivery_id)) return []
  if (messageMetrics.has(metric)) {
    return [reasonFor('event.missing', 'data.delivery_id', data.delivery_id, 'a delivery: the metric is of a message')]
  }
  if (namePerson(identifiers, 'id') !== undefined) return []
  return [reasonFor('event.missing', 'data', data, 'one with a delivery_id or an identifier of a person')]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
