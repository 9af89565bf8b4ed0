// Restatements in the `settings` table: requested together with the setting that changed, taken forward by whoever read the
// latest revision, gone when done.
import { randomUUID } from 'node:crypto'
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import { type Restated, type Restatement, restatementSchema } from '../../contract/restatement.ts'
import { newRestatement, restatementId } from '../domain/measuring/restate.ts'
import { listPending, type Pending } from './pending-restatements.ts'
import { restatementKey } from './setting-keys.ts'

export interface RestatementStore {
  /** Asks for one without a change of settings; the same one that is under way starts over. */
  request(org: OrgSlug, what: Restated, atMs: number): Promise<void>
  find(org: OrgSlug, id: string): Promise<Restatement | undefined>
  /** Of all orgs. */
  list(): Promise<Pending[]>
  /** Writes progress over the revision that was read; undefined when somebody else has gone on, or it was asked for anew. */
  save(org: OrgSlug, before: Restatement, progress: Partial<Restatement>): Promise<Restatement | undefined>
  finish(org: OrgSlug, before: Restatement): Promise<'done' | 'lost'>
}

export function makeRestatementStore(client: DynamoDBClient, table: string): RestatementStore {
  return {
    async request(org, what, atMs) {
      await client.send(new PutItemCommand({ TableName: table, Item: newItem(org, what, atMs) }))
    },

    async find(org, id) {
      const Key = marshall(restatementKey(org, id))
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))
      return Item && restatementSchema.parse(unmarshall(Item))
    },

    list: () => listPending(client, table),

    async save(org, before, progress) {
      const { cursor: _before, ...rest } = before
      const next: Restatement = { ...rest, ...progress, revision: newRevision() }
      const command = new PutItemCommand({
        TableName: table,
        Item: marshall({ ...next, ...restatementKey(org, restatementId(before.what)) }),
        ...stillAt(before),
      })
      return (await unlessLost(client.send(command))) ? next : undefined
    },

    async finish(org, before) {
      const Key = marshall(restatementKey(org, restatementId(before.what)))
      const command = new DeleteItemCommand({ TableName: table, Key, ...stillAt(before) })
      return (await unlessLost(client.send(command))) ? 'done' : 'lost'
    },
  }
}

/** For the transaction that changes the setting: either both are written or neither. */
export function restatementPut(table: string, org: OrgSlug, what: Restated, atMs: number): TransactWriteItem {
  return { Put: { TableName: table, Item: newItem(org, what, atMs) } }
}

function newItem(org: OrgSlug, what: Restated, atMs: number) {
  return marshall({ ...newRestatement(what, atMs, newRevision()), ...restatementKey(org, restatementId(what)) })
}

function newRevision(): string {
  return randomUUID().slice(0, 13)
}

function stillAt({ revision }: Restatement) {
  return { ConditionExpression: 'revision = :over', ExpressionAttributeValues: marshall({ ':over': revision }) }
}

async function unlessLost(write: Promise<unknown>): Promise<boolean> {
  try {
    await write
    return true
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false
    throw error
  }
}
