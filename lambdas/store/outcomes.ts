// The `outcomes` table and the one transaction that changes it together with `results`. Every read is strongly consistent.
import { randomUUID } from 'node:crypto'
import {
  type DynamoDBClient,
  paginateQuery,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug, PersonKey } from '../../contract/ids.ts'
import { outcomeSchema } from '../../contract/outcome.ts'
import { crowdRevision } from '../domain/measuring/crowd.ts'
import type { GuardedPlan } from '../domain/measuring/merge-plans.ts'
import type { Place, Placed } from '../domain/measuring/place-outcomes.ts'
import type { Stored } from '../domain/measuring/plan-measurement.ts'
import { batchGet } from './batch-get.ts'
import { isRace } from './is-race.ts'
import { dayOf, type Key } from './key.ts'
import {
  outcomeKey,
  parseOutcomeSort,
  personPartition,
  personRevisionKey,
  sourcePartition,
  sourceShardOf,
} from './outcome-keys.ts'
import { resultsKey } from './result-keys.ts'

export interface OutcomeTables {
  readonly outcomes: string
  readonly results: string
}

/** `raced`: somebody else changed what the plan was made from, or is changing it now; read again and plan anew. */
export type Committed = 'committed' | 'raced'

export interface OutcomeStore {
  /** The revisions of persons, undefined for one who has none yet. */
  readRevisions(org: OrgSlug, persons: readonly PersonKey[]): Promise<Map<PersonKey, string | undefined>>
  /** Outcomes of a person, the earliest first: every one, or no more than `most`. */
  readPerson(org: OrgSlug, person: PersonKey, most?: number): Promise<Stored[]>
  /** So many of them at most, the latest first. */
  readNewest(org: OrgSlug, person: PersonKey, most: number): Promise<Stored[]>
  /** The outcomes that stand in some places; a place without one is left out. */
  readAt(org: OrgSlug, places: readonly Place[]): Promise<Stored[]>
  /** Marks a person as a crowd, unless the revision is another than `over` by now. */
  markCrowd(org: OrgSlug, person: PersonKey, over: string | undefined): Promise<void>
  /** All of a plan or nothing. `shard` is where its changes of results go, 0 unless that is contended. */
  commit(org: OrgSlug, plan: GuardedPlan, shard: number): Promise<Committed>
}

export function makeOutcomeStore(client: DynamoDBClient, tables: OutcomeTables): OutcomeStore {
  const readKeys = (keys: readonly Key[]) => batchGet(client, tables.outcomes, keys)
  const read = async (org: OrgSlug, person: PersonKey, most: number, ScanIndexForward: boolean) => {
    const stored: Stored[] = []
    const query = {
      TableName: tables.outcomes,
      ConsistentRead: true,
      ScanIndexForward,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: marshall({ ':pk': personPartition(org, person) }),
    }
    for await (const page of paginateQuery({ client }, query)) {
      for (const item of page.Items ?? []) stored.push(toStored(person, unmarshall(item)))
      if (stored.length >= most) break
    }
    return stored.slice(0, most)
  }
  return {
    async readRevisions(org, persons) {
      const items = await readKeys(persons.map((person) => personRevisionKey(org, person)))
      const tokens = new Map(items.map((item) => [String(item.pk), String(item.revision)]))
      return new Map(persons.map((person) => [person, tokens.get(personRevisionKey(org, person).pk)]))
    },

    readPerson: (org, person, most = Number.POSITIVE_INFINITY) => read(org, person, most, true),
    readNewest: (org, person, most) => read(org, person, most, false),

    async readAt(org, places) {
      const persons = new Map(places.map(({ person }) => [personPartition(org, person), person]))
      const items = await readKeys(places.map((placed) => outcomeKeyOf(org, placed)))
      return items.flatMap((item) => {
        const person = persons.get(String(item.pk))
        return person === undefined ? [] : [toStored(person, item)]
      })
    },

    async markCrowd(org, person, over) {
      const Item = marshall({ ...personRevisionKey(org, person), revision: crowdRevision(randomUUID().slice(0, 18)) })
      const Put = { TableName: tables.outcomes, Item, ...standingOver(over) }
      await client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }] })).catch((error: unknown) => {
        if (!isRace(error)) throw error
      })
    },

    async commit(org, plan, shard) {
      const TransactItems = [
        ...plan.writes.map(({ placed, over }) => putOver(tables.outcomes, toItem(org, placed), over)),
        ...plan.removals.map((stored) => removal(tables.outcomes, outcomeKeyOf(org, stored), stored.revision)),
        ...plan.guards.map(({ person, over }) => putOver(tables.outcomes, personRevisionKey(org, person), over)),
        ...plan.cells.map(({ scope, cell, counts, money }) =>
          addition(tables.results, resultsKey(org, scope, cell, shard), { ...counts, ...money }),
        ),
      ]
      try {
        await client.send(new TransactWriteItemsCommand({ TransactItems }))
        return 'committed'
      } catch (error) {
        if (isRace(error)) return 'raced'
        throw error
      }
    },
  }
}

