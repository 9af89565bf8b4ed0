// All that a recount reads of the tables, and the little that it keeps there.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import type { RecountBegun, Recounted, RecountRun } from '../../contract/recounted.ts'
import { makeKeptPages, makeReadMessages } from './kept-scan.ts'
import { listOrgs } from './org-list.ts'
import { makeOutcomeStore } from './outcomes.ts'
import { makeRecountReads, type RecountTables } from './recount-reads.ts'
import {
  findRecountBegun,
  findRecounted,
  findRecountRun,
  saveRecountBegun,
  saveRecounted,
  saveRecountRun,
} from './recounted.ts'
import { makeSettingsStore } from './settings.ts'

export function makeRecountStores(client: DynamoDBClient, tables: RecountTables & { readonly events: string }) {
  const { readAt, readRevisions } = makeOutcomeStore(client, tables)
  const { settings } = tables
  return {
    ...makeRecountReads(client, tables),
    listOrgs: () => listOrgs(client, settings),
    findOrg: makeSettingsStore(client, settings).findOrg,
    findRecounted: (org: OrgSlug) => findRecounted(client, settings, org),
    saveRecounted: (org: OrgSlug, recounted: Recounted) => saveRecounted(client, settings, org, recounted),
    findRecountBegun: (org: OrgSlug) => findRecountBegun(client, settings, org),
    saveRecountBegun: (org: OrgSlug, begun: RecountBegun) => saveRecountBegun(client, settings, org, begun),
    findRun: (org: OrgSlug) => findRecountRun(client, settings, org),
    saveRun: (org: OrgSlug, run: RecountRun) => saveRecountRun(client, settings, org, run),
    keptPages: makeKeptPages(client, tables.events),
    readMessages: makeReadMessages(client, tables.events),
    readAt,
    readRevisions,
  }
}
