// When a key was last used, to the hour: one conditional write per key and hour, whoever notices first.
import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import { apiKeyKey } from './setting-keys.ts'

/** Writes the hour unless it, or a later one, is written. A key that does not exist stays so. */
export function makeNoteKeyUse(client: DynamoDBClient, table: string) {
  return async (org: OrgSlug, keyId: string, hourMs: number): Promise<void> => {
    const command = new UpdateItemCommand({
      TableName: table,
      Key: marshall(apiKeyKey(org, keyId)),
      UpdateExpression: 'SET lastUsedHourMs = :hour',
      ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(lastUsedHourMs) OR lastUsedHourMs < :hour)',
      ExpressionAttributeValues: marshall({ ':hour': hourMs }),
    })
    await client.send(command).catch((error: unknown) => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
    })
  }
}
