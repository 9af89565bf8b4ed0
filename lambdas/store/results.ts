// The `results` table: reads of a template's days. It is written only together with outcomes, or by a recount's mending.
import { type AttributeValue, type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import type { CellChange, ResultScope } from '../../contract/result-cell.ts'
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
    for (const item of page.Items ?? []) rows.push(...toRow(plainOf(item)))
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
  const key = parseResultsKey({ pk: String(item.pk), sk: String(item.sk) })
  if (key === undefined) return []
  const counts: Record<string, number> = {}
  const money: Record<string, bigint> = {}
  let hasMoney = false
  for (const [name, value] of Object.entries(item)) {
    if (notSums.has(name)) continue
    if (moneyPattern.test(name)) {
      money[name] = BigInt(typeof value === 'bigint' ? value : Number(value))
      hasMoney = true
    } else counts[name] = Number(value)
  }
  return [{ scope: key.scope, cell: key.cell, counts, ...(hasMoney && { money }) }]
}

const notSums: ReadonlySet<string> = new Set(['pk', 'sk', 'changes'])
/** Sums of money are attributes of these names; a number that a double does not hold comes as a BigInt. */
const moneyPattern = /^(value|squares):/

/** What `unmarshall` makes of texts and numbers, in a third of the time: thousands of rows are read for one answer. */
function plainOf(item: Readonly<Record<string, AttributeValue>>): Record<string, unknown> {
  const plain: Record<string, unknown> = {}
  for (const [name, { N, S }] of Object.entries(item)) plain[name] = N === undefined ? S : numberOf(N)
  return plain
}

function numberOf(text: string): number | bigint {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : BigInt(text)
}
