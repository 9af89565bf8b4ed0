// What the stream gave up on is found by a walk over all events; what was measured already stays as it is.
import { beforeAll, beforeEach, expect, it } from 'vitest'
import type { OrgSlug } from '../../contract/ids.ts'
import { measureEvents } from '../../lambdas/flows/measure-events.ts'
import { measureSubjects } from '../../lambdas/flows/measure-subjects.ts'
import { makeMeasureOutcomes } from '../../lambdas/handlers/measure-outcomes.ts'
import { makeSubjectScan } from '../../lambdas/store/subject-scan.ts'
import { integrations, message, purchase, rules, serve } from '../exactness/scenarios.ts'
import { orgOf } from '../support/copy-settings.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import type { ScriptEvent } from '../support/script.ts'
import { compareResults, compareTotals } from '../support/script-check.ts'
import { depsOn, storeSettings } from '../support/script-run.ts'
import { makeRecords, storeEvent } from '../support/stream.ts'

let database: TestDatabase
let orgs = 0
let org: OrgSlug

beforeAll(async () => {
  database = await makeTables()
})
beforeEach(async () => {
  org = orgOf(`walk-${orgs++}`)
  await storeSettings({ identifier: 'id', integrations, rules }, database, org)
})

async function store(events: readonly ScriptEvent[]) {
  for (const event of events) await storeEvent(database.client, database.tables.events, org, event)
}

/** Walks, with commits counted. */
async function walk(scanSubjects = makeSubjectScan(database.client, database.tables.events)) {
  const deps = depsOn(database.client, database.tables, 1)
  let commits = 0
  const commit: typeof deps.outcomes.commit = (...args) => {
    commits++
    return deps.outcomes.commit(...args)
  }
  const measuring = { ...deps, outcomes: { ...deps.outcomes, commit } }
  const measured = await measureEvents({
    org,
    scanSubjects,
    measure: (of, page) => measureSubjects(measuring, of, page),
  })
  return { ...measured, commits }
}

const usual = [
  serve('S1', 'a', { person: '1' }),
  message('CS1', 'sent', { second: 1, data: { action_id: 7 } }),
  message('D1', 'sent'),
  message('D1', 'opened', { second: 20 }),
  message('D2', 'clicked', { second: 30, person: '2' }),
  purchase(20, {}),
  purchase(30, { user_id: undefined, delivery_id: 'D1' }),
]

it('counts all that was given up, of whatever kind, and then finds nothing more to do', async () => {
  await store(usual)
  expect(await walk()).toMatchObject({ subjects: 4, failed: 0, causes: [] })
  const world = { identifier: 'id', integrations, rules, events: usual } as const
  const [results, totals] = [await compareResults(world, database, org), await compareTotals(world, database, org)]
  expect(results.found).toEqual(results.expected)
  expect(totals.found).toEqual(totals.expected)
  expect(await walk()).toMatchObject({ subjects: 4, failed: 0, commits: 0 })
})

it('adds what was given up to what was measured', async () => {
  const { client, tables } = database
  await store(usual)
  const opened = usual.slice(3, 4)
  const Records = (await Promise.all(opened.map((event) => makeRecords(client, tables.events, org)(event, '1')))).flat()
  await makeMeasureOutcomes(depsOn(client, tables, 1))({ Records })
  expect((await walk()).commits).toBeGreaterThan(0)
  const { found, expected } = await compareResults(
    { identifier: 'id', integrations, rules, events: usual },
    database,
    org,
  )
  expect(found).toEqual(expected)
})

it('says of what could not be measured how much it is and why, and goes on', async () => {
  await store([message('D1', 'sent')])
  const cause = new TypeError('of somebody: ann@x.org')
  const failing = await measureEvents({
    org,
    scanSubjects: makeSubjectScan(database.client, database.tables.events),
    measure: async (_, subjects) => ({
      failed: subjects.map((subject) => ({ subject, cause })),
      races: 0,
      unmatched: 0,
    }),
  })
  expect(failing).toEqual({ subjects: 1, failed: 1, causes: ['TypeError'] })
})

it('takes a partition that a scan gives twice for one', async () => {
  await store([message('D1', 'sent')])
  const scan = makeSubjectScan(database.client, database.tables.events)
  const twice = async function* (of: OrgSlug) {
    yield* scan(of)
    yield* scan(of)
  }
  expect(await walk(twice)).toMatchObject({ subjects: 1, failed: 0, commits: 1 })
})

it('sees nothing of an org whose name begins alike', async () => {
  await store([message('D1', 'sent')])
  const subjects = await Array.fromAsync(makeSubjectScan(database.client, database.tables.events)(orgOf(`${org}-b`)))
  expect(subjects).toEqual([])
})
