// What of an org comes from which source; apart from the other lists, because measuring anew needs no other.
import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import { type Integration, integrationSchema } from '../../contract/integration.ts'
import { settingPrefixes } from './setting-keys.ts'

/** Which source belongs to which template. Strongly consistent. */
export async function listIntegrations(client: DynamoDBClient, table: string, org: OrgSlug): Promise<Integration[]> {
  const items = await listSettings(client, table, org, settingPrefixes.integration)
  return items.map((item) => integrationSchema.parse(item))
}

/** Settings of an org of one kind, as they are stored. Strongly consistent. */
export async function listSettings(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
  prefix: string,
): Promise<Record<string, unknown>[]> {
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: marshall({ ':pk': org, ':prefix': prefix }),
  }
  const found: Record<string, unknown>[] = []
  for await (const { Items = [] } of paginateQuery({ client }, query)) {
    found.push(...Items.map((item) => unmarshall(item)))
  }
  return found
}
