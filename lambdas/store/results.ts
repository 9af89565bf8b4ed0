// The `results` table: reads of a template's days. It is written only together with outcomes, or by a recount's mending.
import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import type { CellChange, ResultScope } from '../../contract/result-cell.ts'
import { type PlainRow, queryRows } from './query-rows.ts'
import { parseResultsKey, resultsDayOf, resultsPartition } from './result-keys.ts'

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
  for await (const page of queryRows(client, query)) {
    for (const item of page) {
      const row = toRow(item)
      if (row !== undefined) rows.push(row)
    }
  }
  return rows
}

/** The first day of a template on which anything was sent. */
export async function findFirstDay(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
  scope: ResultScope,
): Promise<string | undefined> {
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    FilterExpression: 'sent > :none',
    ProjectionExpression: 'sk',
    ExpressionAttributeValues: marshall({ ':pk': resultsPartition(org, scope), ':none': 0 }),
  }
  // Found among the first rows, or after those of days on which copy was asked for and nothing sent.
  for await (const { Items: [first] = [] } of paginateQuery({ client, pageSize: 50 }, query)) {
    if (first !== undefined) return resultsDayOf(String(first.sk?.S))
  }
  return undefined
}

/**
 * A row as the sums of its cell; undefined for an item that is not one. `changes` counts writes and is no sum. From DynamoDB's
 * own values in one pass: thousands of rows are read for one answer.
 */
export function toRow(item: PlainRow): CellChange | undefined {
  const key = parseResultsKey({ pk: item.pk?.S ?? '', sk: item.sk?.S ?? '' })
  if (key === undefined) return undefined
  const counts: Record<string, number> = {}
  let money: Record<string, bigint> | undefined
  for (const name of Object.keys(item)) {
    const text = item[name]?.N
    if (text === undefined || name === 'changes') continue
    if (isMoney(name)) {
      money ??= {}
      money[name] = wholeOf(text)
    } else counts[name] = Number(text)
  }
  return { scope: key.scope, cell: key.cell, counts, ...(money && { money }) }
}

/** Sums of money are attributes of these names. */
function isMoney(name: string): boolean {
  return name.startsWith('value:') || name.startsWith('squares:')
}

/** Digits that a double does not hold are kept. */
function wholeOf(text: string): bigint {
  const number = Number(text)
  return BigInt(Number.isSafeInteger(number) ? number : text)
}
