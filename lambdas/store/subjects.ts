// One partition of `events` as measuring needs it: a delivery's reporting events and the serves it named.
import { type AttributeValue, type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { deliveryIdSchema, type OrgSlug } from '../../contract/ids.ts'
import { messageEventSchema, serveEventSchema } from '../../contract/stored-event.ts'
import type { SubjectRef } from '../domain/group-subjects.ts'
import type { DeliveryEvent, SubjectEvents } from '../domain/place-outcomes.ts'
import { readReportingEvent } from '../domain/read-reporting-event.ts'
import { readStoredBody } from './events.ts'
import { deliveryPartition, namePartition, parseEventPartition } from './keys.ts'

export interface ArrivedSubject {
  readonly org: OrgSlug
  readonly subject: SubjectRef
}

/** The subject that a new item of `events` belongs to; undefined when it is of a kind that measures nothing. */
export function findArrivedSubject(image: Record<string, unknown> | undefined): ArrivedSubject | undefined {
  const item = image && unmarshall(image as Record<string, AttributeValue>)
  const parsed = parseEventPartition(String(item?.pk))
  if (item === undefined || (parsed?.kind !== 'delivery' && parsed?.kind !== 'name')) return undefined
  const { org, kind, id } = parsed
  const message = item.kind === 'message' ? toMessage(item) : undefined
  return { org, subject: { kind, id, joins: message === undefined || changesJoins(message) } }
}

function changesJoins({ metric, channel }: DeliveryEvent): boolean {
  return metric === 'sent' || channel === 'webhook'
}

/** Every event of a subject, strongly consistent. An item that cannot be read is left out: better readings may come. */
export async function readSubject(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
  subject: SubjectRef,
): Promise<SubjectEvents> {
  const pk = subject.kind === 'delivery' ? deliveryPartition(org, subject.id) : namePartition(org, subject.id)
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: marshall({ ':pk': pk }),
  }
  const items: Record<string, unknown>[] = []
  for await (const page of paginateQuery({ client }, query)) {
    items.push(...(page.Items ?? []).map((item) => unmarshall(item)))
  }
  return {
    subjectId: subject.id,
    messages: items.flatMap((item) => toMessage(item) ?? []),
    serves: items.flatMap((item) => {
      const parsed = serveEventSchema.safeParse(item)
      return parsed.success ? [parsed.data] : []
    }),
  }
}

function toMessage(item: Record<string, unknown>): DeliveryEvent | undefined {
  const stored = messageEventSchema.safeParse(item)
  if (!stored.success) return undefined
  const reading = readReportingEvent(readStoredBody(stored.data))
  if (!reading.ok) return undefined
  const deliveryId = deliveryIdSchema.safeParse(reading.event.deliveryId)
  return deliveryId.success ? { ...reading.event, deliveryId: deliveryId.data } : undefined
}
