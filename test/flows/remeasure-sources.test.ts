// Counting anew goes on past a delivery that cannot be measured, says so, and ends once it can be.
import { beforeAll, describe, expect, test } from 'vitest'
import { type TemplateId, templateIdSchema } from '../../contract/ids.ts'
import { maxSetAside, type Restatement } from '../../contract/restatement.ts'
import { restatementId, restatingOf } from '../../lambdas/domain/measuring/restate.ts'
import { measureSubjects } from '../../lambdas/flows/measure-subjects.ts'
import { type RemeasureDeps, remeasureSources } from '../../lambdas/flows/remeasure-sources.ts'
import { makeMeasureOutcomes } from '../../lambdas/handlers/measure-outcomes.ts'
import { makeRestatedDeliveries } from '../../lambdas/store/restated-deliveries.ts'
import { makeRestatementStore } from '../../lambdas/store/restatements.ts'
import { readResults } from '../../lambdas/store/results.ts'
import { makeSettingLists } from '../../lambdas/store/setting-lists.ts'
import { integrations, message, rules } from '../exactness/scenarios.ts'
import { orgOf } from '../support/copy-settings.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { depsOn, storeSettings } from '../support/script-run.ts'
import { makeRecords, storeEvent } from '../support/stream.ts'

const org = orgOf('restated')
const sends = 12
const [mapped] = integrations
if (mapped === undefined) throw new Error('no integration to map')
const what = { kind: 'source', source: mapped.source, templateId: mapped.templateId } as const
const id = restatementId(what)
let database: TestDatabase

beforeAll(async () => {
  database = await makeTables()
  const { client, tables } = database
  await storeSettings({ identifier: 'id', integrations: [], rules }, database, org)
  const measure = makeMeasureOutcomes(depsOn(client, tables, 1))
  // Two of one person, who is not the one of the bad delivery: they are measured together.
  const events = Array.from({ length: sends }, (_, at) => message(`D${at}`, 'sent', { person: String(at % 11) }))
  for (const event of events) await storeEvent(client, tables.events, org, event)
  const records = await Promise.all(
    events.map((event, at) => makeRecords(client, tables.events, org)(event, String(at))),
  )
  expect(await measure({ Records: records.flat() })).toEqual({ batchItemFailures: [] })
  await storeSettings({ identifier: 'id', integrations, rules }, database, org)
})

/** What counting anew needs, on the tables; reading one of the deliveries named throws. */
function depsWith(bad: readonly string[]): RemeasureDeps {
  const { client, tables } = database
  const measuring = depsOn(client, tables, 1)
  const readSubject: typeof measuring.readSubject = (org, subject) =>
    bad.includes(subject.id) ? Promise.reject(new Error(`${subject.id} is bad`)) : measuring.readSubject(org, subject)
  return {
    ...makeRestatementStore(client, tables.settings),
    ...makeSettingLists(client, tables.settings),
    ...makeRestatedDeliveries(client, tables),
    measure: (org, subjects) => measureSubjects({ ...measuring, readSubject }, org, subjects),
    now: Date.now,
  }
}

const request = () => makeRestatementStore(database.client, database.tables.settings).request(org, what, 0)
const goOn = (deps: RemeasureDeps) => remeasureSources(deps, org, id, Date.now() + 60_000)

async function countMapped(): Promise<number> {
  const days = { from: '0000-01-01', to: '9999-12-31' }
  const cells = await readResults(database.client, database.tables.results, org, what.templateId, days)
  return cells.reduce((sum, { counts }) => sum + (counts.sent ?? 0), 0)
}

