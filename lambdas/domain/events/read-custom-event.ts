// Reads one row of customers' own events, streamed or from a file: under any of its accepted names, flat or in Customer.io's
// envelope. Every reason is collected; a row that is read is ready to be written. Pure, and lean: files have millions.
import { hash } from 'node:crypto'
import type {
  CustomEvent,
  CustomEventSubject,
  EventSource,
  RowCode,
  RowReason,
} from '../../../contract/custom-event.ts'
import type { OrgSlug, PersonIdentifier } from '../../../contract/ids.ts'
import { maxEventValue, maxPropertiesBytes } from '../../../contract/limits.ts'
import { minorDigitsOf, readDecimal } from '../measuring/money.ts'
import { canonicalise } from './canonicalise.ts'
import { allowedName, toEventName } from './event-name.ts'
import { inspectJson } from './inspect-json.ts'
import { nameEventPerson } from './name-person.ts'
import { describeValue, isBlank, isJsonObject, type JsonObject } from './read-fields.ts'
import { allowedInstant, readInstant } from './read-instant.ts'
import { allowed, toDeliveryId, toEventId, toIdentifier } from './read-values.ts'

export interface RowContext {
  readonly org: OrgSlug
  readonly source: EventSource
  readonly identifier: PersonIdentifier
  /** The org's, for values that name none. */
  readonly currency: string
  /** Stands in for a timestamp that is not given. */
  readonly receivedAtMs: number
}

export interface ReadEvent {
  readonly event: CustomEvent
  readonly subject: CustomEventSubject
  /** The row has an id of its own, which may come again with other content. */
  readonly named: boolean
}

export type RowReading =
  | ({ readonly ok: true } & ReadEvent)
  | { readonly ok: false; readonly reasons: readonly RowReason[] }

/** The names that each member may have, the first that is not blank counts. In an envelope `data` is looked at too. */
export const rowNames = {
  org: ['org', 'org_slug'],
  eventId: ['event_id', 'session_id'],
  name: ['name', 'event_name', 'metric'],
  timestamp: ['timestamp', 'event_timestamp'],
  userId: ['user_id'],
  id: ['id'],
  email: ['email'],
  cioId: ['cio_id'],
  customerId: ['customer_id'],
  deliveryId: ['delivery_id'],
  trackingId: ['tracking_id'],
  value: ['value'],
  currency: ['currency'],
  properties: ['properties'],
  /** Accepted, and not needed: which copy it was follows from the send. */
  ignored: ['copy_id', 'object_type'],
} as const

/** 132 bits: enough that two events never share one. */
export const digestLength = 22

/** The event of one row, or every reason why it is none. The row must have passed `inspectJson` where it may be nested. */
export function readCustomEvent(row: unknown, context: RowContext): RowReading {
  if (!isJsonObject(row)) return { ok: false, reasons: [reason('row.not_object', 'row', row, 'an object')] }
  const reasons: RowReason[] = []
  const data = isJsonObject(row.data) ? row.data : undefined
  const ofData = data && isJsonObject(data.identifiers) ? data.identifiers : undefined
  const identifiers = isJsonObject(row.identifiers) ? row.identifiers : ofData

  const read = <T>(
    names: readonly string[],
    allowedText: string,
    to: (value: unknown) => T | undefined,
    scopes: readonly (JsonObject | undefined)[] = [row, data],
  ): T | undefined => {
    const found = find(names, scopes)
    if (found === undefined) return undefined
    const result = to(found.value)
    if (result === undefined) reasons.push(reason('event.invalid', found.name, found.value, allowedText))
    return result
  }

  const org = find(rowNames.org, [row])
  if (org !== undefined && org.value !== context.org) {
    reasons.push({
      code: 'row.other_org',
      message: `${org.name}: seen another org; allowed none, or the org it is sent to`,
    })
  }
  const eventId = read(rowNames.eventId, allowed.eventId, (value) => toEventId(toIdentifier(value)))
  const name = read(rowNames.name, allowedName, toEventName)
  if (find(rowNames.name, [row, data]) === undefined) {
    reasons.push({ code: 'event.missing', message: `name: seen nothing; allowed ${allowedName}` })
  }
  const atMs = read(rowNames.timestamp, allowedInstant, readInstant) ?? context.receivedAtMs
  const person = (names: readonly string[], scopes?: readonly (JsonObject | undefined)[]) =>
    read(names, allowed.identifier, toPersonName, scopes)
  const userId = person(rowNames.userId)
  const named = [row, identifiers, data]
  const email = person(rowNames.email, named)
  const cioId = person(rowNames.cioId, named)
  // A row's own `id` names the row in most exports, so only `identifiers.id` names a person.
  const ownId = person(rowNames.id, [identifiers])
  // Deprecated at Customer.io, where it may name somebody else: counts only when nothing else does.
  const nobody = userId === undefined && ownId === undefined && email === undefined && cioId === undefined
  const id = ownId ?? (nobody ? person(rowNames.customerId) : undefined)
  const deliveryId = read(rowNames.deliveryId, allowed.deliveryId, toDeliveryId)
  const trackingId = read(rowNames.trackingId, 'text of 1 to 512 characters', toTrackingId)
  const money = readMoney(find(rowNames.value, [row, data]), find(rowNames.currency, [row, data]), context, reasons)
  const properties = readProperties(find(rowNames.properties, [row, data]), reasons)

  const key = nameEventPerson({ userId, id, email, cioId }, context.identifier)
  const subject = subjectOf(key, deliveryId, trackingId)
  if (subject === undefined && reasons.length === 0) {
    const wanted = 'one of user_id, email, cio_id, delivery_id, tracking_id'
    reasons.push({ code: 'event.missing', message: `row: seen nobody that the event is of; allowed ${wanted}` })
  }
  if (reasons.length > 0 || name === undefined || subject === undefined) return { ok: false, reasons }
  const digest = digestOf(row)
  const event: CustomEvent = {
    kind: 'custom',
    source: context.source,
    eventId: eventId ?? digest,
    name,
    atMs,
    ...(userId !== undefined && { userId }),
    ...(id !== undefined && { id }),
    ...(email !== undefined && { email }),
    ...(cioId !== undefined && { cioId }),
    ...(deliveryId !== undefined && { deliveryId }),
    ...(trackingId !== undefined && { trackingId }),
    ...money,
    ...(properties !== undefined && { properties }),
    digest,
  }
  return { ok: true, event, subject, named: eventId !== undefined }
}

