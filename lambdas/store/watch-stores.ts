// The tables as the schedule that asks Customer.io reads and writes them.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { makeChangeStore } from './changes.ts'
import { makeSettingLists } from './setting-lists.ts'
import { makeSettingsStore } from './settings.ts'
import { makeVerifications } from './verifications.ts'

export function makeWatchStores(client: DynamoDBClient, table: string) {
  const { findOrg, findTemplate } = makeSettingsStore(client, table)
  const { listTemplates, listIntegrations } = makeSettingLists(client, table)
  return {
    findOrg,
    findTemplate,
    listTemplates,
    listIntegrations,
    verifications: makeVerifications(client, table),
    addAudit: makeChangeStore(client, table).addAudit,
  }
}
