// What the last recount of an org found, how far one is and when it was begun, stored with the org's settings.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import {
  type RecountBegun,
  type Recounted,
  type RecountRun,
  recountBegunSchema,
  recountedSchema,
  recountRunSchema,
} from '../../contract/recounted.ts'
import { recountBegunKey, recountedKey, recountRunKey } from './setting-keys.ts'

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
  const Item = marshall({ ...recountedKey(org), ...recounted }, { removeUndefinedValues: true })
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

/** Undefined also for what cannot be read: the recount is begun anew. */
export async function findRecountRun(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
): Promise<RecountRun | undefined> {
  const Key = marshall(recountRunKey(org))
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))
  return Item === undefined ? undefined : recountRunSchema.safeParse(unmarshall(Item)).data
}

/**
 * Keeps the next step of a run: over the step before, or, the first, over any other run. `overtaken`: another call is at work
 * on the org, and nothing was kept.
 */
export async function saveRecountRun(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
  run: RecountRun,
): Promise<'saved' | 'overtaken'> {
  const Item = marshall({ ...recountRunKey(org), ...run }, { removeUndefinedValues: true })
  const over = {
    ConditionExpression: 'id = :id AND revision = :before',
    ExpressionAttributeValues: marshall({ ':id': run.id, ':before': run.revision - 1 }),
  }
  try {
    await client.send(new PutItemCommand({ TableName: table, Item, ...(run.revision > 0 && over) }))
    return 'saved'
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'overtaken'
    throw error
  }
}
