// Counts the read and write units of every command that a client sends, from what it sends and is answered. Failed conditions
// and lost transactions are billed too. Several clients may share what they know to be stored.
import type {
  DynamoDBClient,
  ServiceInputTypes,
  ServiceOutputTypes,
  TransactGetItem,
  TransactWriteItem,
} from '@aws-sdk/client-dynamodb'
import { type Item, itemBytes } from './item-size.ts'
import type { StoredItems, WriteInput } from './stored-items.ts'

export interface Units {
  writes: number
  reads: number
  /** The same by table, with `index` for the entries of indexes. */
  readonly by: Map<string, number>
}

const readUnitBytes = 4_096
/** Each action of a transaction is prepared and committed. */
const transactionFactor = 2

const counted: ReadonlySet<string> = new Set([
  'PutItemCommand',
  'TransactWriteItemsCommand',
  'QueryCommand',
  'GetItemCommand',
  'BatchGetItemCommand',
])

/** Attaches a meter to a client; a command that it cannot count fails. */
export function meter(client: DynamoDBClient, stored: StoredItems): Units {
  const units: Units = { writes: 0, reads: 0, by: new Map() }
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (!counted.has(String(commandName))) throw new Error(`units of ${commandName} are not known`)
        try {
          const result = await next(args)
          countWrites(units, stored, args.input, true)
          countReads(units, args.input, result.output)
          return result
        } catch (error) {
          countWrites(units, stored, args.input, false)
          throw error
        }
      },
    { step: 'initialize', name: 'unitMeter' },
  )
  return units
}

/** Counts one command that writes; others are left alone. */
export function countWrites(units: Units, stored: StoredItems, input: ServiceInputTypes, applied: boolean): void {
  const writes = writesIn(input)
  const factor = 'TransactItems' in input ? transactionFactor : 1
  for (const write of writes) {
    const { table, index } = stored.unitsOf(write, applied)
    add(units, 'writes', `write ${write.TableName}`, factor * table)
    add(units, 'writes', 'write index', index)
    if (applied) stored.apply(write)
  }
}

/** Counts one command that reads; others are left alone. */
export function countReads(units: Units, input: ServiceInputTypes, output: ServiceOutputTypes): void {
  if ('KeyConditionExpression' in input && 'Items' in output) {
    const bytes = (output.Items ?? []).reduce((sum, item) => sum + itemBytes(item), 0)
    add(units, 'reads', `read ${input.TableName}`, readUnits(bytes, input.ConsistentRead))
  } else if ('RequestItems' in input && 'Responses' in output && !Array.isArray(output.Responses)) {
    for (const [table, asked] of Object.entries(input.RequestItems ?? {})) {
      if (Array.isArray(asked)) continue
      const items = output.Responses?.[table] ?? []
      const missing = (asked.Keys ?? []).length - items.length
      const found = items.reduce((sum, item) => sum + readUnits(itemBytes(item), asked.ConsistentRead), 0)
      add(units, 'reads', `read ${table}`, found + missing * readUnits(0, asked.ConsistentRead))
    }
  } else if ('Key' in input && 'ConsistentRead' in input) {
    const item: Item = ('Item' in output && output.Item) || {}
    add(units, 'reads', `read ${input.TableName}`, readUnits(itemBytes(item), input.ConsistentRead))
  }
}

/** At least one unit, even when nothing is found; half without strong consistency. */
function readUnits(bytes: number, consistent: boolean | undefined): number {
  return Math.max(1, Math.ceil(bytes / readUnitBytes)) * (consistent === true ? 1 : 0.5)
}

function writesIn(input: ServiceInputTypes): WriteInput[] {
  if ('TransactItems' in input) return actionsIn(input.TransactItems ?? [])
  if ('Item' in input && 'TableName' in input) return [{ TableName: input.TableName, Item: input.Item }]
  return []
}

/** @throws for actions that the product does not use */
function actionsIn(actions: readonly (TransactWriteItem | TransactGetItem)[]): WriteInput[] {
  return actions.map((action) => {
    const write = 'Get' in action ? undefined : (action.Put ?? action.Update ?? action.Delete)
    if (write === undefined) throw new Error('units of this action are not known')
    return write
  })
}

function add(units: Units, kind: 'reads' | 'writes', name: string, count: number): void {
  units[kind] += count
  units.by.set(name, (units.by.get(name) ?? 0) + count)
}
