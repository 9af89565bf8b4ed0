// Everything of the tables that the routes of the console and of administrators read and write.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import type { SubjectRef } from '../domain/measuring/group-subjects.ts'
import { makeChangeStore } from './changes.ts'
import { makeEventStore } from './events.ts'
import { makeReadLately } from './feed.ts'
import { makeNoteKeyUse } from './key-uses.ts'
import { makeOutcomeStore } from './outcomes.ts'
import { makeQuarantine } from './quarantine.ts'
import { makeReadRateLimits } from './rate-limits.ts'
import { makeSettingLists } from './setting-lists.ts'
import { makeSettingsStore } from './settings.ts'
import { readSubject } from './subjects.ts'

export interface ManageTables {
  readonly events: string
  readonly outcomes: string
  readonly results: string
  readonly settings: string
}

export function makeManageStores(client: DynamoDBClient, tables: ManageTables, now: () => number) {
  const { findOrg, findApiKey, findTemplate } = makeSettingsStore(client, tables.settings)
  const outcomes = makeOutcomeStore(client, tables)
  return {
    findOrg,
    findApiKey,
    findTemplate,
    noteKeyUse: makeNoteKeyUse(client, tables.settings),
    readRateLimits: makeReadRateLimits(client, tables.settings),
    ...makeSettingLists(client, tables.settings),
    ...makeChangeStore(client, tables.settings, now),
    readEvents: (org: OrgSlug, subject: Pick<SubjectRef, 'kind' | 'id'>) =>
      readSubject(client, tables.events, org, subject),
    readNewest: outcomes.readNewest,
    readAt: outcomes.readAt,
    readLately: makeReadLately(client, tables.outcomes, now),
    events: makeEventStore(client, tables.events),
    quarantine: makeQuarantine(client, tables.events),
  }
}
