// Whom a journey joins: a serve and a send of one person, and nobody else (decision 70).
import { beforeAll, expect, it } from 'vitest'
import { makeMeasureOutcomes } from '../../lambdas/handlers/measure-outcomes.ts'
import { integrations, message, rules, serve } from '../exactness/scenarios.ts'
import { orgOf } from '../support/copy-settings.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { compareResults } from '../support/script-check.ts'
import { depsOn, storeSettings } from '../support/script-run.ts'
import { makeRecords, storeEvent } from '../support/stream.ts'

const both = { id: '1', email: 'ann@x.org' }
let database: TestDatabase

beforeAll(async () => {
  database = await makeTables()
})

it.each([
  ['joins a call and a mail of one person', both, undefined, { journey: 1, latest: 0, none: 0 }],
  [
    'does not join a call that names an e-mail address with a mail that names an id too',
    { email: both.email },
    undefined,
    { journey: 0, latest: 0, none: 1 },
  ],
  ['joins them when the call asked for copy by the id', { email: both.email }, '1', { journey: 1, latest: 0, none: 0 }],
])('a journey %s', async (name, ofCall, person, join) => {
  const { client, tables } = database
  const org = orgOf(`journey-${name.length}`)
  await storeSettings({ identifier: 'id', integrations, rules }, database, org)
  const journey = { journey_id: 'J1' }
  const events = [
    serve('S1', 'a', person === undefined ? {} : { person }),
    message('CS1', 'sent', { second: 1, data: { ...journey, identifiers: ofCall } }),
    message('D1', 'sent', { data: { ...journey, identifiers: both } }),
  ]
  for (const event of events) {
    await storeEvent(client, tables.events, org, event)
    const Records = await makeRecords(client, tables.events, org)(event, '1')
    await makeMeasureOutcomes(depsOn(client, tables, 1))({ Records })
  }
  const { found, expected } = await compareResults({ identifier: 'id', integrations, rules, events }, database, org)
  expect(found).toEqual(expected)
  expect(found.welcome).toMatchObject({ join })
})
