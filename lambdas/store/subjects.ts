// Partitions of `events` as measuring needs them: a delivery's reporting events and the serves it named, and the custom events
// beside them or of a person.
import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { StreamRecord } from 'aws-lambda'
import { leftKind } from '../../contract/custom-event.ts'
import { deliveryIdSchema, type OrgSlug, type PersonKey } from '../../contract/ids.ts'
import { maxBesideEvents, maxDeliveryEvents, maxPersonEvents } from '../../contract/limits.ts'
import type { EventFact } from '../../contract/outcome.ts'
import { messageEventSchema, serveEventSchema } from '../../contract/stored-event.ts'
import { readReportingEvent } from '../domain/events/read-reporting-event.ts'
import type { SubjectRef } from '../domain/measuring/group-subjects.ts'
import type { DeliveryEvent, SubjectEvents } from '../domain/measuring/place-outcomes.ts'
import { toCustomEvent } from './custom-item.ts'
import {
  customEventPrefix,
  deliveryPartition,
  messagePrefix,
  namePartition,
  parseCustomEventSort,
  parseEventPartition,
  personEventsPartition,
  servePrefix,
} from './event-keys.ts'
import { readStoredBody } from './events.ts'

/** An item as Lambda hands it over: as JSON, in which bytes are base64. */
type StreamImage = NonNullable<StreamRecord['NewImage']>

export interface ArrivedSubject {
  readonly org: OrgSlug
  readonly subject: SubjectRef
}

/** The subject that an item of `events` belongs to which is new or, of custom events, changed or gone; undefined when it is
 * of a kind that measures nothing. */
export function findArrivedSubject(image: StreamImage | undefined): ArrivedSubject | undefined {
  const item = image && readImage(image)
  const parsed = parseEventPartition(String(item?.pk))
  if (item === undefined || parsed === undefined || parsed.kind === 'quarantine') return undefined
  const { org, kind, id } = parsed
  if (item.kind === 'custom' || item.kind === leftKind) return { org, subject: { kind, id, joins: true } }
  if (kind === 'person') return undefined
  const message = item.kind === 'message' ? toMessage(item) : undefined
  return { org, subject: { kind, id, joins: message === undefined || changesJoins(message) } }
}

/** Texts, numbers and bytes, which is all that says what an event is. */
function readImage(image: StreamImage): Record<string, unknown> {
  const values = Object.entries(image).map(([name, { S, N, B }]) => [
    name,
    S ?? (N === undefined ? (B === undefined ? undefined : Buffer.from(B, 'base64')) : Number(N)),
  ])
  return Object.fromEntries(values)
}

function changesJoins({ metric, channel }: DeliveryEvent): boolean {
  return metric === 'sent' || channel === 'webhook'
}

/** Every event of a subject, strongly consistent. An item that cannot be read is left out: better readings may come. */
export async function readSubject(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
  subject: Pick<SubjectRef, 'kind' | 'id'>,
): Promise<SubjectEvents> {
  const pk = subject.kind === 'delivery' ? deliveryPartition(org, subject.id) : namePartition(org, subject.id)
  const { items, more } = await readBounded(client, table, pk)
  return {
    subjectId: subject.id,
    subjectKind: subject.kind,
    messages: items.flatMap((item) => toMessage(item) ?? []),
    ...(more && { more }),
    serves: items.flatMap((item) => {
      const parsed = serveEventSchema.safeParse(item)
      return parsed.success ? [parsed.data] : []
    }),
    customs: items.flatMap(toFact),
  }
}

/**
 * The custom events of a person that are kept under the person, in the order of source and id, at most one more than are
 * looked at; without their properties. Strongly consistent.
 */
export async function readCustomEvents(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
  person: PersonKey,
): Promise<EventFact[]> {
  const facts: EventFact[] = []
  for await (const item of readPartition(client, table, personEventsPartition(org, person), customEventPrefix)) {
    facts.push(...toFact(item))
    if (facts.length > maxPersonEvents) break
  }
  return facts
}

/** A whole partition, but of reporting events and of custom ones, which come without end, no more than are looked at. */
async function readBounded(client: DynamoDBClient, table: string, pk: string) {
  const items: Record<string, unknown>[] = []
  let [messages, customs] = [0, 0]
  const read = async (prefix: string): Promise<void> => {
    for await (const item of readPartition(client, table, pk, prefix)) {
      const sk = String(item.sk)
      if (sk.startsWith(messagePrefix) && ++messages > maxDeliveryEvents) return read(customEventPrefix)
      items.push(item)
      if (sk.startsWith(customEventPrefix) && ++customs > maxBesideEvents) return read(servePrefix)
    }
    if (prefix === customEventPrefix) await read(servePrefix)
  }
  await read('')
  return { items, more: messages > maxDeliveryEvents && (true as const) }
}

async function* readPartition(client: DynamoDBClient, table: string, pk: string, prefix: string) {
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk and begins_with(sk, :prefix)',
    ExpressionAttributeValues: marshall({ ':pk': pk, ...(prefix !== '' && { ':prefix': prefix }) }),
    ...(prefix === customEventPrefix && factsOnly),
  }
  for await (const page of paginateQuery({ client }, query)) {
    for (const item of page.Items ?? []) yield unmarshall(item)
  }
}

const factNames = ['sk', 'kind', 'source', 'eventId', 'name', 'atMs', 'value', 'currency', 'digest']
const factsOnly = {
  ProjectionExpression: [...factNames, 'deliveryId', 'trackingId'].map((name) => `#${name}`).join(', '),
  ExpressionAttributeNames: Object.fromEntries(
    [...factNames, 'deliveryId', 'trackingId'].map((name) => [`#${name}`, name]),
  ),
}

/** An item as far as it can count; nothing for one that is no custom event. */
function toFact(item: Record<string, unknown>): EventFact[] {
  const event = toCustomEvent(item)
  if (event === undefined) return []
  const { name, atMs, value, currency, deliveryId, trackingId } = event
  const fact = { id: parseCustomEventSort(String(item.sk)), name, atMs }
  return [
    {
      ...fact,
      ...(value !== undefined && { value }),
      ...(currency !== undefined && { currency }),
      ...(deliveryId !== undefined && { deliveryId }),
      ...(trackingId !== undefined && { trackingId }),
    },
  ]
}

/** A reporting event of a delivery; undefined for anything else, and for what cannot be read. */
export function toMessage(item: Record<string, unknown>): DeliveryEvent | undefined {
  const stored = messageEventSchema.safeParse(item)
  if (!stored.success) return undefined
  const reading = readReportingEvent(readStoredBody(stored.data))
  if (!reading.ok) return undefined
  const deliveryId = deliveryIdSchema.safeParse(reading.event.deliveryId)
  return deliveryId.success ? { ...reading.event, deliveryId: deliveryId.data } : undefined
}
