// The `results` table: reads of a template's days. It is written only together with outcomes, or by a recount's mending.
import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import type { CellChange, Counts, ResultScope } from '../../contract/result-cell.ts'
import { parseResultsKey, resultsPartition } from './keys.ts'

export interface DayRange {
  /** First and last day of the send, UTC, both included. */
  readonly from: string
  readonly to: string
}

/** Every row of a template's days, shards not yet added up. */
export async function readResults(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
  scope: ResultScope,
  { from, to }: DayRange,
): Promise<CellChange[]> {
  const rows: CellChange[] = []
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk and sk between :from and :to',
    ExpressionAttributeValues: marshall({
      ':pk': resultsPartition(org, scope),
      ':from': `${from}#`,
      ':to': `${to}#~`,
    }),
  }
  for await (const page of paginateQuery({ client }, query)) {
    for (const item of page.Items ?? []) rows.push(...toRow(unmarshall(item)))
  }
  return rows
}

/** A row as the sums of its cell; nothing for an item that is not one. `changes` counts writes and is no sum. */
export function toRow(item: Record<string, unknown>): CellChange[] {
  const { pk, sk, changes: _changes, ...counts } = item
  const key = parseResultsKey({ pk: String(pk), sk: String(sk) })
  return key === undefined ? [] : [{ scope: key.scope, cell: key.cell, counts: numbersOf(counts) }]
}

function numbersOf(counts: Record<string, unknown>): Counts {
  return Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, Number(value)]))
}
