// That webhook calls of an org were refused, why and when, in the `events` table: one item per reason and hour. Not a count:
// whoever sends junk must not be able to make us count it.
import { type DynamoDBClient, PutItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import * as z from 'zod/mini'
import type { OrgSlug } from '../../contract/ids.ts'
import { ttlAttribute } from '../../contract/tables.ts'
import type { Refusal } from '../domain/health-facts.ts'
import { refusalKey, refusalPartition } from './event-keys.ts'

const keptSeconds = 7 * 86_400
const refusalSchema = z.object({ why: z.string(), atMs: z.number() })

/** Notes one; apart from the list, because the webhook carries it. */
export function makeRefusalNotes(client: DynamoDBClient, table: string) {
  return async (org: OrgSlug, why: string, atMs: number, abortSignal?: AbortSignal): Promise<void> => {
    const ttl = { [ttlAttribute]: Math.floor(atMs / 1_000) + keptSeconds }
    const Item = marshall({ ...refusalKey(org, why, atMs), kind: 'refusal', why, atMs, ...ttl })
    await client.send(new PutItemCommand({ TableName: table, Item }), { ...(abortSignal && { abortSignal }) })
  }
}

/** One entry per reason that was seen within the last days. */
export async function listRefusals(client: DynamoDBClient, table: string, org: OrgSlug): Promise<Refusal[]> {
  const found = new Map<string, Refusal>()
  const query = {
    TableName: table,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: marshall({ ':pk': refusalPartition(org) }),
  }
  for await (const page of paginateQuery({ client }, query)) {
    for (const { why, atMs } of (page.Items ?? []).map((item) => refusalSchema.parse(unmarshall(item)))) {
      const known = found.get(why)
      const firstAtMs = Math.min(atMs, known?.firstAtMs ?? atMs)
      found.set(why, { why, firstAtMs, lastAtMs: Math.max(atMs, known?.lastAtMs ?? atMs) })
    }
  }
  return [...found.values()]
}
