// The erasing of persons that is under way, in the `settings` table.
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { type Erasure, erasureSchema } from '../../contract/erasure.ts'
import type { OrgSlug, PersonKey } from '../../contract/ids.ts'
import { erasureKey } from './setting-keys.ts'

export interface ErasureStore {
  /** Strongly consistent. */
  find(org: OrgSlug, person: PersonKey): Promise<Erasure | undefined>
  /** Over the revision before; `changed`: another call wrote meanwhile, and nothing was written. */
  save(org: OrgSlug, person: PersonKey, erasure: Erasure): Promise<'stored' | 'changed'>
  remove(org: OrgSlug, person: PersonKey): Promise<void>
}

export function makeErasureStore(client: DynamoDBClient, table: string): ErasureStore {
  return {
    async find(org, person) {
      const Key = marshall(erasureKey(org, person))
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))
      return Item === undefined ? undefined : erasureSchema.parse(unmarshall(Item))
    },

    async save(org, person, erasure) {
      const put = new PutItemCommand({
        TableName: table,
        Item: marshall({ ...erasure, ...erasureKey(org, person) }, { removeUndefinedValues: true }),
        ...(erasure.revision === 0
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'revision = :before',
              ExpressionAttributeValues: marshall({ ':before': erasure.revision - 1 }),
            }),
      })
      try {
        await client.send(put)
        return 'stored'
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'changed'
        throw error
      }
    },

    async remove(org, person) {
      await client.send(new DeleteItemCommand({ TableName: table, Key: marshall(erasureKey(org, person)) }))
    },
  }
}
