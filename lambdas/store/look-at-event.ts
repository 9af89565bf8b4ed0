// What storing a reporting event would come to, without storing it: for whoever wants to know beforehand.
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import type { AcceptedBody } from '../domain/events/classify-body.ts'
import { type Appended, acceptedKey } from './events.ts'

/** Answers what `append` would by what stands there now; does not say that an event is too large for an item. */
export function makeLookAtEvent(client: DynamoDBClient, table: string) {
  return async (
    org: OrgSlug,
    accepted: AcceptedBody,
    _receivedAtMs: number,
    abortSignal: AbortSignal,
  ): Promise<Appended> => {
    const { pk, sk } = acceptedKey(org, accepted)
    const look = new QueryCommand({
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk = :sk',
      ExpressionAttributeValues: marshall({ ':pk': pk, ':sk': sk }),
      ProjectionExpression: 'digest',
    })
    const { Items: [stands] = [] } = await client.send(look, { abortSignal })
    if (stands === undefined) return 'stored'
    return stands.digest?.S === accepted.digest ? 'duplicate' : 'conflict'
  }
}
