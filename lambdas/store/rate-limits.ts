// The limits that operators gave orgs of their own, kept beside what each has taken, so that whoever charges hears of them.
import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import { type Limited, type OrgLimits, orgLimits, type RateLimit, rateDebtSchema } from '../../contract/rate-limit.ts'
import { rateDebtKey } from './setting-keys.ts'

/**
 * Sets an org's own limit, or takes it away (undefined); what was taken stays. Not in one transaction with its audit entry:
 * the item is written with the org's traffic, and a transaction on it would make charges fail.
 * @returns the org's own limit until then
 */
export function makeSetRateLimit(client: DynamoDBClient, table: string) {
  return async (org: OrgSlug, what: Limited, limit: RateLimit | undefined): Promise<RateLimit | undefined> => {
    const { Attributes } = await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: marshall(rateDebtKey(org, what)),
        UpdateExpression: limit === undefined ? 'REMOVE #limit' : 'SET #limit = :limit',
        ExpressionAttributeNames: { '#limit': 'limit' },
        ...(limit && { ExpressionAttributeValues: marshall({ ':limit': limit }) }),
        ReturnValues: 'ALL_OLD',
      }),
    )
    return Attributes === undefined ? undefined : rateDebtSchema.parse(unmarshall(Attributes)).limit
  }
}

/** The limits in force for an org: its own, else the usual ones. Strongly consistent. */
export function makeReadRateLimits(client: DynamoDBClient, table: string) {
  const read = async (org: OrgSlug, what: Limited, abortSignal?: AbortSignal): Promise<RateLimit> => {
    const get = new GetItemCommand({
      TableName: table,
      Key: marshall(rateDebtKey(org, what)),
      ConsistentRead: true,
      ProjectionExpression: '#limit',
      ExpressionAttributeNames: { '#limit': 'limit' },
    })
    const { Item } = await client.send(get, { ...(abortSignal && { abortSignal }) })
    return rateDebtSchema.parse(unmarshall(Item ?? {})).limit ?? orgLimits[what]
  }
  return async (org: OrgSlug, signal?: AbortSignal): Promise<OrgLimits> => {
    const [generate, events] = await Promise.all([read(org, 'generate', signal), read(org, 'events', signal)])
    return { generate, events }
  }
}
