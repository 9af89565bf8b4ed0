// Alerts in the `settings` table: what an org set, its destinations, the alerts whose cause stands, and the deliveries. An alert
// and its deliveries are written in one transaction: either all of it is to be sent or nothing.
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import {
  type AlertSettings,
  alertSettingsSchema,
  type Delivery,
  type Destination,
  deliverySchema,
  destinationSchema,
  type Firing,
  firingSchema,
} from '../../contract/alert.ts'
import { expiresAt } from '../../contract/expiry.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import { ttlAttribute } from '../../contract/tables.ts'
import type { Key } from './key.ts'
import {
  alertSettingsKey,
  alertsPrefix,
  deliveriesPartition,
  deliveryKey,
  destinationKey,
  firingKey,
} from './setting-keys.ts'

export interface AlertState {
  readonly settings: AlertSettings
  readonly destinations: readonly Destination[]
  readonly firing: readonly Firing[]
}

export function makeAlertStore(client: DynamoDBClient, table: string) {
  const put = (key: Key, value: object, condition?: string) => ({
    TableName: table,
    Item: marshall({ ...value, ...key }, { removeUndefinedValues: true }),
    ...(condition !== undefined && { ConditionExpression: condition }),
  })
  const deliveryPut = (org: OrgSlug, delivery: Delivery, condition?: string) => {
    const ttl = expiresAt('deliveries', delivery.createdAtMs)
    return put(deliveryKey(org, delivery.id), { ...delivery, [ttlAttribute]: ttl }, condition)
  }
  return {
    /** All of it in one query. */
    async readAlerts(org: OrgSlug): Promise<AlertState> {
      const items: Record<string, unknown>[] = []
      const query = {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: marshall({ ':pk': org, ':prefix': alertsPrefix.all }),
      }
      for await (const { Items = [] } of paginateQuery({ client }, query)) {
        items.push(...Items.map((item) => unmarshall(item)))
      }
      const of = (prefix: string) => items.filter(({ sk }) => String(sk).startsWith(prefix))
      return {
        settings: alertSettingsSchema.parse(of(alertsPrefix.settings)[0] ?? {}),
        destinations: of(alertsPrefix.destination).map((item) => destinationSchema.parse(item)),
        firing: of(alertsPrefix.firing).map((item) => firingSchema.parse(item)),
      }
    },

    async putSettings(org: OrgSlug, settings: AlertSettings): Promise<void> {
      await client.send(new PutItemCommand(put(alertSettingsKey(org), settings)))
    },

    async putDestination(org: OrgSlug, destination: Destination): Promise<void> {
      await client.send(new PutItemCommand(put(destinationKey(org, destination.id), destination)))
    },

    /** False when its secret was replaced since it was read, or it is gone; nothing is written then. */
    async replaceDestination(org: OrgSlug, before: Destination, after: Destination): Promise<boolean> {
      const command = new PutItemCommand({
        ...put(destinationKey(org, after.id), after, 'lastFour = :seen'),
        ExpressionAttributeValues: marshall({ ':seen': before.lastFour }),
      })
      return unlessLost(client.send(command))
    },

    async removeDestination(org: OrgSlug, id: string): Promise<void> {
      await client.send(new DeleteItemCommand({ TableName: table, Key: marshall(destinationKey(org, id)) }))
    },

    /** `known`: it is firing already, and nothing was written. */
    async fire(org: OrgSlug, firing: Firing, deliveries: readonly Delivery[]): Promise<'fired' | 'known'> {
      const TransactItems = [
        { Put: put(firingKey(org, firing.id), firing, 'attribute_not_exists(pk)') },
        ...deliveries.map((delivery) => ({ Put: deliveryPut(org, delivery) })),
      ]
      try {
        await client.send(new TransactWriteItemsCommand({ TransactItems }))
        return 'fired'
      } catch (error) {
        if (error instanceof TransactionCanceledException) return 'known'
        throw error
      }
    },

    /** The cause is gone: when it comes back, it is news. */
    async rearm(org: OrgSlug, alertId: string): Promise<void> {
      await client.send(new DeleteItemCommand({ TableName: table, Key: marshall(firingKey(org, alertId)) }))
    },

    async addDelivery(org: OrgSlug, delivery: Delivery): Promise<void> {
      await client.send(new PutItemCommand(deliveryPut(org, delivery)))
    },

    async findDelivery(org: OrgSlug, id: string): Promise<Delivery | undefined> {
      const Key = marshall(deliveryKey(org, id))
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))
      return Item && deliverySchema.parse(unmarshall(Item))
    },

    /** False when another try was noted since it was read; that one stands. */
    async saveDelivery(org: OrgSlug, before: Delivery, after: Delivery): Promise<boolean> {
      const command = new PutItemCommand({
        ...deliveryPut(org, after, 'size(attempts) = :tries'),
        ExpressionAttributeValues: marshall({ ':tries': before.attempts.length }),
      })
      return unlessLost(client.send(command))
    },

    /** The latest first. */
    async listDeliveries(org: OrgSlug, limit: number, next?: string) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: marshall({ ':pk': deliveriesPartition(org) }),
          ScanIndexForward: false,
          Limit: limit,
          ...(next !== undefined && { ExclusiveStartKey: marshall(deliveryKey(org, next)) }),
        }),
      )
      const deliveries = Items.map((item) => deliverySchema.parse(unmarshall(item)))
      const last = deliveries.at(-1)?.id
      return { deliveries, ...(LastEvaluatedKey !== undefined && last !== undefined && { next: last }) }
    },
  }
}

async function unlessLost(write: Promise<unknown>): Promise<boolean> {
  try {
    await write
    return true
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false
    throw error
  }
}
