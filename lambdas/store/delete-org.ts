// Takes every item of an org out of a table. A scan: for an operator's command.
import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import { batchWrite } from './batch-write.ts'
import { openImportKey, openImportsPartition, restatementPrefix, restatementsPartition } from './setting-keys.ts'

/** Deletes what is under the org's keys, or with `dryRun` only counts it. @returns how many items */
export async function deleteOrgItems(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
  dryRun: boolean,
  onPage: (items: number) => void = () => undefined,
): Promise<number> {
  const query = {
    TableName: table,
    ConsistentRead: true,
    FilterExpression: [
      'pk = :org OR begins_with(pk, :prefix)',
      '(pk = :restated AND begins_with(sk, :own))',
      '(pk = :imports AND begins_with(sk, :open))',
    ].join(' OR '),
    ProjectionExpression: 'pk, sk',
    ExpressionAttributeValues: marshall({
      ...{ ':org': org, ':prefix': `${org}#` },
      ...{ ':restated': restatementsPartition, ':own': restatementPrefix(org) },
      ...{ ':imports': openImportsPartition, ':open': openImportKey(org, '').sk },
    }),
  }
  let count = 0
  for await (const { Items = [] } of paginateScan({ client }, query)) {
    const requests = Items.map(({ pk, sk }) => ({
      DeleteRequest: { Key: { pk: pk ?? { S: '' }, sk: sk ?? { S: '' } } },
    }))
    if (!dryRun) await batchWrite(client, table, requests)
    count += requests.length
    onPage(count)
  }
  return count
}
