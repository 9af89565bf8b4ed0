// Imports that have not ended, of all orgs, and how far the bucket was looked through: what the schedule that heals goes by.
import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import { filesCursorSchema } from '../../contract/import.ts'
import {
  filesCursorKey,
  openImportKey,
  openImportPrefix,
  openImportsPartition,
  parseOpenImportSort,
} from './setting-keys.ts'

export interface OpenImport {
  readonly org: OrgSlug
  readonly importId: string
}

export interface OpenImportStore {
  /** All of them, page by page. */
  readonly listOpen: () => AsyncIterable<OpenImport[]>
  /** Takes one from the list that ended. */
  readonly forgetOpen: (open: OpenImport) => Promise<void>
  /** The key of the bucket after which to go on; undefined: from the beginning. */
  readonly findCursor: () => Promise<string | undefined>
  readonly keepCursor: (after: string | undefined) => Promise<void>
}

export function makeOpenImportStore(client: DynamoDBClient, table: string): OpenImportStore {
  return {
    async *listOpen() {
      const query = {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: marshall({ ':pk': openImportsPartition, ':prefix': openImportPrefix }),
        Limit: 100,
      }
      for await (const { Items = [] } of paginateQuery({ client }, query)) {
        yield Items.flatMap((item) => parseOpenImportSort(item.sk?.S ?? '') ?? [])
      }
    },

    async forgetOpen({ org, importId }) {
      await client.send(new DeleteItemCommand({ TableName: table, Key: marshall(openImportKey(org, importId)) }))
    },

    async findCursor() {
      const command = new GetItemCommand({ TableName: table, Key: marshall(filesCursorKey), ConsistentRead: true })
      const { Item } = await client.send(command)
      return Item === undefined ? undefined : filesCursorSchema.parse(unmarshall(Item)).after
    },

    async keepCursor(after) {
      const Item = marshall({ ...filesCursorKey, after }, { removeUndefinedValues: true })
      await client.send(new PutItemCommand({ TableName: table, Item }))
    },
  }
}
