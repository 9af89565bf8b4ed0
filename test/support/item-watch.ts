// Looks at everything that a test's clients put into the tables: what has no stored shape, or is not as its shape says, is
// refused, so that whatever code writes it first fails its own test.
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { faultOf, shapeOf, type TableName } from './stored-items.ts'

/** So many items of each shape are looked at whole in one test file; those of a blast are alike. */
const lookedAtWhole = 300
const looks = new Map<string, number>()

/** @throws from the call that would write an item of no stored shape */
export function watchItems(client: DynamoDBClient): void {
  client.middlewareStack.add(
    (next) => (args) => {
      for (const [name, item] of itemsOf(args.input)) look(name, item)
      return next(args)
    },
    { step: 'initialize', name: 'watchItems' },
  )
}

type RawItem = Record<string, AttributeValue>

function look(tableName: string, raw: RawItem): void {
  const table = tableOf(tableName)
  if (table === undefined) return
  const shape = shapeOf(table, { pk: raw.pk?.S, sk: raw.sk?.S, kind: raw.kind?.S }) ?? ''
  const looked = looks.get(shape) ?? 0
  if (shape !== '' && looked >= lookedAtWhole) return
  looks.set(shape, looked + 1)
  const fault = faultOf(table, unmarshall(raw, { wrapNumbers: false }))
  if (fault !== undefined) throw new Error(`a write of no stored shape: ${fault}`)
}

/** Tables of tests are named `events-…`. */
function tableOf(name: string): TableName | undefined {
  const [prefix] = name.split('-')
  return (['events', 'outcomes', 'results', 'settings'] as const).find((table) => table === prefix)
}

interface Writes {
  readonly TableName?: string
  readonly Item?: RawItem
  readonly TransactItems?: readonly { readonly Put?: Writes }[]
  readonly RequestItems?: Readonly<Record<string, unknown>>
}

/** Items that a command puts. What an update makes of an item is seen where whole tables are looked through. */
function* itemsOf(input: unknown): Iterable<[string, RawItem]> {
  const { TableName = '', Item, TransactItems = [], RequestItems = {} } = Object(input) as Writes
  if (Item !== undefined) yield [TableName, Item]
  for (const { Put } of TransactItems) if (Put?.Item) yield [Put.TableName ?? '', Put.Item]
  for (const [name, requests] of Object.entries(RequestItems)) {
    if (!Array.isArray(requests)) continue
    for (const { PutRequest } of requests) if (PutRequest?.Item) yield [name, PutRequest.Item]
  }
}
