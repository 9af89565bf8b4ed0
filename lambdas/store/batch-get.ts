// Reads many items by key, strongly consistent, until DynamoDB has given every one of them.
import { setTimeout } from 'node:timers/promises'
import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { Key } from './key.ts'

/** DynamoDB's limit for one BatchGetItem. */
const keysPerCall = 100
/** Keys are left unread when capacity is short; a moment helps. */
const unprocessedPauseMs = 25

/** The items that stand under some different keys, in no order; a key without an item is left out. */
export async function batchGet(
  client: DynamoDBClient,
  table: string,
  keys: readonly Key[],
  abortSignal?: AbortSignal,
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = []
  let pending = keys.map((key) => marshall(key))
  while (pending.length > 0) {
    const RequestItems = { [table]: { Keys: pending.slice(0, keysPerCall), ConsistentRead: true } }
    const answer = await client.send(new BatchGetItemCommand({ RequestItems }), {
      ...(abortSignal && { abortSignal }),
    })
    items.push(...(answer.Responses?.[table] ?? []).map((item) => unmarshall(item)))
    const unprocessed = answer.UnprocessedKeys?.[table]?.Keys ?? []
    if (unprocessed.length > 0) await setTimeout(unprocessedPauseMs)
    pending = [...unprocessed, ...pending.slice(keysPerCall)]
  }
  return items
}
