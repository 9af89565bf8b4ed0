// Deletes whole partitions of events, with the claims that point to them: for people who are to be forgotten.
import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { type OrgSlug, personKeySchema } from '../../contract/ids.ts'
import type { SubjectRef } from '../domain/measuring/group-subjects.ts'
import { batchWrite } from './batch-write.ts'
import { toCustomEvent } from './custom-item.ts'
import {
  deliveryPartition,
  eventClaimKey,
  isNamedEventSort,
  namePartition,
  personEventsPartition,
} from './event-keys.ts'
import type { Key } from './key.ts'

export function makeForget(client: DynamoDBClient, table: string) {
  /** Answers how many items there were. */
  const empty = async (org: OrgSlug, pk: string): Promise<number> => {
    const query = {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: marshall({ ':pk': pk }),
    }
    const [keys, claims]: [Key[], Key[]] = [[], []]
    for await (const page of paginateQuery({ client }, query)) {
      for (const item of (page.Items ?? []).map((one) => unmarshall(one))) {
        const sk = String(item.sk)
        keys.push({ pk, sk })
        const custom = isNamedEventSort(sk) ? toCustomEvent(item) : undefined
        if (custom !== undefined) claims.push(eventClaimKey(org, custom.source, custom.eventId))
      }
    }
    const requests = [...claims, ...keys].map((key) => ({ DeleteRequest: { Key: marshall(key) } }))
    await batchWrite(client, table, requests)
    return keys.length
  }
  return {
    /** Every event of a delivery, under the name of a serve, or of a person. */
    forgetSubject: (org: OrgSlug, subject: Pick<SubjectRef, 'kind' | 'id'>): Promise<number> =>
      empty(org, partitionOf(org, subject)),
  }
}

function partitionOf(org: OrgSlug, { kind, id }: Pick<SubjectRef, 'kind' | 'id'>): string {
  switch (kind) {
    case 'delivery':
      return deliveryPartition(org, id)
    case 'name':
      return namePartition(org, id)
    case 'person':
      return personEventsPartition(org, personKeySchema.parse(id))
  }
}
