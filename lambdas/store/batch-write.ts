// Writes and deletes many items, until DynamoDB has taken every one of them. Not atomic, without conditions.
import { setTimeout } from 'node:timers/promises'
import { BatchWriteItemCommand, type DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb'

/** DynamoDB's limit for one BatchWriteItem. */
const itemsPerCall = 25
const callsAtOnce = 8
/** With pauses that double, the last ones a second and a half: capacity that is short for longer is a fault. */
const maxRounds = 10
const firstPauseMs = 25
const longestPauseMs = 1_500

/** Writes some different items. @throws when the table cannot take them; some are written then, and all may be given again */
export async function batchWrite(
  client: DynamoDBClient,
  table: string,
  requests: readonly WriteRequest[],
  abortSignal?: AbortSignal,
): Promise<void> {
  let pending = requests
  for (let round = 0; pending.length > 0; round++) {
    if (round === maxRounds) throw new Error(`the table left ${pending.length} items unwritten ${maxRounds} times`)
    if (round > 0)
      await setTimeout(
        Math.min(longestPauseMs, firstPauseMs * 2 ** round),
        undefined,
        abortSignal && { signal: abortSignal },
      )
    pending = await writeRound(client, table, pending, abortSignal)
  }
}

/** One try for each; answers what was left undone. */
async function writeRound(
  client: DynamoDBClient,
  table: string,
  requests: readonly WriteRequest[],
  abortSignal: AbortSignal | undefined,
): Promise<WriteRequest[]> {
  const undone: WriteRequest[] = []
  let next = 0
  const lane = async () => {
    while (next < requests.length) {
      const chunk = requests.slice(next, next + itemsPerCall)
      next += itemsPerCall
      const command = new BatchWriteItemCommand({ RequestItems: { [table]: chunk } })
      const { UnprocessedItems } = await client.send(command, { ...(abortSignal && { abortSignal }) })
      undone.push(...(UnprocessedItems?.[table] ?? []))
    }
  }
  await Promise.all(Array.from({ length: callsAtOnce }, lane))
  return undone
}
