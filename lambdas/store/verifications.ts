// What Customer.io said when it was last asked about something, per org and topic. The latest word stands.
import { type DynamoDBClient, PutItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import { type Verification, type VerificationTopic, verificationSchema } from '../../contract/verification.ts'
import { parseVerificationSort, settingPrefixes, verificationKey } from './setting-keys.ts'

export interface Verifications {
  /** Every topic's, by topic. One that cannot be read is left out: it is asked about again. */
  list(org: OrgSlug): Promise<ReadonlyMap<string, Verification>>
  put(org: OrgSlug, topic: VerificationTopic, verification: Verification): Promise<void>
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
    async put(org, topic, verification) {
      const Item = marshall({ ...verification, ...verificationKey(org, topic) }, { removeUndefinedValues: true })
      await client.send(new PutItemCommand({ TableName: table, Item }))
    },
  }
}
