// Every partition of `events` that may change outcomes, of one org. A scan reads every org's items: it is an operator's command,
// not a request's.
import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import type { SubjectRef } from '../domain/measuring/group-subjects.ts'
import { parseEventPartition } from './event-keys.ts'

/** Walks the subjects of an org. Items of one partition stand together, so each comes once, or twice where pages meet. */
export function makeSubjectScan(client: DynamoDBClient, table: string) {
  return async function* (org: OrgSlug): AsyncIterable<SubjectRef> {
    const query = {
      TableName: table,
      ConsistentRead: true,
      FilterExpression: 'begins_with(pk, :org) AND kind IN (:message, :serve, :custom)',
      ProjectionExpression: 'pk, kind',
      ExpressionAttributeValues: marshall({
        ':org': `${org}#`,
        ...{ ':message': 'message', ':serve': 'serve', ':custom': 'custom' },
      }),
    }
    for await (const { Items = [] } of paginateScan({ client }, query)) {
      const kinds = new Map<string, boolean>()
      for (const { pk, kind } of Items) {
        const partition = String(pk?.S)
        kinds.set(partition, kinds.get(partition) === true || kind?.S === 'custom')
      }
      for (const [partition, withCustoms] of kinds) yield* subjectOf(partition, withCustoms)
    }
  }
}

/** What happened to a person without a delivery measures nothing, unless it is a custom event. */
function subjectOf(partition: string, withCustoms: boolean): SubjectRef[] {
  const parsed = parseEventPartition(partition)
  if (parsed === undefined || parsed.kind === 'quarantine') return []
  if (parsed.kind === 'person' && !withCustoms) return []
  return [{ kind: parsed.kind, id: parsed.id, joins: true }]
}
