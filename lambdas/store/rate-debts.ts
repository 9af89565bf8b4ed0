// What each org has taken of its limits: one item per org and kind of request, and beside it an operator's own limit.
import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import * as z from 'zod/mini'
import type { OrgSlug } from '../../contract/ids.ts'
import { type Limited, rateDebtSchema } from '../../contract/rate-limit.ts'
import { rateDebtKey } from './setting-keys.ts'

/** As it is after a charge. */
const chargedSchema = z.extend(rateDebtSchema, { paidUntilMs: z.number() })
export type RateDebt = z.infer<typeof chargedSchema>

const maxTries = 4

/**
 * Adds a cost to what an org has taken and answers the sum. Two writes that exclude one another, because DynamoDB cannot take
 * the later of two instants: on from the stored instant while that is ahead of the clock, else on from the clock.
 * @throws what the SDK throws, or when others were faster several times
 */
export function makeChargeRate(client: DynamoDBClient, table: string) {
  return async (org: OrgSlug, what: Limited, costMs: number, nowMs: number, isAhead: boolean): Promise<RateDebt> => {
    for (let attempt = 0; attempt < maxTries; attempt++) {
      const ahead = isAhead === (attempt % 2 === 0)
      const update = new UpdateItemCommand({
        TableName: table,
        Key: marshall(rateDebtKey(org, what)),
        UpdateExpression: ahead ? 'SET paidUntilMs = paidUntilMs + :cost' : 'SET paidUntilMs = :sum',
        ConditionExpression: ahead ? 'paidUntilMs > :now' : 'attribute_not_exists(paidUntilMs) OR paidUntilMs <= :now',
        ExpressionAttributeValues: marshall({
          ':now': nowMs,
          ...(ahead ? { ':cost': costMs } : { ':sum': nowMs + costMs }),
        }),
        ReturnValues: 'ALL_NEW',
      })
      try {
        const { Attributes = {} } = await client.send(update)
        return chargedSchema.parse(unmarshall(Attributes))
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error
      }
    }
    throw new Error('others were faster')
  }
}
