// Everything that is stored of an org's reporting events, a delivery at a time. A scan reads every org's items: it is for the night,
// not for a request. Not strongly consistent, which costs half: what is missed is young.
import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { DeliveryId, OrgSlug } from '../../contract/ids.ts'
import type { ScanCursor, ScanPage } from '../../contract/recounted.ts'
import type { Kept, StoredMessage } from '../domain/measuring/account-events.ts'
import { deliveryPartition, parseEventPartition } from './event-keys.ts'
import { scanPages } from './recount-reads.ts'
import { toMessage } from './subjects.ts'

type Item = Record<string, unknown>

/**
 * Items of one partition stand together in a scan, also where pages meet. Each page ends with a whole partition, or, when
 * there is nothing of the org in it, where the scan is.
 */
export function makeKeptPages(client: DynamoDBClient, table: string) {
  return async function* (org: OrgSlug, after?: ScanCursor): AsyncIterable<ScanPage<Kept>> {
    const query = {
      TableName: table,
      FilterExpression: `begins_with(pk, :org) AND ${isKept}`,
      ExpressionAttributeValues: marshall({ ':org': `${org}#`, ...kinds }),
    }
    let group: Item[] = []
    for await (const { items, end } of scanPages(client, query, after)) {
      const whole: Kept[] = []
      let wholeUntil: ScanCursor | undefined
      const close = (passed: readonly Item[]) => {
        whole.push(...keptIn(passed))
        wholeUntil = cursorAt(passed) ?? wholeUntil
      }
      for (const item of items.map((one) => unmarshall(one))) {
        if (group[0] !== undefined && group[0].pk !== item.pk) {
          close(group)
          group = []
        }
        // Nothing else is judged together, and of bodies set aside there may be very many in one partition.
        if (parseEventPartition(String(item.pk))?.kind === 'delivery') group.push(item)
        else close([item])
      }
      if (end === undefined || end.pk !== group[0]?.pk) {
        close(group)
        group = []
        yield { items: whole, end }
      } else if (wholeUntil !== undefined) yield { items: whole, end: wholeUntil }
    }
  }
}

/** The reporting events of a delivery as they are now, strongly consistent. */
export function makeReadMessages(client: DynamoDBClient, table: string) {
  return async (org: OrgSlug, deliveryId: DeliveryId): Promise<readonly StoredMessage[]> => {
    const query = {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      FilterExpression: isKept,
      ExpressionAttributeValues: marshall({ ':pk': deliveryPartition(org, deliveryId), ...kinds }),
    }
    const items: Item[] = []
    for await (const { Items = [] } of paginateQuery({ client }, query)) {
      for (const item of Items) items.push(unmarshall(item))
    }
    return keptIn(items).flatMap((kept) => (kept.kind === 'delivery' ? kept.messages : []))
  }
}

const isKept = 'kind IN (:message, :quarantine) AND attribute_exists(receivedAtMs)'
const kinds = { ':message': 'message', ':quarantine': 'quarantine' }

function cursorAt(passed: readonly Item[]): ScanCursor | undefined {
  const last = passed.at(-1)
  return last && { pk: String(last.pk), sk: String(last.sk) }
}

function keptIn(group: readonly Item[]): Kept[] {
  if (group.length === 0) return []
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