/** Where an outcome stands. */
export function outcomeKeyOf(org: OrgSlug, { person, atMs, subject }: Place): Key {
  return outcomeKey(org, person, atMs, subject)
}

/** An outcome as an item, in the index by where it came from. */
export function toItem(org: OrgSlug, placed: Placed): Record<string, unknown> {
  const { atMs, subject, outcome } = placed
  const source = outcome.kind === 'serve' ? (`template:${outcome.templateId}` as const) : outcome.source
  const indexed = source && { source: sourcePartition(org, source, dayOf(atMs), sourceShardOf(subject)) }
  return { ...outcomeKeyOf(org, placed), ...indexed, outcome }
}

/** An item of the table as an outcome. */
export function toStored(person: PersonKey, item: Record<string, unknown>): Stored {
  const { atMs, subject } = parseOutcomeSort(String(item.sk))
  return { person, atMs, subject, outcome: outcomeSchema.parse(item.outcome), revision: String(item.revision) }
}

/** A put that must find the revision that was read, or nothing where nothing was. Revisions are never used again. */
export function putOver(table: string, item: object, over: string | undefined): TransactWriteItem {
  return {
    Put: {
      TableName: table,
      Item: marshall({ ...item, revision: randomUUID().slice(0, 18) }),
      ...standingOver(over),
    },
  }
}

function standingOver(over: string | undefined) {
  return over === undefined
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : { ConditionExpression: 'revision = :over', ExpressionAttributeValues: marshall({ ':over': over }) }
}

/** A removal that must find the revision that was read. */
export function removal(table: string, key: Key, over: string): TransactWriteItem {
  return {
    Delete: {
      TableName: table,
      Key: marshall(key),
      ConditionExpression: 'revision = :over',
      ExpressionAttributeValues: marshall({ ':over': over }),
    },
  }
}

/** `ADD` of every counter, and of the row's own count of changes. @param seen the changes it must still have */
export function addition(
  table: string,
  key: Key,
  counts: Readonly<Record<string, number | bigint>>,
  seen?: number,
): TransactWriteItem {
  const counters = [...Object.entries(counts), ['changes', 1] as const]
  const values = Object.fromEntries(counters.map(([, value], index) => [`:${index}`, value]))
  return {
    Update: {
      TableName: table,
      Key: marshall(key),
      UpdateExpression: `ADD ${counters.map((_, index) => `#${index} :${index}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(counters.map(([counter], index) => [`#${index}`, counter])),
      ExpressionAttributeValues: marshall(seen ? { ...values, ':seen': seen } : values),
      ...(seen !== undefined && { ConditionExpression: unchangedSince(seen) }),
    },
  }
}

/** True of a row that was written `seen` times (`:seen`), 0 of one that was not, or does not exist. */
export function unchangedSince(seen: number): string {
  return seen === 0 ? 'attribute_not_exists(changes)' : 'changes = :seen'
}
