// Whole-org reads for a recount, and the guarded mending of one cell. A scan reads every org's items: it is for an operator's
// command and for the night, not for a request.
import {
  type AttributeValue,
  type DynamoDBClient,
  paginateQuery,
  paginateScan,
  type ScanCommandInput,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import { type ScanCursor, type ScanPage, scanCursorSchema } from '../../contract/recounted.ts'
import type { CellChange, ResultScope } from '../../contract/result-cell.ts'
import type { Placed } from '../domain/measuring/place-outcomes.ts'
import { type CountedCell, cellName, sumCells } from '../domain/measuring/sum-cells.ts'
import { listErasedDays } from './erased-days.ts'
import type { Key } from './key.ts'
import { parsePersonPartition } from './outcome-keys.ts'
import { addition, type OutcomeTables, toStored, unchangedSince } from './outcomes.ts'
import { parseResultsKey, resultsKey, resultsPartition } from './result-keys.ts'
import { toRow } from './results.ts'

type Item = Readonly<Record<string, AttributeValue>>

export interface RecountTables extends OutcomeTables {
  readonly settings: string
}

export function makeRecountReads(client: DynamoDBClient, tables: RecountTables) {
  const outcomePages = async function* (org: OrgSlug, after?: ScanCursor): AsyncIterable<ScanPage<Placed>> {
    for await (const { items, end } of scanPages(client, ofOrg(tables.outcomes, org), after)) {
      const outcomes = items.filter(({ outcome }) => outcome !== undefined)
      const plain = outcomes.map((item) => unmarshall(item))
      yield { items: plain.map((item) => toStored(parsePersonPartition(String(item.pk)), item)), end }
    }
  }
  const counterPages = async function* (org: OrgSlug, after?: ScanCursor): AsyncIterable<ScanPage<CountedCell>> {
    for await (const { items, end } of scanPages(client, ofOrg(tables.results, org), after)) {
      yield { items: items.flatMap(toCounted), end }
    }
  }
  return {
    outcomePages,
    /** Rows, each as a cell of its own. */
    counterPages,
    listErasures: (org: OrgSlug) => listErasedDays(client, tables.settings, org),

    async *scanOutcomes(org: OrgSlug): AsyncIterable<Placed> {
      for await (const { items } of outcomePages(org)) yield* items
    },

    async scanCounters(org: OrgSlug): Promise<CountedCell[]> {
      const rows: CountedCell[] = []
      for await (const { items } of counterPages(org)) for (const row of items) rows.push(row)
      return gatherRows(rows)
    },

    /** All cells of a scope. */
    async readCounters(org: OrgSlug, scope: ResultScope): Promise<CountedCell[]> {
      const query = {
        TableName: tables.results,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: marshall({ ':pk': resultsPartition(org, scope) }),
      }
      const rows: CountedCell[] = []
      for await (const { Items = [] } of paginateQuery({ client }, query)) {
        for (const item of Items) rows.push(...toCounted(item))
      }
      return gatherRows(rows)
    },

    /** Adds to the cell's first row, provided that none of its rows was written since they were read. */
    async mend(org: OrgSlug, { scope, cell, rows }: CountedCell, change: CellChange): Promise<'mended' | 'raced'> {
      const [first, ...others] = rows
      const keyOf = (shard: number) => resultsKey(org, scope, cell, shard)
      const guards = others.map(({ shard, changes }) => unchanged(tables.results, keyOf(shard), changes))
      const mending = addition(
        tables.results,
        keyOf(first?.shard ?? 0),
        { ...change.counts, ...change.money },
        first?.changes ?? 0,
      )
      try {
        await client.send(new TransactWriteItemsCommand({ TransactItems: [mending, ...guards] }))
        return 'mended'
      } catch (error) {
        if (error instanceof TransactionCanceledException) return 'raced'
        throw error
      }
    },
  }
}

function unchanged(table: string, key: Key, changes: number): TransactWriteItem {
  return {
    ConditionCheck: {
      TableName: table,
      Key: marshall(key),
      ConditionExpression: unchangedSince(changes),
      ...(changes > 0 && { ExpressionAttributeValues: marshall({ ':seen': changes }) }),
    },
  }
}

function toCounted(item: Item): CountedCell[] {
  const row = toRow(item)
  if (row === undefined) return []
  const shard = parseResultsKey({ pk: item.pk?.S ?? '', sk: item.sk?.S ?? '' })?.shard ?? 0
  return [{ ...row, rows: [{ shard, changes: Number(item.changes?.N ?? 0) }] }]
}

function gatherRows(rows: readonly CountedCell[]): CountedCell[] {
  const cells = new Map<string, CountedCell>()
  for (const row of rows) {
    const name = cellName(row.scope, row.cell)
    const known = cells.get(name)
    cells.set(name, known ? { ...addRows(known, row), rows: [...known.rows, ...row.rows] } : row)
  }
  return [...cells.values()]
}

/** Rows of one cell may cancel each other out, and nothing of either may be left then. */
function addRows(a: CellChange, b: CellChange): CellChange {
  const [sum] = sumCells([a, b])
  return sum ?? { scope: a.scope, cell: a.cell, counts: {} }
}

function ofOrg(TableName: string, org: OrgSlug): ScanCommandInput {
  return {
    TableName,
    ConsistentRead: true,
    FilterExpression: 'begins_with(pk, :org)',
    ExpressionAttributeValues: marshall({ ':org': `${org}#` }),
  }
}

/** A scan from its beginning, or from after an item, which may be gone by now. */
export async function* scanPages(
  client: DynamoDBClient,
  query: ScanCommandInput,
  after: ScanCursor | undefined,
): AsyncIterable<ScanPage<Item>> {
  const from = after && { startingToken: marshall(after) }
  for await (const { Items = [], LastEvaluatedKey } of paginateScan({ client, ...from }, query)) {
    const end = LastEvaluatedKey && scanCursorSchema.parse(unmarshall(LastEvaluatedKey))
    yield { items: Items, end }
  }
}
