// What the last recount of an org found, stored with the org's settings.
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import { type Recounted, recountedSchema } from '../../contract/recounted.ts'
import { recountedKey } from './setting-keys.ts'

/** Undefined for an org that was never recounted, and for what cannot be read: it is recounted again. */
export async function findRecounted(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
): Promise<Recounted | undefined> {
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: marshall(recountedKey(org)) }))
  return Item === undefined ? undefined : recountedSchema.safeParse(unmarshall(Item)).data
}

export async function saveRecounted(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
  recounted: Recounted,
): Promise<void> {
  const Item = marshall({ ...recountedKey(org), ...recounted })
  await client.send(new PutItemCommand({ TableName: table, Item }))
}
