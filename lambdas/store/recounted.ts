// What the last recount of an org found, and when one was begun, stored with the org's settings.
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import { type RecountBegun, type Recounted, recountBegunSchema, recountedSchema } from '../../contract/recounted.ts'
import { recountBegunKey, recountedKey } from './setting-keys.ts'

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

export async function findRecountBegun(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
): Promise<RecountBegun | undefined> {
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: marshall(recountBegunKey(org)) }))
  return Item === undefined ? undefined : recountBegunSchema.safeParse(unmarshall(Item)).data
}

export async function saveRecountBegun(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
  begun: RecountBegun,
): Promise<void> {
  const Item = marshall({ ...recountBegunKey(org), ...begun })
  await client.send(new PutItemCommand({ TableName: table, Item }))
}
