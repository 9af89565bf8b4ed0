// The measuring handler on records as Lambda delivers them: what it takes them for, and whose failures it reports.
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { beforeAll, describe, expect, it } from 'vitest'
import type { OrgSlug } from '../../contract/ids.ts'
import { type MeasureOutcomesDeps, makeMeasureOutcomes } from '../../lambdas/handlers/measure-outcomes.ts'
import { orgKey } from '../../lambdas/store/setting-keys.ts'
import { integrations, message, purchase, rules } from '../exactness/scenarios.ts'
import { orgOf } from '../support/copy-settings.ts'
import { laxClient, makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import type { ScriptEvent } from '../support/script.ts'
import { compareResults } from '../support/script-check.ts'
import { depsOn, storeSettings } from '../support/script-run.ts'
import { makeRecords, storeEvent } from '../support/stream.ts'

const content = { content: 'lorem ipsum '.repeat(120) }
let database: TestDatabase

beforeAll(async () => {
  database = await makeTables()
})

async function settle(org: OrgSlug) {
  await storeSettings({ identifier: 'id', integrations, rules }, database, org)
}

async function recordsOf(org: OrgSlug, event: ScriptEvent, sequenceNumber: string) {
  const { client, tables } = database
  await storeEvent(client, tables.events, org, event)
  return makeRecords(client, tables.events, org)(event, sequenceNumber)
}

/** The handler, and whether it looked at persons. */
function watched() {
  const deps = depsOn(database.client, database.tables, 1)
  const seen = { persons: 0 }
  const readPerson: MeasureOutcomesDeps['outcomes']['readPerson'] = (...args) => {
    seen.persons++
    return deps.outcomes.readPerson(...args)
  }
  return { seen, measure: makeMeasureOutcomes({ ...deps, outcomes: { ...deps.outcomes, readPerson } }) }
}

describe('engagement that is stored gzipped', () => {
  it('reads as engagement from a record with its bytes in base64, and looks at no person', async () => {
    const org = orgOf('gzipped')
    await settle(org)
    const [sent, opened] = [message('D1', 'sent'), message('D1', 'opened', { second: 20, data: content })]
    const first = watched()
    await first.measure({ Records: await recordsOf(org, sent, '1') })
    expect(first.seen.persons).toBeGreaterThan(0)

    const Records = await recordsOf(org, opened, '2')
    expect(typeof Records[0]?.dynamodb?.NewImage?.body?.B).toBe('string')
    const second = watched()
    expect(await second.measure({ Records })).toEqual({ batchItemFailures: [] })
    expect(second.seen.persons).toBe(0)
    const world = { identifier: 'id', integrations, rules, events: [sent, opened] } as const
    const { found, expected } = await compareResults(world, database, org)
    expect(found).toEqual(expected)
  })
})

describe('an org whose settings cannot be read', () => {
  it('fails alone: others in the batch are measured, and records of the same delivery id elsewhere are not reported', async () => {
    const [whole, broken] = [orgOf('whole'), orgOf('broken')]
    await settle(whole)
    const Item = marshall({ ...orgKey(broken), name: 7 })
    await laxClient().send(new PutItemCommand({ TableName: database.tables.settings, Item }))
    const events = [message('D1', 'sent'), purchase(20, {})]
    const Records = [
      ...(await recordsOf(broken, message('D1', 'sent'), '1')),
      ...(await recordsOf(whole, message('D1', 'sent'), '2')),
      ...(await recordsOf(broken, purchase(20, {}), '3')),
      ...(await recordsOf(whole, purchase(20, {}), '4')),
    ]
    const failed = { batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '3' }] }
    expect(await watched().measure({ Records })).toEqual(failed)
    const world = { identifier: 'id', integrations, rules, events } as const
    const { found, expected } = await compareResults(world, database, whole)
    expect(found).toEqual(expected)
  })
})
