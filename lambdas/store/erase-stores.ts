// Everything of the tables that erasing a person reads and writes.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { OrgSlug } from '../../contract/ids.ts'
import type { SubjectRef } from '../domain/measuring/group-subjects.ts'
import { makeChangeStore } from './changes.ts'
import { makeErasure } from './erasure.ts'
import { makeErasureStore } from './erasures.ts'
import { makeImportStore } from './imports.ts'
import { makeNoteKeyUse } from './key-uses.ts'
import { makeOutcomeStore } from './outcomes.ts'
import { makeQuarantine } from './quarantine.ts'
import { makeSettingsStore } from './settings.ts'
import { readSubject } from './subjects.ts'

export interface EraseTables {
  readonly events: string
  readonly outcomes: string
  readonly settings: string
}

export function makeEraseStores(client: DynamoDBClient, tables: EraseTables) {
  return {
    findApiKey: makeSettingsStore(client, tables.settings).findApiKey,
    noteKeyUse: makeNoteKeyUse(client, tables.settings),
    addAudit: makeChangeStore(client, tables.settings).addAudit,
    erasures: makeErasureStore(client, tables.settings),
    imports: makeImportStore(client, tables.settings),
    quarantine: makeQuarantine(client, tables.events),
    // Results are not touched: what is left counts as before.
    readPerson: makeOutcomeStore(client, { outcomes: tables.outcomes, results: '' }).readPerson,
    readEvents: (org: OrgSlug, subject: Pick<SubjectRef, 'kind' | 'id'>) =>
      readSubject(client, tables.events, org, subject),
    ...makeErasure(client, tables),
  }
}
