// Appends reporting webhooks to the `events` table: once per event id, whatever is sent again. Reads nothing.
import { gunzipSync, gzipSync } from 'node:zlib'
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import { maxStoredBodyBytes } from '../../contract/limits.ts'
import type { MessageEvent } from '../../contract/stored-event.ts'
import type { AcceptedBody } from '../domain/events/classify-body.ts'
import { messageKey, personEventKey } from './event-keys.ts'
import type { Key } from './key.ts'

/**
 * `duplicate`: the same event is stored already; `conflict`: another one under the same id, which stays. `too_large`: not
 * even gzipped does it fit an item; `unstorable`: the table refuses this item, and would again.
 */
export type Appended = 'stored' | 'duplicate' | 'conflict' | 'too_large' | 'unstorable'

export interface EventStore {
  /** @throws what the SDK throws when the table cannot answer; the event is then stored or not, and may be sent again. */
  append(org: OrgSlug, accepted: AcceptedBody, receivedAtMs: number, signal: AbortSignal): Promise<Appended>
}

/** Up to here the item stays within one write unit (1,024 bytes) as text, keys and attributes included. */
const maxTextBytes = 768

export function makeEventStore(client: DynamoDBClient, table: string): EventStore {
  return {
    async append(org, accepted, receivedAtMs, signal) {
      const body = toStoredBody(accepted.text)
      if (body === undefined) return 'too_large'
      const { pk, sk } = acceptedKey(org, accepted)
      const put = new PutItemCommand({
        TableName: table,
        Item: {
          pk: { S: pk },
          sk: { S: sk },
          kind: { S: 'message' },
          body,
          digest: { S: accepted.digest },
          receivedAtMs: { N: String(receivedAtMs) },
        },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      })
      try {
        await client.send(put, { abortSignal: signal })
        return 'stored'
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) {
          return error.Item?.digest?.S === accepted.digest ? 'duplicate' : 'conflict'
        }
        if (error instanceof Error && error.name === 'ValidationException') return 'unstorable'
        throw error
      }
    },
  }
}

/** Where an event stands. */
export function acceptedKey(org: OrgSlug, { eventId, subject }: AcceptedBody): Key {
  return subject.kind === 'delivery'
    ? messageKey(org, subject.deliveryId, eventId)
    : personEventKey(org, subject.person, eventId)
}

/** The JSON text of a stored event, as it was received. */
export function readStoredBody({ body }: MessageEvent): string {
  return typeof body === 'string' ? body : gunzipSync(body).toString('utf8')
}

function toStoredBody(text: string): AttributeValue | undefined {
  if (Buffer.byteLength(text) <= maxTextBytes) return { S: text }
  const zipped = gzipSync(text)
  return zipped.byteLength <= maxStoredBodyBytes ? { B: zipped } : undefined
}
