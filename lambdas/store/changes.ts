// Changes of settings: written over exactly what they were made from, together with their entry in the audit log, or not
// at all.
import { randomBytes } from 'node:crypto'
import {
  type DynamoDBClient,
  GetItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { StoredAllocation } from '../../contract/allocation.ts'
import type { ApiKey } from '../../contract/api-key.ts'
import type { AuditEntry } from '../../contract/audit.ts'
import type { CopyId, OrgSlug } from '../../contract/ids.ts'
import type { Integration } from '../../contract/integration.ts'
import type { Org } from '../../contract/org.ts'
import type { Template, Variant } from '../../contract/template.ts'
import { restatedByOrg, restatedByTemplate } from '../domain/measuring/restate.ts'
import { allocationPuts } from './allocations.ts'
import { isRace } from './is-race.ts'
import type { Key } from './key.ts'
import { restatementPut } from './restatements.ts'
import { apiKeyKey, auditKey, integrationKey, madeKeysKey, orgKey, templateKey, variantKey } from './setting-keys.ts'

/** `changed`: what stands there is not what the change was made from; nothing was written. */
export type Changed = 'stored' | 'changed'

/** A setting that knows its revision; absent is 0. */
interface Revised {
  readonly revision?: number | undefined
}

export interface ChangeStore {
  /**
   * Without an entry: a step of a change whose entry comes with its last step. Where custom events may count otherwise, what
   * was counted is asked to be counted anew in the same transaction.
   */
  readonly changeOrg: (before: Org, after: Org, audit?: AuditEntry) => Promise<Changed>
  /** The entry of a change that was made elsewhere, or of what is no setting. */
  readonly addAudit: (org: OrgSlug, audit: AuditEntry) => Promise<void>
  readonly createOrg: (org: Org, key: ApiKey, audit: AuditEntry) => Promise<'stored' | 'exists'>
  /** How many keys were ever made, strongly consistent: to be read before the list that decides on another. */
  readonly countMadeKeys: (org: OrgSlug) => Promise<number>
  /** A new key (no `before`) only while no more than `made` were ever made. */
  readonly changeApiKey: (
    org: OrgSlug,
    before: ApiKey | undefined,
    after: ApiKey,
    audit: AuditEntry,
    made?: number,
  ) => Promise<Changed>
  /** The sends of a source that is put or removed are asked to be measured anew in the same transaction. */
  readonly changeTemplate: (org: OrgSlug, change: TemplateWrite, audit: AuditEntry) => Promise<Changed>
  /** Weights over the version before them. */
  readonly changeAllocation: (org: OrgSlug, next: StoredAllocation, audit: AuditEntry) => Promise<Changed>
}

/** A template over its revision, with what belongs to it. */
export interface TemplateWrite {
  readonly before: Template | undefined
  readonly after: Template
  readonly putCopies?: readonly Variant[]
  readonly removeCopies?: readonly CopyId[]
  readonly putSources?: readonly Integration[]
  readonly removeSources?: readonly Integration[]
}

export function makeChangeStore(client: DynamoDBClient, table: string, now = Date.now): ChangeStore {
  const write = async (items: readonly TransactWriteItem[]): Promise<Changed> => {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: [...items] }))
      return 'stored'
    } catch (error) {
      if (isRace(error)) return 'changed'
      throw error
    }
  }
  return {
    changeOrg: (before, after, audit) =>
      write([
        replace(table, orgKey(after.org), before, after),
        ...log(table, after.org, audit),
        ...restatedByOrg(before, after).map((what) => restatementPut(table, after.org, what, now())),
      ]),
    addAudit: async (org, audit) => {
      if ((await write(log(table, org, audit))) === 'changed') throw new Error('the audit log took no entry')
    },
    createOrg: async (org, key, audit) => {
      const made = [
        replace(table, orgKey(org.org), undefined, org),
        replace(table, apiKeyKey(org.org, key.keyId), undefined, key),
      ]
      return (await write([...made, ...log(table, org.org, audit)])) === 'stored' ? 'stored' : 'exists'
    },
    async countMadeKeys(org) {
      const get = new GetItemCommand({ TableName: table, Key: marshall(madeKeysKey(org)), ConsistentRead: true })
      return Number((await client.send(get)).Item?.made?.N ?? 0)
    },
    changeApiKey: (org, before, after, audit, made) =>
      write([
        replace(table, apiKeyKey(org, after.keyId), before && {}, after),
        ...(made === undefined ? [] : [countMade(table, org, made)]),
        ...log(table, org, audit),
      ]),
    changeAllocation: (org, next, audit) => write([...allocationPuts(table, org, next), ...log(table, org, audit)]),
    changeTemplate(org, { before, after, ...parts }, audit) {
      const id = after.templateId
      return write([
        replace(table, templateKey(org, id), before, after),
        ...(parts.putCopies ?? []).map((copy) => put(table, variantKey(org, id, copy.copyId), copy)),
        ...(parts.removeCopies ?? []).map((copyId) => remove(table, variantKey(org, id, copyId))),
        ...(parts.putSources ?? []).map((one) => claimSource(table, org, one)),
        ...(parts.removeSources ?? []).map(({ source }) => remove(table, integrationKey(org, source))),
        ...restatedByTemplate({ after, ...parts }).map((what) => restatementPut(table, org, what, now())),
        ...log(table, org, audit),
      ])
    },
  }
}

function countMade(table: string, org: OrgSlug, made: number): TransactWriteItem {
  return {
    Update: {
      TableName: table,
      Key: marshall(madeKeysKey(org)),
      UpdateExpression: 'ADD made :one',
      ConditionExpression: made === 0 ? 'attribute_not_exists(made)' : 'made = :made',
      ExpressionAttributeValues: marshall({ ':one': 1, ...(made > 0 && { ':made': made }) }),
    },
  }
}

function put(table: string, key: Key, setting: object): TransactWriteItem & { Put: object } {
  return { Put: { TableName: table, Item: marshall({ ...setting, ...key }, { removeUndefinedValues: true }) } }
}

function remove(table: string, key: Key): TransactWriteItem {
  return { Delete: { TableName: table, Key: marshall(key) } }
}

/** A source has one template at most. */
function claimSource(table: string, org: OrgSlug, integration: Integration): TransactWriteItem {
  const { Put } = put(table, integrationKey(org, integration.source), integration)
  const ConditionExpression = 'attribute_not_exists(pk) OR templateId = :template'
  const ExpressionAttributeValues = marshall({ ':template': integration.templateId })
  return { Put: { ...Put, ConditionExpression, ExpressionAttributeValues } }
}

/** Puts `after` where `before` stands; where nothing stands when `before` is undefined. */
function replace(table: string, key: Key, before: Revised | undefined, after: object): TransactWriteItem {
  const Item = marshall({ ...after, ...key }, { removeUndefinedValues: true })
  const revision = before?.revision ?? 0
  if (before === undefined) return { Put: { TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' } }
  return {
    Put: {
      TableName: table,
      Item,
      ConditionExpression:
        revision === 0 ? 'attribute_exists(pk) AND attribute_not_exists(revision)' : 'revision = :seen',
      ...(revision > 0 && { ExpressionAttributeValues: marshall({ ':seen': revision }) }),
    },
  }
}

function log(table: string, org: OrgSlug, entry: AuditEntry | undefined): TransactWriteItem[] {
  if (entry === undefined) return []
  const key = auditKey(org, entry.atMs, randomBytes(6).toString('hex'))
  return [{ Put: { TableName: table, Item: marshall({ ...entry, ...key }, { removeUndefinedValues: true }) } }]
}
