// Exports in the `settings` table: one item per day of an org, written over the revision that was read; and the marks that
// erasures leave on days.
import { randomUUID } from 'node:crypto'
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { expiresAt } from '../../contract/expiry.ts'
import { type ExportDay, exportDaySchema } from '../../contract/export.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import { ttlAttribute } from '../../contract/tables.ts'
import { listErasedDays } from './erased-days.ts'
import { exportDayKey, exportDayPrefix } from './setting-keys.ts'

export interface DaySpan {
  readonly from: string
  readonly to: string
}

export function makeExportStore(client: DynamoDBClient, table: string, now: () => number) {
  return {
    async listExports(org: OrgSlug, { from, to }: DaySpan): Promise<ExportDay[]> {
      const days: ExportDay[] = []
      const query = {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: marshall({
          ':pk': org,
          ':from': exportDayKey(org, from).sk,
          ':to': exportDayKey(org, to).sk,
        }),
      }
      for await (const { Items = [] } of paginateQuery({ client }, query)) {
        for (const item of Items) days.push(exportDaySchema.parse(unmarshall(item)))
      }
      return days
    },

    /** Undefined when the entry is no longer the one that was read. */
    async saveExport(
      org: OrgSlug,
      day: string,
      before: ExportDay | undefined,
      next: Pick<ExportDay, 'current' | 'running' | 'refused'>,
    ): Promise<ExportDay | undefined> {
      const entry: ExportDay = { day, revision: randomUUID().slice(0, 13), ...next }
      const ttl = expiresAt('exports', now())
      const command = new PutItemCommand({
        TableName: table,
        Item: marshall({ ...entry, ...exportDayKey(org, day), [ttlAttribute]: ttl }, { removeUndefinedValues: true }),
        ...(before === undefined
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'revision = :over',
              ExpressionAttributeValues: marshall({ ':over': before.revision }),
            }),
      })
      try {
        await client.send(command)
        return entry
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined
        throw error
      }
    },

    listErasures: (org: OrgSlug) => listErasedDays(client, table, org),

    async findExport(org: OrgSlug, day: string): Promise<ExportDay | undefined> {
      const Key = marshall(exportDayKey(org, day))
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))
      return Item && exportDaySchema.parse(unmarshall(Item))
    },

    /** The latest first, from the day that the page before named on. */
    async listPage(org: OrgSlug, limit: number, next?: string): Promise<{ days: ExportDay[]; next?: string }> {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: marshall({ ':pk': org, ':prefix': exportDayPrefix }),
          ScanIndexForward: false,
          Limit: limit,
          ...(next !== undefined && { ExclusiveStartKey: marshall(exportDayKey(org, next)) }),
        }),
      )
      const days = Items.map((item) => exportDaySchema.parse(unmarshall(item)))
      const last = days.at(-1)?.day
      return { days, ...(LastEvaluatedKey !== undefined && last !== undefined && { next: last }) }
    },
  }
}
