// Everything that stands in the four tables of a stack, with an operator's rights.
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { DemoStack } from './local-stack.ts'
import type { Item, TableName } from './stored-items.ts'

export interface StackItem {
  readonly table: TableName
  readonly item: Item
}

export async function readTables({ local }: DemoStack): Promise<StackItem[]> {
  const { endpoints, outputs } = local.ready
  const { url: endpoint, ...caller } = endpoints.dynamodb
  const client = new DynamoDBClient({ endpoint, ...caller })
  const found: StackItem[] = []
  for (const table of ['events', 'outcomes', 'results', 'settings'] as const) {
    const name = `${table.charAt(0).toUpperCase()}${table.slice(1)}TableName`
    for await (const { Items = [] } of paginateScan({ client }, { TableName: String(outputs[name]) })) {
      found.push(...Items.map((item) => ({ table, item: unmarshall(item) })))
    }
  }
  return found
}