interface Found {
  readonly name: string
  readonly value: unknown
}

function find(names: readonly string[], scopes: readonly (JsonObject | undefined)[]): Found | undefined {
  for (const scope of scopes) {
    if (scope === undefined) continue
    for (const name of names) if (!isBlank(scope[name])) return { name, value: scope[name] }
  }
  return undefined
}

function toPersonName(value: unknown): string | undefined {
  const text = toIdentifier(value)?.trim()
  return text !== undefined && text.length <= 512 ? text : undefined
}

function toTrackingId(value: unknown): string | undefined {
  const text = toIdentifier(value)
  return text !== undefined && text.length <= 512 ? text : undefined
}

function readMoney(
  value: Found | undefined,
  currency: Found | undefined,
  context: RowContext,
  reasons: RowReason[],
): Pick<CustomEvent, 'value' | 'currency'> {
  const code = typeof currency?.value === 'string' ? currency.value.trim().toUpperCase() : undefined
  const valid = code !== undefined && /^[A-Z]{3}$/.test(code)
  if (currency !== undefined && !valid) {
    reasons.push(reason('currency.invalid', currency.name, currency.value, 'three letters of ISO 4217'))
    return {}
  }
  const given = valid ? { currency: code } : {}
  if (value === undefined) return given
  const reading = readDecimal(value.value, code ?? context.currency)
  if (reading.ok) return { value: reading.decimal, ...given }
  const decimals = minorDigitsOf(code ?? context.currency)
  const text =
    reading.code === 'value.invalid'
      ? `a decimal number between -${maxEventValue} and ${maxEventValue}`
      : `at most ${decimals} decimals for ${code ?? context.currency}, given exactly (as text when a number cannot)`
  reasons.push(reason(reading.code, value.name, value.value, text))
  return {}
}

/** The JSON text of an object; a column of a file may hold that text itself. */
function readProperties(found: Found | undefined, reasons: RowReason[]): string | undefined {
  if (found === undefined) return undefined
  const object = typeof found.value === 'string' ? parseObject(found.value) : found.value
  if (!isJsonObject(object)) {
    reasons.push(reason('event.invalid', found.name, found.value, 'an object, or its JSON text'))
    return undefined
  }
  // Text was not looked through with the row that held it.
  const unsafe = typeof found.value === 'string' ? inspectJson(object) : []
  if (unsafe.length > 0) {
    for (const { message } of unsafe) {
      reasons.push({ code: 'event.invalid', message: message.replace(/^body/, found.name) })
    }
    return undefined
  }
  const text = JSON.stringify(object)
  if (Buffer.byteLength(text) <= maxPropertiesBytes) return text
  const message = `${found.name}: seen ${Buffer.byteLength(text)} bytes; allowed ${maxPropertiesBytes}`
  reasons.push({ code: 'row.too_large', message })
  return undefined
}

function parseObject(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function subjectOf(
  person: ReturnType<typeof nameEventPerson>,
  deliveryId: CustomEvent['deliveryId'],
  trackingId: string | undefined,
): CustomEventSubject | undefined {
  if (person !== undefined) return { kind: 'person', person }
  if (deliveryId !== undefined) return { kind: 'delivery', deliveryId }
  return trackingId === undefined ? undefined : { kind: 'tracking', trackingId }
}

/** Of what the row says: members that are blank say nothing, so an added empty column makes no other event. */
function digestOf(row: JsonObject): string {
  const said = Object.fromEntries(Object.entries(row).filter(([, value]) => !isBlank(value)))
  return hash('sha256', canonicalise(said), 'base64url').slice(0, digestLength)
}

function reason(code: RowCode, path: string, value: unknown, allowedText: string): RowReason {
  return { code, message: `${path}: seen ${describeValue(value)}; allowed ${allowedText}` }
}
