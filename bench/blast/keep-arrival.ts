// Stores what arrives as the product does, and makes the record that the stream of `events` would then deliver.
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda'
import { defaultFileSource } from '../../contract/custom-event.ts'
import { classifyBody } from '../../lambdas/domain/events/classify-body.ts'
import { readCustomEvent } from '../../lambdas/domain/events/read-custom-event.ts'
import { toCustomItem } from '../../lambdas/store/custom-item.ts'
import { customEventPartition, customEventSort } from '../../lambdas/store/event-keys.ts'
import { makeEventStore } from '../../lambdas/store/events.ts'
import { makeServeStore } from '../../lambdas/store/serves.ts'
import { slug } from '../org.ts'
import { tables } from '../services.ts'
import type { Item } from '../units/item-size.ts'
import type { Arrival } from './blast.ts'

/** Stores arrivals one after the other, webhooks by one client and serves by another, and answers their records. */
export function makeKeeper(receiving: DynamoDBClient, serving: DynamoDBClient) {
  const written: Item[] = []
  for (const client of [receiving, serving]) keepItems(client, written)
  const events = makeEventStore(receiving, tables.events)
  const serves = makeServeStore(serving, tables.events)
  const { signal } = new AbortController()
  let sequenceNumber = 0
  return async (arrival: Arrival): Promise<DynamoDBRecord> => {
    if (arrival.kind === 'serve') await serves.putOnce(slug, arrival.name, 0, arrival.serve)
    else if (arrival.kind === 'purchase') {
      await receiving.send(new PutItemCommand({ TableName: tables.events, Item: purchaseOf(arrival) }))
    } else {
      const accepted = classifyBody(Buffer.from(arrival.body))
      if (accepted.kind === 'poison') throw new Error(`the blast holds poison: ${JSON.stringify(accepted.reasons)}`)
      const appended = await events.append(slug, accepted, arrival.atMs, signal)
      if (appended !== 'stored') throw new Error(`an event of the blast was not stored: ${appended}`)
    }
    const item = written.pop()
    if (item === undefined) throw new Error('an arrival was stored without a put')
    const dynamodb = { SequenceNumber: String(sequenceNumber++), NewImage: asDelivered(item) }
    return { eventName: 'INSERT', eventSource: 'aws:dynamodb', dynamodb }
  }
}

/** As a row of a file with an id leaves it; its claim is no concern of measuring. */
function purchaseOf({ personId, atMs }: Extract<Arrival, { kind: 'purchase' }>): Item {
  const row = { name: 'purchase', event_id: `order-${personId}`, user_id: personId, timestamp: atMs, value: '12.50' }
  const context = {
    org: slug,
    source: defaultFileSource,
    identifier: 'id',
    currency: 'USD',
    receivedAtMs: atMs,
  } as const
  const reading = readCustomEvent(row, context)
  if (!reading.ok) throw new Error(`a purchase of the blast is none: ${JSON.stringify(reading.reasons)}`)
  const { event, subject } = reading
  return toCustomItem(
    { pk: customEventPartition(slug, subject), sk: customEventSort(event.source, event.eventId, true) },
    event,
  )
}

function keepItems(client: DynamoDBClient, written: Item[]): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      if ('Item' in args.input && args.input.Item !== undefined) written.push(args.input.Item)
      return next(args)
    },
    { step: 'initialize', name: 'keepItems' },
  )
}

/** Lambda gets JSON, in which bytes are base64 text.  */
function asDelivered(item: Item): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(item).map(([name, { S, N, B, BOOL }]): [string, AttributeValue] => {
      if (S !== undefined) return [name, { S }]
      if (N !== undefined) return [name, { N }]
      if (BOOL !== undefined) return [name, { BOOL }]
      if (B !== undefined) return [name, { B: Buffer.from(B).toString('base64') }]
      throw new Error('an event with an attribute of another type')
    }),
  )
}
