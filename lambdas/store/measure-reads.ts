// What measuring reads besides outcomes: events, what the org has set, the integrations of sources; and how it forgets what
// was erased. Strongly consistent
// and never cached, because every decision hangs on them.
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { type OrgSlug, type PersonKey, sourceRefSchema } from '../../contract/ids.ts'
import { type Integration, integrationSchema } from '../../contract/integration.ts'
import { orgSchema } from '../../contract/org.ts'
import type { SubjectRef } from '../domain/measuring/group-subjects.ts'
import { metricsInForce } from '../domain/measuring/metric-rules.ts'
import type { MeasureSettings } from '../domain/measuring/plan-measurement.ts'
import { batchGet } from './batch-get.ts'
import { makeForget } from './forget.ts'
import { integrationKey, orgKey } from './setting-keys.ts'
import { readCustomEvents, readSubject } from './subjects.ts'

export function makeMeasureReads(client: DynamoDBClient, tables: { events: string; settings: string }) {
  return {
    readSubject: (org: OrgSlug, subject: SubjectRef) => readSubject(client, tables.events, org, subject),
    forgetSubject: makeForget(client, tables.events).forgetSubject,

    readCustomEvents: (org: OrgSlug, person: PersonKey) => readCustomEvents(client, tables.events, org, person),

    /** The identifier that joins a person's events (`id` for an org without settings), and how custom events count. */
    async findSettings(org: OrgSlug): Promise<MeasureSettings> {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tables.settings, Key: marshall(orgKey(org)), ConsistentRead: true }),
      )
      const found = Item === undefined ? undefined : orgSchema.parse(unmarshall(Item))
      return { identifier: found?.personIdentifier ?? 'id', metrics: metricsInForce(found) }
    },

    /** The integrations of some sources; a source that no template names is left out. */
    async findIntegrations(org: OrgSlug, sources: readonly string[]): Promise<Map<string, Integration>> {
      const keys = sources.map((source) => integrationKey(org, sourceRefSchema.parse(source)))
      const items = await batchGet(client, tables.settings, keys)
      const integrations = items.map((item) => integrationSchema.parse(item))
      return new Map(integrations.map((integration) => [integration.source, integration]))
    },
  }
}
