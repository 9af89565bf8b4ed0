// The deliveries that a restatement has to look at, by source and day: found through the results, which know the days, and
// the index of outcomes, which knows the deliveries of one.
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { type OrgSlug, sourceRefSchema } from '../../contract/ids.ts'
import type { RestatementCursor } from '../../contract/restatement.ts'
import type { ResultScope } from '../../contract/result-cell.ts'
import { outcomesBySource } from '../../contract/tables.ts'
import { parseOutcomeSort, sourcePartition } from './outcome-keys.ts'
import { resultsDayOf, resultsPartition } from './result-keys.ts'

export interface DeliveryPage {
  readonly deliveries: readonly string[]
  /** Where the next page begins; absent when the shard has no more. */
  readonly after?: string
}

const deliveriesPerPage = 100

export function makeRestatedDeliveries(client: DynamoDBClient, tables: { outcomes: string; results: string }) {
  return {
    /** The first day after `day` on which one of some scopes has results; undefined when none has. */
    async nextDay(org: OrgSlug, scopes: readonly ResultScope[], day: string): Promise<string | undefined> {
      const days = await Promise.all(scopes.map((scope) => nextDayOf(client, tables.results, org, scope, day)))
      return days.filter((found) => found !== undefined).toSorted()[0]
    },

    /** Eventually consistent, as every index is: the second pass comes later. */
    async readPage(org: OrgSlug, { source, day, shard, after }: RestatementCursor): Promise<DeliveryPage> {
      const partition = sourcePartition(org, sourceRefSchema.parse(source), day, shard)
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: tables.outcomes,
          IndexName: outcomesBySource.name,
          KeyConditionExpression: '#source = :source AND sk > :after',
          ExpressionAttributeNames: { '#source': outcomesBySource.partition },
          ExpressionAttributeValues: marshall({ ':source': partition, ':after': after === '' ? ' ' : after }),
          Limit: deliveriesPerPage,
        }),
      )
      const sorts = Items.flatMap(({ sk }) => sk?.S ?? [])
      const last = sorts.at(-1)
      return {
        deliveries: [...new Set(sorts.map(deliveryOf))],
        ...(LastEvaluatedKey !== undefined && last !== undefined && { after: last }),
      }
    },
  }
}

async function nextDayOf(client: DynamoDBClient, table: string, org: OrgSlug, scope: ResultScope, day: string) {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk > :day',
      ExpressionAttributeValues: marshall({ ':pk': resultsPartition(org, scope), ':day': `${day}#~` }),
      Limit: 1,
    }),
  )
  const sk = Items[0]?.sk?.S
  return sk === undefined ? undefined : resultsDayOf(sk)
}

/** `send:<delivery>`, `unsent:<delivery>` and `action:<delivery>` are of one delivery. */
function deliveryOf(sk: string): string {
  const { subject } = parseOutcomeSort(sk)
  return subject.slice(subject.indexOf(':') + 1)
}
