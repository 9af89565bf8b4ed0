// Every org of a stage. A scan: for an operator's commands and for schedules, not for requests.
import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { type OrgSlug, orgSlugSchema } from '../../contract/ids.ts'
import { orgSort } from './setting-keys.ts'

/** In alphabetical order. */
export async function listOrgs(client: DynamoDBClient, table: string): Promise<OrgSlug[]> {
  const query = {
    TableName: table,
    FilterExpression: 'sk = :org',
    ProjectionExpression: 'pk',
    ExpressionAttributeValues: marshall({ ':org': orgSort }),
  }
  const orgs: OrgSlug[] = []
  for await (const { Items = [] } of paginateScan({ client }, query)) {
    for (const { pk } of Items) orgs.push(orgSlugSchema.parse(pk?.S))
  }
  return orgs.toSorted()
}
