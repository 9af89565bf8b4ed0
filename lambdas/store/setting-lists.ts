// The settings of one kind of an org, all of them: there are tens, not thousands. Read strongly consistent.
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type * as z from 'zod/mini'
import { type ApiKey, apiKeySchema } from '../../contract/api-key.ts'
import { type AuditEntry, auditEntrySchema } from '../../contract/audit.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import type { Integration } from '../../contract/integration.ts'
import { type Template, templateSchema } from '../../contract/template.ts'
import { listIntegrations, listSettings } from './integrations.ts'
import { auditMark, auditRange, isTemplateSort, settingPrefixes } from './setting-keys.ts'

export interface SettingLists {
  readonly listApiKeys: (org: OrgSlug) => Promise<ApiKey[]>
  readonly listIntegrations: (org: OrgSlug) => Promise<Integration[]>
  /** Without their copy. */
  readonly listTemplates: (org: OrgSlug) => Promise<Template[]>
  /** Newest first, from `next` of the page before on. */
  readonly listAudit: (org: OrgSlug, limit: number, next?: string) => Promise<AuditPage>
}

export interface AuditPage {
  readonly entries: AuditEntry[]
  readonly next?: string | undefined
}

export function makeSettingLists(client: DynamoDBClient, table: string): SettingLists {
  const items = (org: OrgSlug, prefix: string) => listSettings(client, table, org, prefix)
  const list = async <S extends z.ZodMiniType>(schema: S, org: OrgSlug, prefix: string): Promise<z.infer<S>[]> =>
    (await items(org, prefix)).map((item) => schema.parse(item))
  return {
    listApiKeys: (org) => list(apiKeySchema, org, settingPrefixes.apiKey),
    listIntegrations: (org) => listIntegrations(client, table, org),
    async listTemplates(org) {
      const found = await items(org, settingPrefixes.template)
      return found.filter(({ sk }) => isTemplateSort(String(sk))).map((item) => templateSchema.parse(item))
    },
    async listAudit(org, limit, next) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          ScanIndexForward: false,
          Limit: limit + 1,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
          ExpressionAttributeValues: marshall({ ':pk': org, ...auditRange(next) }),
        }),
      )
      const found = Items.map((item) => unmarshall(item))
      const page = found.slice(0, limit).map((item) => auditEntrySchema.parse(item))
      return { entries: page, ...(found.length > limit && { next: auditMark(String(found[limit]?.sk)) }) }
    },
  }
}
