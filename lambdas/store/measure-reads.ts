// What measuring reads besides outcomes: events, the org's identifier, the integrations of sources. Strongly consistent
// and never cached, because every decision hangs on them.
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { type OrgSlug, type PersonIdentifier, sourceRefSchema } from '../../contract/ids.ts'
import { type Integration, integrationSchema } from '../../contract/integration.ts'
import { orgSchema } from '../../contract/org.ts'
import type { SubjectRef } from '../domain/group-subjects.ts'
import { batchGet } from './batch-get.ts'
import { integrationKey, orgKey } from './keys.ts'
import { readSubject } from './subjects.ts'

export function makeMeasureReads(client: DynamoDBClient, tables: { events: string; settings: string }) {
  return {
    readSubject: (org: OrgSlug, subject: SubjectRef) => readSubject(client, tables.events, org, subject),

    /** The identifier that joins a person's events; `id` for an org without settings. */
    async findIdentifier(org: OrgSlug): Promise<PersonIdentifier> {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tables.settings, Key: marshall(orgKey(org)), ConsistentRead: true }),
      )
      return Item === undefined ? 'id' : orgSchema.parse(unmarshall(Item)).personIdentifier
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
