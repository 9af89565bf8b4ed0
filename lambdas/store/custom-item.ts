// A custom event as an item of the `events` table, and back. The same event is the same item, to the byte, so that writing it
// again changes nothing and wakes nobody.
import { gunzipSync, gzipSync } from 'node:zlib'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { type CustomEvent, customEventSchema } from '../../contract/custom-event.ts'
import type { Key } from './key.ts'

/** Up to here a typical item stays within one write unit (1,024 bytes) as text. */
const maxTextBytes = 512

/** By hand, because a file has millions of rows and `marshall` asks each value what it is. */
export function toCustomItem({ pk, sk }: Key, event: CustomEvent): Record<string, AttributeValue> {
  const item: Record<string, AttributeValue> = { pk: { S: pk }, sk: { S: sk } }
  const { atMs, properties, ...texts } = event
  for (const [name, text] of Object.entries(texts)) if (text !== undefined) item[name] = { S: text }
  item.atMs = { N: String(atMs) }
  if (properties !== undefined) item.properties = toStoredText(properties)
  return item
}

/** Undefined for an item that is no custom event, or one that cannot be read. */
export function toCustomEvent(item: Record<string, unknown>): CustomEvent | undefined {
  const parsed = customEventSchema.safeParse(item)
  return parsed.success ? parsed.data : undefined
}

/** The JSON text of an event's properties, as it was given; undefined when there are none. */
export function readProperties({ properties }: CustomEvent): string | undefined {
  return properties instanceof Uint8Array ? gunzipSync(properties).toString('utf8') : properties
}

function toStoredText(text: string | Uint8Array): AttributeValue {
  if (typeof text !== 'string') return { B: text }
  return Buffer.byteLength(text) <= maxTextBytes ? { S: text } : { B: gzipSync(text) }
}
