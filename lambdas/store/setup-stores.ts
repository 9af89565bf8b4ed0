// The tables as the routes about the set-up read and write them.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import type { ResultScope } from '../../contract/result-cell.ts'
import { makeChangeStore } from './changes.ts'
import { makeEventStore } from './events.ts'
import { makeImportStore } from './imports.ts'
import { makeNoteKeyUse } from './key-uses.ts'
import { makeLookAtEvent } from './look-at-event.ts'
import { listPending } from './pending-restatements.ts'
import { makeQuarantine } from './quarantine.ts'
import { findRecounted } from './recounted.ts'
import { type DayRange, readResults } from './results.ts'
import { makeSettingLists } from './setting-lists.ts'
import { makeSettingsStore } from './settings.ts'
import { listSightings } from './sightings.ts'
import { makeVerifications } from './verifications.ts'

export interface SetupTables {
  readonly EVENTS_TABLE: string
  readonly RESULTS_TABLE: string
  readonly SETTINGS_TABLE: string
}

export function makeSetupStores(client: DynamoDBClient, tables: SetupTables) {
  const { findOrg, findApiKey, findTemplate } = makeSettingsStore(client, tables.SETTINGS_TABLE)
  return {
    findOrg,
    findApiKey,
    findTemplate,
    noteKeyUse: makeNoteKeyUse(client, tables.SETTINGS_TABLE),
    ...makeSettingLists(client, tables.SETTINGS_TABLE),
    listSightings: (org: OrgSlug) => listSightings(client, tables.EVENTS_TABLE, org),
    listImports: makeImportStore(client, tables.SETTINGS_TABLE).list,
    listSetAside: makeQuarantine(client, tables.EVENTS_TABLE).list,
    listRestatements: async (org: OrgSlug) =>
      (await listPending(client, tables.SETTINGS_TABLE, org)).map(({ restatement }) => restatement),
    findRecounted: (org: OrgSlug) => findRecounted(client, tables.SETTINGS_TABLE, org),
    verifications: makeVerifications(client, tables.SETTINGS_TABLE),
    addAudit: makeChangeStore(client, tables.SETTINGS_TABLE).addAudit,
    append: makeEventStore(client, tables.EVENTS_TABLE).append,
    lookAt: makeLookAtEvent(client, tables.EVENTS_TABLE),
    readDays: (org: OrgSlug, scope: ResultScope, days: DayRange) =>
      readResults(client, tables.RESULTS_TABLE, org, scope, days),
  }
}
