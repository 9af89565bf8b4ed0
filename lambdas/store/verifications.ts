// What Customer.io said when it was last asked about something, per org and topic. The latest word stands.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import { type Verification, type VerificationTopic, verificationSchema } from '../../contract/verification.ts'
import { parseVerificationSort, settingPrefixes, verificationKey } from './setting-keys.ts'

export interface Verifications {
  /** Every topic's, by topic. One that cannot be read is left out: it is asked about again. */
  list(org: OrgSlug): Promise<ReadonlyMap<string, Verification>>
  /** `raced`: another word than `over` stands by now. Words are told apart by when they were given. */
  replace(
    org: OrgSlug,
    topic: VerificationTopic,
    over: Verification | undefined,
    verification: Verification,
  ): Promise<'replaced' | 'raced'>
}

export function makeVerifications(client: DynamoDBClient, table: string): Verifications {
  return {
    async list(org) {
      const found = new Map<string, Verification>()
      const query = {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: marshall({ ':pk': org, ':prefix': settingPrefixes.verification }),
      }
      for await (const page of paginateQuery({ client }, query)) {
        for (const item of (page.Items ?? []).map((each) => unmarshall(each))) {
          const parsed = verificationSchema.safeParse(item)
          if (parsed.success) found.set(parseVerificationSort(String(item.sk)), parsed.data)
        }
      }
      return found
    },
    async replace(org, topic, over, verification) {
      const Item = marshall({ ...verification, ...verificationKey(org, topic) }, { removeUndefinedValues: true })
      // Only when we made the webhook must not be lost; a word that cannot be read is replaced.
      const isNone = { ConditionExpression: 'attribute_not_exists(webhookCreatedAtMs)' }
      const isThat = {
        ConditionExpression: 'checkedAtMs = :over',
        ExpressionAttributeValues: marshall({ ':over': over?.checkedAtMs ?? 0 }),
      }
      try {
        await client.send(new PutItemCommand({ TableName: table, Item, ...(over === undefined ? isNone : isThat) }))
        return 'replaced'
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'raced'
        throw error
      }
    },
  }
}