test('sets the bad delivery aside, counts every other one, and ends when it has become good', async () => {
  await request()
  const deps = depsWith(['D3'])
  expect(await goOn(deps)).toMatchObject({ kind: 'aside', deliveries: 1, cause: new Error('D3 is bad') })
  expect(await countMapped()).toBe(sends - 1)
  const standing = await deps.find(org, id)
  expect(standing).toMatchObject({ pass: 3, aside: ['D3'] })
  expect(restatingOf(what.templateId, standing ? [standing] : [])).toMatchObject({ reason: 'mapping', aside: 1 })
  // The schedule brings it again; nothing has changed.
  expect(await goOn(deps)).toMatchObject({ kind: 'aside', deliveries: 1 })
  expect(await goOn(depsWith([]))).toEqual({ kind: 'done' })
  expect(await countMapped()).toBe(sends)
  expect(await deps.find(org, id)).toBeUndefined()
})

test('tries in the second pass what was set aside in the first', async () => {
  await request()
  const deps = depsWith(['D3', 'D5'])
  let passes = 0
  const save: RemeasureDeps['save'] = async (org, before, progress) => {
    if (progress.pass === 2) passes++
    return deps.save(org, before, progress)
  }
  const measure: RemeasureDeps['measure'] = (...args) => (passes === 0 ? deps : depsWith([])).measure(...args)
  expect(await goOn({ ...deps, save, measure })).toEqual({ kind: 'done' })
  expect(passes).toBe(1)
})

describe('when more fails than single deliveries', () => {
  test(`stands still behind ${maxSetAside} of them, and is tried again from there`, async () => {
    await request()
    const deps = depsWith([])
    const deliveries = Array.from({ length: 40 }, (_, at) => String(at))
    let pages = 0
    const readPage: RemeasureDeps['readPage'] = async () => ({
      deliveries: deliveries.map((one) => `${pages++} ${one}`),
      after: 'more',
    })
    const measure: RemeasureDeps['measure'] = async (_org, subjects) => ({
      failed: subjects.map((subject) => ({ subject, cause: new Error('the table is down') })),
      races: 0,
      unmatched: 0,
    })
    await expect(goOn({ ...deps, readPage, measure })).rejects.toThrow(`more than ${maxSetAside}`)
    const standing: Restatement | undefined = await deps.find(org, id)
    expect(standing?.pass).toBe(1)
    expect(standing?.aside).toHaveLength(80)
    expect(await goOn(deps)).toEqual({ kind: 'done' })
  })
})

test('a source that goes from one template to another takes its sends along, found under the one that it left', async () => {
  const of = orgOf('moved')
  const { client, tables } = database
  const promo = templateIdSchema.parse('promo')
  const left = { kind: 'source', source: mapped.source, templateId: mapped.templateId } as const
  const joined = { ...left, templateId: promo }
  await storeSettings({ identifier: 'id', integrations, rules }, database, of)
  const events = ['D1', 'D2', 'D3'].map((delivery) => message(delivery, 'sent', { person: delivery }))
  for (const event of events) await storeEvent(client, tables.events, of, event)
  const recordOf = makeRecords(client, tables.events, of)
  const records = await Promise.all(events.map((event, at) => recordOf(event, String(at))))
  await makeMeasureOutcomes(depsOn(client, tables, 1))({ Records: records.flat() })
  await storeSettings({ identifier: 'id', integrations: [{ ...mapped, templateId: promo }], rules }, database, of)
  const sentOf = async (template: TemplateId) => {
    const cells = await readResults(client, tables.results, of, template, { from: '0000-01-01', to: '9999-12-31' })
    return cells.reduce((sum, { counts }) => sum + (counts.sent ?? 0), 0)
  }
  const restate = async (what: typeof left) => {
    await makeRestatementStore(client, tables.settings).request(of, what, 0)
    const { kind } = await remeasureSources(depsWith([]), of, restatementId(what), Date.now() + 60_000)
    return { kind, welcome: await sentOf(mapped.templateId), promo: await sentOf(promo) }
  }
  // The one that it joined has no day on which to look; a change of the mapping therefore asks for both.
  expect(await restate(joined)).toEqual({ kind: 'done', welcome: 3, promo: 0 })
  expect(await restate(left)).toEqual({ kind: 'done', welcome: 0, promo: 3 })
})
