// Changes of settings: written over exactly what they were made from, together with their entry in the audit log, or not
// at all.
import { randomBytes } from 'node:crypto'
import {
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { AuditEntry } from '../../contract/audit.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import type { Org } from '../../contract/org.ts'
import { countsOtherwise } from '../domain/restate.ts'
import { auditKey, type Key, orgKey } from './keys.ts'
import { restatementPut } from './restatements.ts'

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
  readonly changeOrg: (before: Org | undefined, after: Org, audit?: AuditEntry) => Promise<Changed>
  /** The entry of a change that was made elsewhere, at Customer.io. */
  readonly addAudit: (org: OrgSlug, audit: AuditEntry) => Promise<void>
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
        ...(countsOtherwise(before, after) ? [restatementPut(table, after.org, { kind: 'metrics' }, now())] : []),
      ]),
    addAudit: async (org, audit) => {
      await write(log(table, org, audit))
    },
  }
}

/** Another change of the same items, done or under way. */
function isRace(error: unknown): boolean {
  if (!(error instanceof TransactionCanceledException)) return false
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code)
  return codes.some((code) => code === 'ConditionalCheckFailed' || code === 'TransactionConflict')
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
