// What happened lately: keys from the index by source and day, then the outcomes they name. The index trails the table by
// moments, which a feed may.
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug, SourceRef, TemplateId } from '../../contract/ids.ts'
import { outcomesBySource, sourceShards } from '../../contract/tables.ts'
import type { Placed } from '../domain/measuring/place-outcomes.ts'
import { batchGet } from './batch-get.ts'
import { dayOf, type Key } from './key.ts'
import { parsePersonPartition, sourcePartition } from './outcome-keys.ts'
import { toStored } from './outcomes.ts'

type Source = SourceRef | `template:${TemplateId}`

const dayMs = 86_400_000
/** Partitions of the index read at once. */
const atOnce = 32

/** The newest outcomes of some sources since an instant, at most `limit`: day by day back, until there are enough. */
export function makeReadLately(client: DynamoDBClient, table: string, now: () => number) {
  return async (org: OrgSlug, sources: readonly Source[], sinceMs: number, limit: number): Promise<Placed[]> => {
    const keys: Key[] = []
    for (let atMs = now(); dayOf(atMs) >= dayOf(sinceMs) && keys.length < limit; atMs -= dayMs) {
      const partitions = sources.flatMap((source) =>
        Array.from({ length: sourceShards }, (_, shard) => sourcePartition(org, source, dayOf(atMs), shard)),
      )
      keys.push(...(await newestOf(client, table, partitions, sinceMs, limit)))
    }
    const newest = keys.toSorted((a, b) => (a.sk < b.sk ? 1 : -1)).slice(0, limit)
    const items = await batchGet(client, table, newest)
    return items.map((item) => toStored(parsePersonPartition(String(item.pk)), item))
  }
}

async function newestOf(
  client: DynamoDBClient,
  table: string,
  partitions: readonly string[],
  sinceMs: number,
  limit: number,
) {
  const found: Key[] = []
  for (let at = 0; at < partitions.length; at += atOnce) {
    const pages = partitions
      .slice(at, at + atOnce)
      .map((partition) => newestIn(client, table, partition, sinceMs, limit))
    found.push(...(await Promise.all(pages)).flat())
  }
  return found
}

async function newestIn(client: DynamoDBClient, table: string, partition: string, sinceMs: number, limit: number) {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: outcomesBySource.name,
      KeyConditionExpression: '#source = :source AND sk >= :since',
      ExpressionAttributeNames: { '#source': outcomesBySource.partition },
      ExpressionAttributeValues: marshall({ ':source': partition, ':since': String(sinceMs).padStart(13, '0') }),
      ScanIndexForward: false,
      Limit: limit,
    }),
  )
  return Items.map((item) => unmarshall(item)).map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) }))
}
