// The tables as alerts are judged from: results, weights, settings, files, and whether anything came lately.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { OrgSlug, TemplateId } from '../../contract/ids.ts'
import { listAllocations } from './allocations.ts'
import { makeReadLately } from './feed.ts'
import { makeImportStore } from './imports.ts'
import { listPending } from './pending-restatements.ts'
import { type DayRange, findFirstDay, readResults } from './results.ts'
import { makeSettingLists } from './setting-lists.ts'
import { makeSettingsStore } from './settings.ts'
import { makeVerifications } from './verifications.ts'

export interface AlertReadTables {
  readonly outcomes: string
  readonly results: string
  readonly settings: string
}

interface Versions {
  readonly from: number
  readonly to: number
}

export function makeAlertReads(client: DynamoDBClient, tables: AlertReadTables, now: () => number) {
  const { findOrg, findTemplate } = makeSettingsStore(client, tables.settings)
  const { listTemplates, listIntegrations } = makeSettingLists(client, tables.settings)
  return {
    findOrg,
    findTemplate,
    listTemplates,
    listIntegrations,
    verifications: makeVerifications(client, tables.settings),
    listImports: makeImportStore(client, tables.settings).list,
    readLately: makeReadLately(client, tables.outcomes, now),
    listRestatements: async (org: OrgSlug) =>
      (await listPending(client, tables.settings, org)).map(({ restatement }) => restatement),
    readResults: (org: OrgSlug, template: TemplateId, days: DayRange) =>
      readResults(client, tables.results, org, template, days),
    findFirstDay: (org: OrgSlug, template: TemplateId) => findFirstDay(client, tables.results, org, template),
    listAllocations: (org: OrgSlug, template: TemplateId, versions: Versions) =>
      listAllocations(client, tables.settings, org, template, versions),
  }
}
