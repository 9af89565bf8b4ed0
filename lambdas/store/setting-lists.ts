// The settings of one kind of an org, all of them: there are tens, not thousands. Read strongly consistent.
import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type * as z from 'zod/mini'
import { type ApiKey, apiKeySchema } from '../../contract/api-key.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import { type Integration, integrationSchema } from '../../contract/integration.ts'
import { settingPrefixes } from './keys.ts'

export interface SettingLists {
  readonly listApiKeys: (org: OrgSlug) => Promise<ApiKey[]>
  readonly listIntegrations: (org: OrgSlug) => Promise<Integration[]>
}

export function makeSettingLists(client: DynamoDBClient, table: string): SettingLists {
  const list = async <S extends z.ZodMiniType>(schema: S, org: OrgSlug, prefix: string): Promise<z.infer<S>[]> => {
    const found: z.infer<S>[] = []
    const query = {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: marshall({ ':pk': org, ':prefix': prefix }),
    }
    for await (const page of paginateQuery({ client }, query)) {
      found.push(...(page.Items ?? []).map((item) => schema.parse(unmarshall(item))))
    }
    return found
  }
  return {
    listApiKeys: (org) => list(apiKeySchema, org, settingPrefixes.apiKey),
    listIntegrations: (org) => list(integrationSchema, org, settingPrefixes.integration),
  }
}
