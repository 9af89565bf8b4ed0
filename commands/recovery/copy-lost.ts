// Copies what a table lacks back into it from a restored one. Events are a set, so putting back what is not there undoes nothing
// that came since; the live table's stream then has it measured like anything that arrives late.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  paginateScan,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import { ttlAttribute } from '../../contract/tables.ts'
import { inLanes } from '../../lambdas/flows/in-lanes.ts'
import { batchGet } from '../../lambdas/store/batch-get.ts'

export interface CopyQuestion {
  readonly from: string
  readonly to: string
  /** All orgs when absent. */
  readonly org: OrgSlug | undefined
  /** Whether what stands there with other content is put as it was. */
  readonly replace: boolean
  readonly dryRun: boolean
}

export interface Copied {
  readonly read: number
  /** Put back, or, in a dry run, to be put back. */
  readonly missing: number
  /** Stand there with other content, which was replaced when that was asked. */
  readonly different: number
  /** Past their end, so left out. */
  readonly expired: number
}

const lanes = 16
const keysAtOnce = 100

/** May be broken off and run again: what was put back is found there. */
export async function copyLost(
  client: DynamoDBClient,
  { from, to, org, replace, dryRun }: CopyQuestion,
  nowMs: number,
  onPage: (so: Copied) => void,
): Promise<Copied> {
  const sum = { read: 0, missing: 0, different: 0, expired: 0 }
  const query: ScanCommandInput = {
    TableName: from,
    ...(org !== undefined && {
      FilterExpression: 'begins_with(pk, :org)',
      ExpressionAttributeValues: marshall({ ':org': `${org}#` }),
    }),
  }
  for await (const { Items = [] } of paginateScan({ client }, query)) {
    for (let at = 0; at < Items.length; at += keysAtOnce) {
      const items = Items.slice(at, at + keysAtOnce)
      const lasting = items.filter((item) => Number(item[ttlAttribute]?.N ?? Number.POSITIVE_INFINITY) * 1_000 > nowMs)
      const restored = lasting.map((item) => ({ item, plain: unmarshall(item) }))
      const live = await batchGet(
        client,
        to,
        restored.map(({ plain }) => keyOf(plain)),
      )
      const standing = new Map(live.map((item) => [nameOf(item), textOf(item)]))
      const missing = restored.filter(({ plain }) => !standing.has(nameOf(plain)))
      const different = restored.filter(({ plain }) => (standing.get(nameOf(plain)) ?? textOf(plain)) !== textOf(plain))
      if (!dryRun) {
        await inLanes(missing, lanes, ({ item }) => putWhereNothingStands(client, to, item))
        if (replace)
          await inLanes(different, lanes, ({ item }) => client.send(new PutItemCommand({ TableName: to, Item: item })))
      }
      sum.read += items.length
      sum.missing += missing.length
      sum.different += different.length
      sum.expired += items.length - lasting.length
    }
    onPage(sum)
  }
  return sum
}

async function putWhereNothingStands(
  client: DynamoDBClient,
  TableName: string,
  Item: NonNullable<ConstructorParameters<typeof PutItemCommand>[0]['Item']>,
): Promise<void> {
  try {
    await client.send(new PutItemCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' }))
  } catch (error) {
    // It has come by itself since it was looked for.
    if (!(error instanceof ConditionalCheckFailedException)) throw error
  }
}

function keyOf({ pk, sk }: Readonly<Record<string, unknown>>): { pk: string; sk: string } {
  return { pk: String(pk), sk: String(sk) }
}

function nameOf(item: Readonly<Record<string, unknown>>): string {
  return JSON.stringify([item.pk, item.sk])
}

/** The same for the same content, whatever the order of its members. */
function textOf(item: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(item, (_name, value) => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
    if (typeof value === 'bigint') return String(value)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}
