// The `settings` table: what an org stores about itself. Read strongly consistent, because callers keep what they read for
// a while. Writes keep the two promises of the shapes: a copy's text never changes, a source has one template.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type * as z from 'zod/mini'
import { allocationSchema } from '../../contract/allocation.ts'
import { type ApiKey, apiKeySchema } from '../../contract/api-key.ts'
import type { OrgSlug, SourceRef, TemplateId } from '../../contract/ids.ts'
import { type Integration, integrationSchema } from '../../contract/integration.ts'
import { type Org, orgSchema } from '../../contract/org.ts'
import { type Template, templateSchema, type Variant, variantSchema } from '../../contract/template.ts'
import type { TemplateCopies } from '../domain/copy/choose-copy.ts'
import type { Key } from './key.ts'
import {
  allocationKey,
  apiKeyKey,
  integrationKey,
  orgKey,
  templateKey,
  templatePrefix,
  variantKey,
} from './setting-keys.ts'

/** `conflict`: the write would have changed what must not change; nothing was written. */
export type SettingWritten = 'stored' | 'conflict'

/** Reads and writes settings. A signal ends a read early, which throws. */
export interface SettingsStore {
  readonly findOrg: (org: OrgSlug, signal?: AbortSignal) => Promise<Org | undefined>
  readonly findApiKey: (org: OrgSlug, keyId: string, signal?: AbortSignal) => Promise<ApiKey | undefined>
  /** A template with all its copies, archived ones too, and the weights in force. */
  readonly findTemplate: (
    org: OrgSlug,
    templateId: TemplateId,
    signal?: AbortSignal,
  ) => Promise<TemplateCopies | undefined>
  readonly findIntegration: (org: OrgSlug, source: SourceRef, signal?: AbortSignal) => Promise<Integration | undefined>
  readonly putOrg: (org: Org) => Promise<void>
  /** Also how a key is revoked: put it again with `revokedAtMs`. */
  readonly putApiKey: (org: OrgSlug, key: ApiKey) => Promise<void>
  readonly putTemplate: (org: OrgSlug, template: Template) => Promise<void>
  /** `conflict` when the copy exists with another text or arm: that needs a new id. */
  readonly putVariant: (org: OrgSlug, templateId: TemplateId, variant: Variant) => Promise<SettingWritten>
  /** `conflict` when another template has the source. */
  readonly putIntegration: (org: OrgSlug, integration: Integration) => Promise<SettingWritten>
}

export function makeSettingsStore(client: DynamoDBClient, table: string): SettingsStore {
  const find = async <S extends z.ZodMiniType>(
    schema: S,
    key: Key,
    abortSignal?: AbortSignal,
  ): Promise<z.infer<S> | undefined> => {
    const command = new GetItemCommand({ TableName: table, Key: marshall(key), ConsistentRead: true })
    const { Item } = await client.send(command, { ...(abortSignal && { abortSignal }) })
    return Item === undefined ? undefined : schema.parse(unmarshall(Item))
  }
  const put = async (key: Key, setting: object): Promise<void> => {
    await client.send(new PutItemCommand({ TableName: table, Item: toItem(key, setting) }))
  }
  /** Writes unless an item stands there that differs in one of `fixed`. */
  const putKeeping = async (key: Key, setting: object, fixed: Readonly<Record<string, unknown>>) => {
    const names = Object.keys(fixed)
    const same = names.map((_, at) => `#${at} = :${at}`).join(' AND ')
    const command = new PutItemCommand({
      TableName: table,
      Item: toItem(key, setting),
      ConditionExpression: `attribute_not_exists(pk) OR (${same})`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name, at) => [`#${at}`, name])),
      ExpressionAttributeValues: marshall(
        Object.fromEntries(Object.values(fixed).map((value, at) => [`:${at}`, value])),
      ),
    })
    return client.send(command).then(
      () => 'stored' as const,
      (error: unknown) => {
        if (error instanceof ConditionalCheckFailedException) return 'conflict' as const
        throw error
      },
    )
  }
  return {
    findOrg: (org, signal) => find(orgSchema, orgKey(org), signal),
    findApiKey: (org, keyId, signal) => find(apiKeySchema, apiKeyKey(org, keyId), signal),
    findTemplate: (org, templateId, signal) => findTemplate(client, table, org, templateId, signal),
    findIntegration: (org, source, signal) => find(integrationSchema, integrationKey(org, source), signal),
    putOrg: (org) => put(orgKey(org.org), org),
    putApiKey: (org, key) => put(apiKeyKey(org, key.keyId), key),
    putTemplate: (org, template) => put(templateKey(org, template.templateId), template),
    putVariant: (org, templateId, variant) =>
      putKeeping(variantKey(org, templateId, variant.copyId), variant, { vars: variant.vars, arm: variant.arm }),
    putIntegration: (org, integration) =>
      putKeeping(integrationKey(org, integration.source), integration, { templateId: integration.templateId }),
  }
}

async function findTemplate(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
  templateId: TemplateId,
  abortSignal?: AbortSignal,
): Promise<TemplateCopies | undefined> {
  const own = templateKey(org, templateId)
  const items: Record<string, unknown>[] = []
  let start: QueryCommandInput['ExclusiveStartKey']
  do {
    const command = new QueryCommand({
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: marshall({ ':pk': own.pk, ':prefix': templatePrefix(templateId) }),
      ExclusiveStartKey: start,
    })
    const page: QueryCommandOutput = await client.send(command, { ...(abortSignal && { abortSignal }) })
    items.push(...(page.Items ?? []).map((item) => unmarshall(item)))
    start = page.LastEvaluatedKey
  } while (start)
  const template = items.find(({ sk }) => sk === own.sk)
  if (template === undefined) return undefined
  const weighing = allocationKey(org, templateId).sk
  const allocation = items.find(({ sk }) => sk === weighing)
  const variants = items.filter(({ sk }) => sk !== own.sk && sk !== weighing).map((item) => variantSchema.parse(item))
  return {
    template: templateSchema.parse(template),
    variants,
    ...(allocation && { allocation: allocationSchema.parse(allocation) }),
  }
}

function toItem(key: Key, setting: object) {
  return marshall({ ...setting, ...key }, { removeUndefinedValues: true })
}
