// The `results` table: reads of a template's days. It is written only together with outcomes, or by a recount's mending.
import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import type { CellChange, Counts, Money, ResultScope } from '../../contract/result-cell.ts'
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
  for await (const page of paginateQuery({ client }, query)) {
    for (const item of page.Items ?? []) rows.push(...toRow(unmarshall(item)))
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

/** A row as the sums of its cell; nothing for an item that is not one. `changes` counts writes and is no sum. */
export function toRow(item: Record<string, unknown>): CellChange[] {
  const { pk, sk, changes: _changes, ...counts } = item
  const key = parseResultsKey({ pk: String(pk), sk: String(sk) })
  if (key === undefined) return []
  const money = moneyOf(counts)
  const row = { scope: key.scope, cell: key.cell, counts: numbersOf(counts) }
  return [Object.keys(money).length === 0 ? row : { ...row, money }]
}

/** Sums of money are attributes of these names; a number that a double does not hold comes as a BigInt. */
const moneyPattern = /^(value|squares):/

function moneyOf(counts: Record<string, unknown>): Money {
  const sums = Object.entries(counts).filter(([name]) => moneyPattern.test(name))
  return Object.fromEntries(
    sums.map(([name, value]) => [name, BigInt(typeof value === 'bigint' ? value : Number(value))]),
  )
}

function numbersOf(counts: Record<string, unknown>): Counts {
  const numbers = Object.entries(counts).filter(([name]) => !moneyPattern.test(name))
  return Object.fromEntries(numbers.map(([name, value]) => [name, Number(value)]))
}
