// The stream of `events` without a stream: stores events the way the product does and makes the records that AWS would
// then deliver.
import { type AttributeValue, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { DynamoDBRecord } from 'aws-lambda'
import { defaultFileSource, leftKind, streamSource } from '../../contract/custom-event.ts'
import { deliveryIdSchema, type OrgSlug } from '../../contract/ids.ts'
import { classifyBody } from '../../lambdas/domain/events/classify-body.ts'
import { type ReadEvent, readCustomEvent } from '../../lambdas/domain/events/read-custom-event.ts'
import { makeCustomEventStore } from '../../lambdas/store/custom-events.ts'
import { customEventPartition, customEventSort, messageKey, serveKey } from '../../lambdas/store/event-keys.ts'
import { makeEventStore } from '../../lambdas/store/events.ts'
import { makeFileEventStore } from '../../lambdas/store/file-events.ts'
import type { Key } from '../../lambdas/store/key.ts'
import { makeServeStore } from '../../lambdas/store/serves.ts'
import { fileRow } from './custom-events.ts'
import type { ScriptEvent } from './script.ts'

/** How a duplicate is written: as it came first, or with its members in another order. */
export type Spelling = 'plain' | 'reversed'

const triesToStore = 40

/** Stores an event as often as it takes: whoever sent it tries again until it is answered. @throws on a conflict */
export async function storeEvent(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
  event: ScriptEvent,
  spelling: Spelling = 'plain',
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await storeOnce(client, table, org, event, spelling)
    } catch (error) {
      if (error instanceof NotStored || tries === triesToStore) throw error
    }
  }
}

/** An answer that no script allows. */
class NotStored extends Error {}

async function storeOnce(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
  event: ScriptEvent,
  spelling: Spelling,
): Promise<void> {
  if (event.kind === 'serve') {
    const stood = await makeServeStore(client, table).putOnce(org, event.name, event.ordinal, event.serve)
    if (stood.serveId !== event.serve.serveId) throw new NotStored(`another serve stands: ${stood.serveId}`)
    return
  }
  if (event.kind === 'custom') {
    const { keep } = event.mode === 'first' ? makeCustomEventStore(client, table) : makeFileEventStore(client, table)
    for (const [at, read] of readVersions(org, event).entries()) await keep(org, [fileRow(read, at)])
    return
  }
  const body = spelling === 'plain' ? event.body : Object.fromEntries(Object.entries(event.body).toReversed())
  const accepted = classifyBody(Buffer.from(JSON.stringify(body)))
  if (accepted.kind === 'poison') throw new NotStored(`set aside: ${JSON.stringify(accepted.reasons)}`)
  const signal = new AbortController().signal
  const appended = await makeEventStore(client, table).append(org, accepted, 1_795_000_000_000, signal)
  if (appended !== 'stored' && appended !== 'duplicate') throw new NotStored(appended)
}

/**
 * Makes records of stored events; an event has the same image however often it is delivered.
 * @throws when the event is not stored: no stream delivers what was not written
 */
export function makeRecords(client: DynamoDBClient, table: string, org: OrgSlug) {
  const images = new Map<ScriptEvent, Image>()
  return async (event: ScriptEvent, sequenceNumber: string): Promise<DynamoDBRecord[]> => {
    if (event.kind === 'custom') return customRecords(org, event, sequenceNumber)
    const NewImage = images.get(event) ?? asDelivered(await readItem(client, table, keyOf(org, event)))
    images.set(event, NewImage)
    const dynamodb = { SequenceNumber: sequenceNumber, StreamViewType: 'NEW_AND_OLD_IMAGES' as const, NewImage }
    return [{ eventName: 'INSERT', eventSource: 'aws:dynamodb', dynamodb }]
  }
}

type CustomScript = Extract<ScriptEvent, { kind: 'custom' }>

/** Every content that the event has had, in order. @throws when a row is no event */
function readVersions(org: OrgSlug, { mode, rows, identifier }: CustomScript): ReadEvent[] {
  const source = mode === 'first' ? streamSource : defaultFileSource
  return rows.map((row) => {
    const reading = readCustomEvent(row, { org, source, identifier, currency: 'KWD', receivedAtMs: 0 })
    if (!reading.ok) throw new NotStored(JSON.stringify(reading.reasons))
    return reading
  })
}

/** One record for each place that the event has stood in; a mark stands in those that it left. */
function customRecords(org: OrgSlug, event: CustomScript, SequenceNumber: string): DynamoDBRecord[] {
  const places = readVersions(org, event).map(({ event: { source, eventId }, subject, named }) => ({
    ...{ pk: { S: customEventPartition(org, subject) }, sk: { S: customEventSort(source, eventId, named) } },
    kind: { S: 'custom' },
  }))
  const stands = event.mode === 'first' ? places[0] : places.at(-1)
  return places.map((place) =>
    place.pk.S === stands?.pk.S
      ? { eventName: 'MODIFY', dynamodb: { SequenceNumber, NewImage: place } }
      : { eventName: 'MODIFY', dynamodb: { SequenceNumber, NewImage: { ...place, kind: { S: leftKind } } } },
  )
}

type Image = NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['NewImage']>

async function readItem(client: DynamoDBClient, table: string, key: Key): Promise<Record<string, AttributeValue>> {
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: marshall(key), ConsistentRead: true }))
  if (Item === undefined) throw new Error('a record of an event that was not stored')
  return Item
}

function keyOf(org: OrgSlug, event: Exclude<ScriptEvent, { kind: 'custom' }>): Key {
  if (event.kind === 'serve') return serveKey(org, event.name, event.serve.templateId, event.ordinal)
  const { event_id, data } = event.body
  const delivery = typeof data === 'object' && data !== null && 'delivery_id' in data ? data.delivery_id : undefined
  return messageKey(org, deliveryIdSchema.parse(delivery), String(event_id))
}

/** Lambda gets JSON, in which bytes are base64 text. */
function asDelivered(
  item: Record<string, AttributeValue>,
): NonNullable<DynamoDBRecord['dynamodb']>['NewImage'] & object {
  const image = Object.entries(item).map(([name, value]) => [
    name,
    value.B === undefined ? value : { B: Buffer.from(value.B).toString('base64') },
  ])
  return JSON.parse(JSON.stringify(Object.fromEntries(image)))
}
