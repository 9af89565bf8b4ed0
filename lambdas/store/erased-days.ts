// The days from whose outcomes somebody was erased, with a mark that is another after every erasure.
import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import { erasedDayPrefix, parseErasedDay } from './setting-keys.ts'

/** Marks by day; strongly consistent. */
export async function listErasedDays(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
): Promise<Map<string, string>> {
  const marks = new Map<string, string>()
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: marshall({ ':pk': org, ':prefix': erasedDayPrefix }),
  }
  for await (const { Items = [] } of paginateQuery({ client }, query)) {
    for (const { sk, mark } of Items) marks.set(parseErasedDay(sk?.S ?? ''), mark?.S ?? '')
  }
  return marks
}
