// The restatements under way, from the `settings` table: few at any time.
import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import { type Restatement, restatementSchema } from '../../contract/restatement.ts'
import { parseRestatementSort, restatementPrefix, restatementsPartition } from './setting-keys.ts'

export interface Pending {
  readonly org: OrgSlug
  readonly id: string
  readonly restatement: Restatement
}

/** Of one org, or of all. */
export async function listPending(client: DynamoDBClient, table: string, org?: OrgSlug): Promise<Pending[]> {
  const prefix = org === undefined ? '' : restatementPrefix(org)
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: marshall({ ':pk': restatementsPartition, ...(prefix !== '' && { ':prefix': prefix }) }),
  }
  const pending: Pending[] = []
  for await (const page of paginateQuery({ client }, query)) {
    for (const item of page.Items ?? []) {
      const place = parseRestatementSort(item.sk?.S ?? '')
      if (place !== undefined) pending.push({ ...place, restatement: restatementSchema.parse(unmarshall(item)) })
    }
  }
  return pending
}
