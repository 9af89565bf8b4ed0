// Everything that is stored of an org's reporting events, a delivery at a time. A scan reads every org's items: it is for the night,
// not for a request. Not strongly consistent, which costs half: what is missed is young.
import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import type { Kept } from '../domain/measuring/account-events.ts'
import { parseEventPartition } from './event-keys.ts'
import { toMessage } from './subjects.ts'

type Item = Record<string, unknown>

/** Items of one partition stand together in a scan, also where pages meet. */
export function makeKeptScan(client: DynamoDBClient, table: string) {
  return async function* (org: OrgSlug): AsyncIterable<Kept> {
    let group: Item[] = []
    for await (const item of scanItems(client, table, org)) {
      if (group[0] !== undefined && group[0].pk !== item.pk) {
        yield* keptIn(group)
        group = []
      }
      group.push(item)
    }
    yield* keptIn(group)
  }
}

async function* scanItems(client: DynamoDBClient, table: string, org: OrgSlug): AsyncIterable<Item> {
  const query = {
    TableName: table,
    FilterExpression: 'begins_with(pk, :org) AND kind IN (:message, :quarantine) AND attribute_exists(receivedAtMs)',
    ExpressionAttributeValues: marshall({ ':org': `${org}#`, ':message': 'message', ':quarantine': 'quarantine' }),
  }
  for await (const { Items = [] } of paginateScan({ client }, query)) {
    for (const item of Items) yield unmarshall(item)
  }
}

function keptIn(group: readonly Item[]): Kept[] {
  const alone = (item: Item, fate: 'unmatched' | 'setAside'): Kept[] => [
    { kind: 'alone', fate, receivedAtMs: Number(item.receivedAtMs) },
  ]
  const kind = parseEventPartition(String(group[0]?.pk))?.kind
  if (kind === 'quarantine') return group.flatMap((item) => alone(item, 'setAside'))
  if (kind !== 'delivery') return group.flatMap((item) => alone(item, 'unmatched'))
  const read = group.map((item) => ({ item, event: toMessage(item) }))
  const messages = read.flatMap(({ item, event }) =>
    event ? [{ event, receivedAtMs: Number(item.receivedAtMs) }] : [],
  )
  const unreadable = read.filter(({ event }) => event === undefined).flatMap(({ item }) => alone(item, 'setAside'))
  return messages.length === 0 ? unreadable : [{ kind: 'delivery', messages }, ...unreadable]
}
