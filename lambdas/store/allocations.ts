// Weights of templates in the `settings` table: the version in force beside the template, every version in a list of its own. Both
// are written in one transaction, so that of two runs at once one wins whole.
import {
  type DynamoDBClient,
  paginateQuery,
  paginateScan,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { allocationSchema, type StoredAllocation } from '../../contract/allocation.ts'
import type { OrgSlug, TemplateId } from '../../contract/ids.ts'
import { allocationKey, allocationVersionKey, parseTemplateKey, settingPrefixes } from './setting-keys.ts'

/** Puts a version in force over the one before it, and into the list of all: both or neither. */
export function allocationPuts(table: string, org: OrgSlug, next: StoredAllocation): TransactWriteItem[] {
  const { templateId, version } = next
  const item = (key: object) => marshall({ ...next, ...key }, { removeUndefinedValues: true })
  const isFirst = version === 1
  const current = {
    TableName: table,
    Item: item(allocationKey(org, templateId)),
    ConditionExpression: isFirst ? 'attribute_not_exists(pk)' : 'version = :previous',
    ...(!isFirst && { ExpressionAttributeValues: marshall({ ':previous': version - 1 }) }),
  }
  const listed = {
    TableName: table,
    Item: item(allocationVersionKey(org, templateId, version)),
    ConditionExpression: 'attribute_not_exists(pk)',
  }
  return [{ Put: current }, { Put: listed }]
}

/** Stores a version over the one before it. `lost`: it is there already, or another one is in force. */
export async function saveAllocation(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
  next: StoredAllocation,
): Promise<'stored' | 'lost'> {
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems: allocationPuts(table, org, next) }))
    return 'stored'
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error
    const isLost = error.CancellationReasons?.some(({ Code }) =>
      /^(ConditionalCheckFailed|TransactionConflict)$/.test(Code ?? ''),
    )
    if (isLost) return 'lost'
    throw error
  }
}

/** Versions of a template's weights, both ends included, oldest first. */
export async function listAllocations(
  client: DynamoDBClient,
  table: string,
  org: OrgSlug,
  templateId: TemplateId,
  versions: { readonly from: number; readonly to: number },
): Promise<StoredAllocation[]> {
  const first = allocationVersionKey(org, templateId, versions.from)
  const last = allocationVersionKey(org, templateId, versions.to)
  const query = {
    TableName: table,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: marshall({ ':pk': first.pk, ':first': first.sk, ':last': last.sk }),
  }
  const found: StoredAllocation[] = []
  for await (const page of paginateQuery({ client }, query)) {
    found.push(...(page.Items ?? []).map((item) => allocationSchema.parse(unmarshall(item))))
  }
  return found
}

/**
 * Active templates of all orgs. A scan of the whole table: once an hour, by one function, is cheaper than an index that every
 * write of a setting would pay for.
 */
export async function* listActiveTemplates(client: DynamoDBClient, table: string) {
  const scan = {
    TableName: table,
    FilterExpression: 'begins_with(sk, :template) AND #status = :active AND attribute_exists(splitMode)',
    ProjectionExpression: 'pk, sk',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: marshall({ ':template': settingPrefixes.template, ':active': 'active' }),
  }
  for await (const page of paginateScan({ client }, scan)) {
    yield (page.Items ?? []).flatMap(({ pk, sk }) => parseTemplateKey({ pk: pk?.S ?? '', sk: sk?.S ?? '' }) ?? [])
  }
}
