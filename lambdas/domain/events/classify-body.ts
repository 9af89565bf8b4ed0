// From the raw bytes of an authenticated webhook to what is to be kept: an event, or a body to set aside with every reason.
import { createHash } from 'node:crypto'
import type { DeliveryId, PersonKey, SourceRef } from '../../../contract/ids.ts'
import { maxWebhookBodyBytes } from '../../../contract/limits.ts'
import type { QuarantineReason } from '../../../contract/reporting-event.ts'
import { canonicalise } from './canonicalise.ts'
import { inspectJson } from './inspect-json.ts'
import { namePerson } from './name-person.ts'
import { isJsonObject, type JsonObject, reasonFor } from './read-fields.ts'
import { findEventId, type ReportingEvent, readReportingEvent } from './read-reporting-event.ts'

export type EventSubject =
  | { readonly kind: 'delivery'; readonly deliveryId: DeliveryId }
  | { readonly kind: 'person'; readonly person: PersonKey }

export interface AcceptedBody {
  readonly kind: 'event'
  readonly eventId: string
  readonly subject: EventSubject
  /** What Customer.io sent the message from, when the event says it. */
  readonly source?: SourceRef | undefined
  /** The body as received. */
  readonly text: string
  /** Of the canonical form: the same event serialised otherwise has the same one. */
  readonly digest: string
}

export interface Poison {
  readonly kind: 'poison'
  /** The body's own event id, when it can be read. */
  readonly eventId?: string | undefined
  readonly reasons: readonly QuarantineReason[]
}

/** 132 bits: enough that two events never share one. */
const digestLength = 22

/** Whether a body is an event. Never throws: a body that our own reader fails on is set aside like any other. */
export function classifyBody(bytes: Uint8Array): AcceptedBody | Poison {
  try {
    return classify(bytes)
  } catch {
    return poison('body.unreadable', 'body: our reader failed on it')
  }
}

function classify(bytes: Uint8Array): AcceptedBody | Poison {
  if (bytes.byteLength > maxWebhookBodyBytes) {
    return poison('body.too_large', `body: seen ${bytes.byteLength} bytes; allowed ${maxWebhookBodyBytes}`)
  }
  const text = decode(bytes)
  if (text === undefined) return poison('body.not_utf8', 'body: seen bytes that are not UTF-8; allowed UTF-8 text')
  const body = parse(text)
  if (body === undefined) return poison('body.not_json', `body: seen ${bytes.byteLength} bytes; allowed a JSON object`)
  const { value } = body
  if (!isJsonObject(value))
    return { kind: 'poison', reasons: [reasonFor('body.not_object', 'body', value, 'an object')] }
  const unsafe = inspectJson(value)
  if (unsafe.length > 0) return { kind: 'poison', eventId: findEventId(value), reasons: unsafe }
  const reading = readReportingEvent(value)
  if (!reading.ok) return { kind: 'poison', eventId: findEventId(value), reasons: reading.reasons }
  return {
    kind: 'event',
    eventId: reading.event.eventId,
    subject: subjectOf(reading.event),
    source: reading.event.source,
    text,
    digest: digestOf(value),
  }
}

/** Events without a delivery are filed under the person, by a fixed order of identifiers so that no setting moves them. */
function subjectOf({ deliveryId, identifiers }: ReportingEvent): EventSubject {
  if (deliveryId !== undefined) return { kind: 'delivery', deliveryId }
  const person = namePerson(identifiers, 'id')
  if (person === undefined) throw new Error('an event was read that belongs to nobody')
  return { kind: 'person', person }
}

function digestOf(value: JsonObject): string {
  return createHash('sha256').update(canonicalise(value)).digest('base64url').slice(0, digestLength)
}

/** A byte order mark is kept: what is stored must be what came. JSON refuses it. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

function poison(code: QuarantineReason['code'], message: string): Poison {
  return { kind: 'poison', reasons: [{ code, message }] }
}
