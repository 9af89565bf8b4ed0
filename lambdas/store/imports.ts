// The ledger of imports in the `settings` table: what was dropped, which ranges are to be loaded and which are. A range moves
// from pending to done in one transaction, so what it came to is stored once, whoever else loads it too.
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type * as z from 'zod/mini'
import type { OrgSlug } from '../../contract/ids.ts'
import {
  type FileImport,
  type FileRange,
  fileImportSchema,
  fileRangeSchema,
  type ImportStatus,
  type RangeResult,
  rangeResultSchema,
} from '../../contract/import.ts'
import { batchWrite } from './batch-write.ts'
import { toImportItem } from './import-item.ts'
import { type ImportProgressStore, makeImportProgressStore } from './import-progress.ts'
import type { Key } from './key.ts'
import { importKey, importPrefix, openImportKey, rangeKey, rangePartition, rangePrefix } from './setting-keys.ts'

export interface ImportStore extends ImportProgressStore {
  readonly find: (org: OrgSlug, importId: string) => Promise<FileImport | undefined>
  /** Stores an import unless it is known; answers the one that stands then. */
  readonly begin: (begun: FileImport) => Promise<FileImport>
  /** Stores an import over one that still has one of these statuses; false when it has another by now. */
  readonly replace: (next: FileImport, over: readonly ImportStatus[]) => Promise<boolean>
  readonly addPending: (of: FileImport, ranges: readonly FileRange[]) => Promise<void>
  readonly findPending: (org: OrgSlug, importId: string, number: number) => Promise<FileRange | undefined>
  /** In order; at most `limit`. */
  readonly readPending: (org: OrgSlug, importId: string, limit?: number) => Promise<FileRange[]>
  /** Moves a range from pending to done. What is done already stays as it is. */
  readonly finishRange: (of: FileImport, result: RangeResult) => Promise<void>
  readonly readDone: (org: OrgSlug, importId: string) => Promise<RangeResult[]>
  /** The newest first, after `next` of the page before. */
  readonly list: (org: OrgSlug, limit: number, next?: string) => Promise<{ imports: FileImport[]; next?: string }>
}

export function makeImportStore(client: DynamoDBClient, table: string): ImportStore {
  const find = async <S extends z.ZodMiniType>(schema: S, key: Key): Promise<z.infer<S> | undefined> => {
    const command = new GetItemCommand({ TableName: table, Key: marshall(key), ConsistentRead: true })
    const { Item } = await client.send(command)
    return Item === undefined ? undefined : schema.parse(unmarshall(Item))
  }
  const readRanges = async <S extends z.ZodMiniType>(
    schema: S,
    org: OrgSlug,
    importId: string,
    state: keyof typeof rangePrefix,
    limit = Number.POSITIVE_INFINITY,
  ): Promise<z.infer<S>[]> => {
    const query = {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: marshall({ ':pk': rangePartition(org, importId), ':prefix': rangePrefix[state] }),
      ...(Number.isFinite(limit) && { Limit: limit }),
    }
    const ranges: z.infer<S>[] = []
    for await (const { Items = [] } of paginateQuery({ client }, query)) {
      ranges.push(...Items.map((item) => schema.parse(unmarshall(item))))
      if (ranges.length >= limit) break
    }
    return ranges
  }

  return {
    ...makeImportProgressStore(client, table),
    find: (org, importId) => find(fileImportSchema, importKey(org, importId)),

    async begin(begun) {
      await client.send(new PutItemCommand({ TableName: table, Item: openItem(begun) }))
      try {
        const Item = toImportItem(importKey(begun.org, begun.importId), begun, begun)
        const ConditionExpression = 'attribute_not_exists(pk)'
        await client.send(new PutItemCommand({ TableName: table, Item, ConditionExpression }))
        return begun
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error
        return (await find(fileImportSchema, importKey(begun.org, begun.importId))) ?? begun
      }
    },

    async replace(next, over) {
      const names = over.map((_, at) => `:s${at}`)
      const put = {
        TableName: table,
        Item: toImportItem(importKey(next.org, next.importId), next, next),
        ConditionExpression: `#status IN (${names.join(', ')})`,
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: marshall(Object.fromEntries(over.map((status, at) => [`:s${at}`, status]))),
      }
      try {
        if (next.status === 'planning' || next.status === 'loading') {
          await client.send(new PutItemCommand({ TableName: table, Item: openItem(next) }))
          await client.send(new PutItemCommand(put))
        } else {
          // At once, so that whoever takes it up again right after is not struck from the list.
          const Key = marshall(openImportKey(next.org, next.importId))
          const TransactItems = [{ Put: put }, { Delete: { TableName: table, Key } }]
          await client.send(new TransactWriteItemsCommand({ TransactItems }))
        }
        return true
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException || isFirstRefused(error)) return false
        throw error
      }
    },

    addPending: (of, ranges) =>
      batchWrite(
        client,
        table,
        ranges.map((range) => {
          const key = rangeKey(of.org, of.importId, 'pending', range.number)
          return { PutRequest: { Item: toImportItem(key, range, of) } }
        }),
      ),

    findPending: (org, importId, number) => find(fileRangeSchema, rangeKey(org, importId, 'pending', number)),
    readPending: (org, importId, limit) => readRanges(fileRangeSchema, org, importId, 'pending', limit),
    readDone: (org, importId) => readRanges(rangeResultSchema, org, importId, 'done'),

    async finishRange(of, result) {
      const pending = marshall(rangeKey(of.org, of.importId, 'pending', result.number))
      const done = rangeKey(of.org, of.importId, 'done', result.number)
      const ConditionExpression = 'attribute_not_exists(pk)'
      try {
        await client.send(
          new TransactWriteItemsCommand({
            TransactItems: [
              { Put: { TableName: table, Item: toImportItem(done, result, of), ConditionExpression } },
              { Delete: { TableName: table, Key: pending } },
            ],
          }),
        )
      } catch (error) {
        if (!isFirstRefused(error)) throw error
        // A plan that was made twice may have set it pending again.
        await client.send(new DeleteItemCommand({ TableName: table, Key: pending }))
      }
    },

    async list(org, limit, next) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: marshall({ ':pk': org, ':prefix': importPrefix }),
          ScanIndexForward: false,
          Limit: limit,
          ...(next !== undefined && { ExclusiveStartKey: marshall(importKey(org, next)) }),
        }),
      )
      const imports = Items.map((item) => fileImportSchema.parse(unmarshall(item)))
      const last = imports.at(-1)?.importId
      return { imports, ...(LastEvaluatedKey !== undefined && last !== undefined && { next: last }) }
    },
  }
}

/** Listed first and written then: one too many in the list is struck from it, one too few would never be healed. */
function openItem(of: FileImport) {
  return toImportItem(openImportKey(of.org, of.importId), {}, of)
}

/** Whether a transaction was refused for the condition on its first item. */
function isFirstRefused(error: unknown): boolean {
  return (
    error instanceof TransactionCanceledException && error.CancellationReasons?.[0]?.Code === 'ConditionalCheckFailed'
  )
}
