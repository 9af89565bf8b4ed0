// Taking a person out of the tables: the mark that stays, outcomes replaced by nameless ones, events deleted.
import { randomUUID } from 'node:crypto'
import {
  type DynamoDBClient,
  PutItemCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug, PersonKey } from '../../contract/ids.ts'
import { anonymise, erasedRevision } from '../domain/measuring/erase.ts'
import type { Stored } from '../domain/measuring/plan-measurement.ts'
import { makeForget } from './forget.ts'
import { dayOf } from './key.ts'
import { personRevisionKey } from './outcome-keys.ts'
import { outcomeKeyOf, putOver, removal, toItem } from './outcomes.ts'
import { erasedDayKey } from './setting-keys.ts'

/** Each outcome takes two actions of a transaction's 100, and its day one. */
const outcomesAtOnce = 33

export interface ErasureTables {
  readonly events: string
  readonly outcomes: string
  readonly settings: string
}

export function makeErasure(client: DynamoDBClient, tables: ErasureTables) {
  return {
    ...makeForget(client, tables.events),

    /** From now on nothing of the person is measured, also by whoever has read their outcomes already. */
    async markErased(org: OrgSlug, person: PersonKey): Promise<void> {
      const Item = marshall({ ...personRevisionKey(org, person), revision: erasedRevision(randomUUID().slice(0, 18)) })
      await client.send(new PutItemCommand({ TableName: tables.outcomes, Item }))
    },

    /**
     * Replaces outcomes by nameless ones that count the same, and marks their days, so that exports of them are made anew.
     * `raced`: one changed meanwhile; read again.
     */
    async anonymiseOutcomes(org: OrgSlug, stored: readonly Stored[]): Promise<'done' | 'raced'> {
      for (let at = 0; at < stored.length; at += outcomesAtOnce) {
        const part = stored.slice(at, at + outcomesAtOnce)
        const replaced = part.flatMap((one) => {
          const nameless = anonymise(one, randomUUID())
          const gone = removal(tables.outcomes, outcomeKeyOf(org, one), one.revision)
          return nameless === undefined ? [gone] : [gone, putOver(tables.outcomes, toItem(org, nameless), undefined)]
        })
        const days = [...new Set(part.map(({ atMs }) => dayOf(atMs)))]
        const TransactItems = [...replaced, ...days.map((day) => dayMark(tables.settings, org, day))]
        try {
          await client.send(new TransactWriteItemsCommand({ TransactItems }))
        } catch (error) {
          if (error instanceof TransactionCanceledException) return 'raced'
          throw error
        }
      }
      return 'done'
    },
  }
}

function dayMark(table: string, org: OrgSlug, day: string): TransactWriteItem {
  return { Put: { TableName: table, Item: marshall({ ...erasedDayKey(org, day), mark: randomUUID().slice(0, 13) }) } }
}
