// How far an import got: when it last got further, and the passes that were counted. Beside the import and its ranges, so that
// many may write at once without one of them writing over another.
import { type DynamoDBClient, GetItemCommand, PutItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import { type FileImport, importProgressSchema, type PassCount, passCountSchema } from '../../contract/import.ts'
import { toImportItem } from './import-item.ts'
import { passKey, passPrefix, progressKey, rangePartition } from './setting-keys.ts'

export interface ImportProgressStore {
  readonly noteProgress: (of: FileImport, atMs: number) => Promise<void>
  /** When it last got further. */
  readonly findProgress: (org: OrgSlug, importId: string) => Promise<number | undefined>
  readonly keepPass: (of: FileImport, count: PassCount) => Promise<void>
  /** Passes over the looks at so many ranges. */
  readonly readPasses: (org: OrgSlug, importId: string, done: number) => Promise<PassCount[]>
}

export function makeImportProgressStore(client: DynamoDBClient, table: string): ImportProgressStore {
  const put = async (Item: ReturnType<typeof toImportItem>) => {
    await client.send(new PutItemCommand({ TableName: table, Item }))
  }
  return {
    noteProgress: (of, atMs) => put(toImportItem(progressKey(of.org, of.importId), { atMs }, of)),

    async findProgress(org, importId) {
      const command = new GetItemCommand({
        TableName: table,
        Key: marshall(progressKey(org, importId)),
        ConsistentRead: true,
      })
      const { Item } = await client.send(command)
      return Item === undefined ? undefined : importProgressSchema.parse(unmarshall(Item)).atMs
    },

    keepPass: (of, count) => put(toImportItem(passKey(of.org, of.importId, count.done, count.pass), count, of)),

    async readPasses(org, importId, done) {
      const query = {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: marshall({ ':pk': rangePartition(org, importId), ':prefix': passPrefix(done) }),
      }
      const passes: PassCount[] = []
      for await (const { Items = [] } of paginateQuery({ client }, query)) {
        passes.push(...Items.map((item) => passCountSchema.parse(unmarshall(item))))
      }
      return passes
    },
  }
}
