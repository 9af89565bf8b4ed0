// Whole-org reads for a recount, and the guarded mending of one cell. A scan reads every org's items: it is an operator's
// command, not a request's.
import {
  type AttributeValue,
  type DynamoDBClient,
  paginateScan,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import type { CellChange } from '../../contract/result-cell.ts'
import type { Placed } from '../domain/measuring/place-outcomes.ts'
import { type CountedCell, cellName, sumCells } from '../domain/measuring/sum-cells.ts'
import type { Key } from './key.ts'
import { parsePersonPartition } from './outcome-keys.ts'
import { addition, type OutcomeTables, toStored, unchangedSince } from './outcomes.ts'
import { parseResultsKey, resultsKey } from './result-keys.ts'
import { toRow } from './results.ts'

export function makeRecountReads(client: DynamoDBClient, tables: OutcomeTables) {
  return {
    async *scanOutcomes(org: OrgSlug): AsyncIterable<Placed> {
      for await (const item of scanOrg(client, tables.outcomes, org)) {
        if (item.outcome === undefined) continue
        const plain = unmarshall(item)
        yield toStored(parsePersonPartition(String(plain.pk)), plain)
      }
    },

    async scanCounters(org: OrgSlug): Promise<CountedCell[]> {
      const cells = new Map<string, CountedCell>()
      for await (const item of scanOrg(client, tables.results, org)) {
        const row = toRow(item)
        if (row === undefined) continue
        const shard = parseResultsKey({ pk: item.pk?.S ?? '', sk: item.sk?.S ?? '' })?.shard ?? 0
        const name = cellName(row.scope, row.cell)
        const known = cells.get(name)
        const rows = [...(known?.rows ?? []), { shard, changes: Number(item.changes?.N ?? 0) }]
        cells.set(name, { ...(known ? addRows(known, row) : row), rows })
      }
      return [...cells.values()]
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

/** Rows of one cell may cancel each other out, and nothing of either may be left then. */
function addRows(a: CellChange, b: CellChange): CellChange {
  const [sum] = sumCells([a, b])
  return sum ?? { scope: a.scope, cell: a.cell, counts: {} }
}

async function* scanOrg(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
): AsyncIterable<Record<string, AttributeValue>> {
  const query = {
    TableName: table,
    ConsistentRead: true,
    FilterExpression: 'begins_with(pk, :org)',
    ExpressionAttributeValues: marshall({ ':org': `${org}#` }),
  }
  for await (const page of paginateScan({ client }, query)) {
    yield* page.Items ?? []
  }
}
