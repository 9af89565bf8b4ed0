// A deployment goes out: outcomes that the code before stored are measured further by the code of now, with events on both
// sides of it, and come to what they would have come to without it.
import { readFileSync } from 'node:fs'
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, expect, it } from 'vitest'
import { measureEvents } from '../../lambdas/flows/measure-events.ts'
import { measureSubjects } from '../../lambdas/flows/measure-subjects.ts'
import { recountResults } from '../../lambdas/flows/recount/recount-results.ts'
import { makeRecountReads } from '../../lambdas/store/recount-reads.ts'
import { makeSubjectScan } from '../../lambdas/store/subject-scan.ts'
import { integrations, message, purchase, rules, serve } from '../exactness/scenarios.ts'
import { orgOf } from '../support/copy-settings.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import type { ScriptEvent } from '../support/script.ts'
import { depsOn, storeSettings } from '../support/script-run.ts'
import { storeEvent } from '../support/stream.ts'

const org = orgOf('before')
const yesterday: readonly ScriptEvent[] = [
  serve('S1', 'a', { person: '1' }),
  message('CS1', 'sent', { second: 1, data: { action_id: 7 } }),
  message('D1', 'sent'),
  message('D2', 'sent', { second: 40, person: '2' }),
]
const today: readonly ScriptEvent[] = [
  message('D1', 'opened', { second: 20 }),
  message('D2', 'clicked', { second: 50, person: '2' }),
  purchase(30, {}),
]
let database: TestDatabase
beforeAll(async () => {
  database = await makeTables()
  await storeSettings({ identifier: 'id', integrations, rules }, database, org)
})

async function store(events: readonly ScriptEvent[]) {
  for (const event of events) await storeEvent(database.client, database.tables.events, org, event)
}
const measure = () =>
  measureEvents({
    org,
    scanSubjects: makeSubjectScan(database.client, database.tables.events),
    measure: (of, page) => measureSubjects(depsOn(database.client, database.tables, 1), of, page),
  })

/** Rewrites every outcome without the members that the shape before did not have. @returns how many there are */
async function makeThemOld(): Promise<number> {
  const file = new URL('../data/stored-shapes-before.json', import.meta.url)
  const { outcome } = JSON.parse(readFileSync(file, 'utf8'))
  const judge = new Ajv2020({ strict: false }).compile(outcome.schema)
  const known = new Set<string>(
    outcome.schema.oneOf.flatMap(({ properties }: { properties: object }) => Object.keys(properties)),
  )
  const TableName = database.tables.outcomes
  const { Items = [] } = await database.client.send(new ScanCommand({ TableName }))
  const items = Items.map((item) => unmarshall(item)).filter((item) => item.outcome !== undefined)
  for (const item of items) {
    const old = Object.fromEntries(Object.entries(item.outcome).filter(([name]) => known.has(name)))
    expect(judge(old), JSON.stringify(judge.errors)).toBe(true)
    await database.client.send(new PutItemCommand({ TableName, Item: marshall({ ...item, outcome: old }) }))
  }
  return items.length
}

it('goes on from what the code before stored', async () => {
  await store(yesterday)
  expect(await measure()).toMatchObject({ failed: 0 })
  expect(await makeThemOld()).toBeGreaterThanOrEqual(3)
  await store(today)
  expect(await measure()).toMatchObject({ failed: 0 })
  const reads = makeRecountReads(database.client, database.tables)
  const recount = await recountResults(reads, org, false)
  expect(recount.drifts).toEqual([])
  const sums = (await reads.scanCounters(org)).map(({ counts }) => counts)
  const sum = (counter: string) => sums.reduce((all, counts) => all + (counts[counter] ?? 0), 0)
  // Two messages and the action's own call, which counts in a cell of its own.
  expect(['sent', 'opened', 'clicked', 'served'].map(sum)).toEqual([3, 1, 1, 1])
})
