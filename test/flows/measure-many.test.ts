// What does not fit one transaction is committed in parts, and comes out exact.
import { beforeAll, describe, expect, test } from 'vitest'
import { copyIdSchema, type OrgSlug, templateIdSchema } from '../../contract/ids.ts'
import { usualMetricRules } from '../../contract/metric.ts'
import { recountResults } from '../../lambdas/flows/recount/recount-results.ts'
import { type MeasureOutcomesDeps, makeMeasureOutcomes } from '../../lambdas/handlers/measure-outcomes.ts'
import { makeRecountReads } from '../../lambdas/store/recount-reads.ts'
import { integrations } from '../exactness/scenarios.ts'
import { orgOf } from '../support/copy-settings.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import type { World } from '../support/oracle.ts'
import type { Passage, ScriptEvent } from '../support/script.ts'
import { compareResults, compareTotals, countLeftOver } from '../support/script-check.ts'
import { depsOn, storeSettings } from '../support/script-run.ts'
import { makeRecords, storeEvent } from '../support/stream.ts'

const noon = Date.UTC(2026, 10, 20, 12) / 1000
const org = orgOf('many')
let database: TestDatabase

beforeAll(async () => {
  database = await makeTables()
})

const sent = (at: number, days: number, object_type = 'email'): ScriptEvent => ({
  kind: 'message',
  body: {
    ...{ event_id: `E${at}`, object_type, metric: 'sent', timestamp: noon + at + days * 86_400 },
    data: { delivery_id: `D${at}`, campaign_id: 23, identifiers: { id: '1' } },
  },
  times: 1,
})
const boughtOn = (days: number, name: string, value = '2'): ScriptEvent => {
  const row = { event_id: name, name, user_id: '1', timestamp: (noon + days * 86_400) * 1000, value }
  return { kind: 'custom', mode: 'first', identifier: 'id', rows: [row], row, times: 1 }
}
const bought = (name: string) => boughtOn(40, name, '999999999.99')
/** Of 60 templates, asked for one after the other. */
const servedAs = (at: number): ScriptEvent => ({
  kind: 'serve',
  name: { kind: 'tracking', id: 'batch' },
  ordinal: 0,
  serve: {
    ...{ kind: 'serve', serveId: `sv_${at}`, templateId: templateIdSchema.parse(at === 0 ? 'welcome' : `t${at}`) },
    ...{ copyId: copyIdSchema.parse('a'), arm: 'treatment', servedAtMs: noon * 1000 + at, userId: '1' },
    ...{ trackingId: 'batch', choice: 'drawn', allocationVersion: 0, probability: 0.5, copyBytes: 10, oversize: false },
  },
  times: 1,
})

test('one person, 130 sends on 40 days, and an event that counts for every one of them', {
  timeout: 60_000,
}, async () => {
  const { client, tables } = database
  const rules = {
    currency: 'EUR',
    defaults: { ...usualMetricRules, model: 'every', windowSeconds: 60 * 86_400 },
    metrics: [],
  } as const
  const world = { identifier: 'id', integrations, rules } as const
  await storeSettings(world, database, org)
  const events = [...Array.from({ length: 130 }, (_, at) => sent(at, at % 40)), bought('purchase'), bought('refund')]
  const measure = makeMeasureOutcomes(depsOn(client, tables, 1))
  for (const part of [events.slice(0, 70), events.slice(70, 130), events.slice(130)]) {
    for (const event of part) await storeEvent(client, tables.events, org, event)
    const records = await Promise.all(
      part.map((event, at) => makeRecords(client, tables.events, org)(event, String(at))),
    )
    expect(await measure({ Records: records.flat() })).toEqual({ batchItemFailures: [] })
  }
  const { found, expected } = await compareResults({ ...world, events }, database, org)
  expect(JSON.stringify(found)).toContain('"sends":130')
  expect(sumsOf(found)).toEqual({
    ...sumsOf(expected),
    squares: { EUR: `${130n * 99_999_999_999n ** 2n}`.replace(/(?=.{4}$)/, '.') },
  })
  expect((await recountResults(makeRecountReads(client, tables), org, false)).drifts).toEqual([])
})

/** The oracle adds up doubles, which the squares of such amounts are beyond. */
function sumsOf(results: Record<string, unknown>): object {
  return JSON.parse(JSON.stringify(results)).welcome.arms['control null drawn'].events.purchase
}

