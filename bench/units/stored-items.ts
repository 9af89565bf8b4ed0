// What stands in the tables, remembered by whoever counts units: a write is billed by the larger of the item before and the
// item after it, and an index only when its entry changes.
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { keyAttributes, outcomesBySource } from '../../contract/tables.ts'
import { type Item, itemBytes } from './item-size.ts'

/** A put, an update or a delete, alone or as an action of a transaction. */
export interface WriteInput {
  readonly TableName: string | undefined
  readonly Item?: Item | undefined
  readonly Key?: Item | undefined
  readonly UpdateExpression?: string | undefined
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined
  readonly ExpressionAttributeValues?: Item | undefined
}

const writeUnitBytes = 1_024

export class StoredItems {
  readonly #items = new Map<string, Item>()

  /** Units of the table and of its index. A condition that failed is billed by the item that stands. */
  unitsOf(write: WriteInput, applied: boolean): { table: number; index: number } {
    const before = this.#items.get(placeOf(write))
    const after = applied ? itemAfter(write, before) : before
    const bytes = Math.max(before ? itemBytes(before) : 0, after ? itemBytes(after) : 0)
    return { table: Math.max(1, Math.ceil(bytes / writeUnitBytes)), index: indexUnits(before, after) }
  }

  apply(write: WriteInput): void {
    const after = itemAfter(write, this.#items.get(placeOf(write)))
    if (after === undefined) this.#items.delete(placeOf(write))
    else this.#items.set(placeOf(write), after)
  }
}

/** An entry holds keys only, so it is one unit to make and one to remove; one that stays as it is costs nothing. */
function indexUnits(before: Item | undefined, after: Item | undefined): number {
  const [old, next] = [indexEntry(before), indexEntry(after)]
  if (old === next) return 0
  return (old === undefined ? 0 : 1) + (next === undefined ? 0 : 1)
}

function indexEntry(item: Item | undefined): string | undefined {
  const partition = item?.[outcomesBySource.partition]?.S
  return partition === undefined ? undefined : `${partition}\n${item?.[outcomesBySource.sort]?.S}`
}

function placeOf({ TableName, Item, Key }: WriteInput): string {
  const keys = Item ?? Key
  return [TableName, keys?.[keyAttributes.partition]?.S, keys?.[keyAttributes.sort]?.S].join('\n')
}

function itemAfter(write: WriteInput, before: Item | undefined): Item | undefined {
  if (write.Item !== undefined) return write.Item
  return write.UpdateExpression === undefined ? undefined : added(write, before)
}

/** The item after an update. @throws for anything but `ADD` of numbers, which is all that the product does */
function added(write: WriteInput, before: Item = write.Key ?? {}): Item {
  const [, terms] = /^ADD (.+)$/.exec(write.UpdateExpression ?? '') ?? []
  if (terms === undefined) throw new Error(`units of this update are not known: ${write.UpdateExpression}`)
  const after: Record<string, AttributeValue> = { ...before }
  for (const term of terms.split(', ')) {
    const [name = '', value = ''] = term.split(' ')
    const attribute = write.ExpressionAttributeNames?.[name] ?? name
    const addend = Number(write.ExpressionAttributeValues?.[value]?.N)
    if (Number.isNaN(addend)) throw new Error(`units of this update are not known: ${write.UpdateExpression}`)
    after[attribute] = { N: String(Number(after[attribute]?.N ?? 0) + addend) }
  }
  return after
}