describe('a consumer that crashes between the parts of one change', () => {
  const rules = { currency: 'EUR', defaults: { ...usualMetricRules, model: 'every' }, metrics: [] } as const
  const world = { identifier: 'id', integrations, rules } as const
  const passage: Passage = { seed: 1, consumers: 1, longestBatch: 1, lag: 0, trouble: 'none', attempts: 1 }

  /** Stores and measures; from the second on each commit of an invocation crashes it, `after` or before it is made. */
  async function measureCrashing(of: OrgSlug, events: readonly ScriptEvent[], after: boolean): Promise<number> {
    const { client, tables } = database
    for (const event of events) await storeEvent(client, tables.events, of, event)
    const recordOf = makeRecords(client, tables.events, of)
    const Records = (await Promise.all(events.map((event, at) => recordOf(event, String(at))))).flat()
    for (let invocations = 1; invocations < 50; invocations++) {
      const deps = depsOn(client, tables, 1)
      let commits = 0
      const commit: MeasureOutcomesDeps['outcomes']['commit'] = async (...args) => {
        const crashes = ++commits > 1
        if (crashes && !after) throw new Error('crashed')
        const committed = await deps.outcomes.commit(...args)
        if (crashes) throw new Error('crashed')
        return committed
      }
      const measure = makeMeasureOutcomes({ ...deps, outcomes: { ...deps.outcomes, commit } })
      if ((await measure({ Records })).batchItemFailures.length === 0) return invocations
    }
    throw new Error('never came to an end')
  }

  async function expectExact(whole: World & { readonly events: readonly ScriptEvent[] }, of: OrgSlug) {
    const results = await compareResults(whole, database, of)
    expect(results.found).toEqual(results.expected)
    const totals = await compareTotals(whole, database, of)
    expect(totals.found).toEqual(totals.expected)
    expect(await countLeftOver({ ...whole, passage }, database, of)).toBe(0)
  }

  test.each([
    ['before a commit', false],
    ['after a commit', true],
  ])('counts 60 serves that one tracking id named, %s', { timeout: 60_000 }, async (_, after) => {
    const of = orgOf(`serves-${after}`)
    await storeSettings(world, database, of)
    const events = Array.from({ length: 60 }, (_, at) => servedAs(at))
    expect(await measureCrashing(of, events, after)).toBeGreaterThan(1)
    await expectExact({ ...world, events }, of)
  })

  test.each([
    ['before a commit', false],
    ['after a commit', true],
  ])(
    'explains 40 sends of an undocumented channel anew once they are mapped, %s',
    { timeout: 60_000 },
    async (_, after) => {
      const of = orgOf(`mapped-${after}`)
      await storeSettings({ ...world, integrations: [] }, database, of)
      const earlier = Array.from({ length: 40 }, (_, at) => sent(at, at, 'pigeon'))
      await measureCrashing(of, earlier, after)
      await storeSettings(world, database, of)
      const later = sent(40, 40, 'pigeon')
      expect(await measureCrashing(of, [later], after)).toBeGreaterThan(1)
      await expectExact({ ...world, events: [...earlier, later] }, of)
    },
  )

  test('counts 30 event names for each of 12 sends', { timeout: 60_000 }, async () => {
    const of = orgOf('names')
    await storeSettings(world, database, of)
    const sends = Array.from({ length: 12 }, (_, at) => sent(at, at))
    const names = Array.from({ length: 30 }, (_, at) => boughtOn(12, `name ${at}`))
    expect(await measureCrashing(of, [...sends, ...names], true)).toBeGreaterThan(1)
    await expectExact({ ...world, events: [...sends, ...names] }, of)
  })
})

test('110 deliveries that each name the person of the next one too', { timeout: 60_000 }, async () => {
  const { client, tables } = database
  const of = orgOf('chain')
  const rules = { currency: 'EUR', defaults: usualMetricRules, metrics: [] } as const
  await storeSettings({ identifier: 'id', integrations, rules }, database, of)
  const events = Array.from({ length: 110 }, (_, at) => [named(at, 'sent', at), named(at, 'delivered', at + 1)]).flat()
  await Promise.all(events.map((event) => storeEvent(client, tables.events, of, event)))
  const recordOf = makeRecords(client, tables.events, of)
  const Records = (await Promise.all(events.map((event, at) => recordOf(event, String(at))))).flat()
  expect(await makeMeasureOutcomes(depsOn(client, tables, 1))({ Records })).toEqual({ batchItemFailures: [] })
  const { found, expected } = await compareResults({ identifier: 'id', integrations, rules, events }, database, of)
  expect(found).toEqual(expected)
})

function named(at: number, metric: string, person: number): ScriptEvent {
  const data = { delivery_id: `D${at}`, campaign_id: 23, identifiers: { id: `p${person}` } }
  const body = { event_id: `${metric}-${at}`, object_type: 'email', metric, timestamp: noon + at, data }
  return { kind: 'message', body, times: 1 }
}
