// What does not fit one transaction is committed in parts, and comes out exact.
import { beforeAll, expect, test } from 'vitest'
import { usualMetricRules } from '../../contract/metric.ts'
import { recountResults } from '../../lambdas/flows/recount-results.ts'
import { makeMeasureOutcomes } from '../../lambdas/handlers/measure-outcomes.ts'
import { makeRecountReads } from '../../lambdas/store/recount-reads.ts'
import { integrations } from '../exactness/scenarios.ts'
import { orgOf } from '../support/copy-settings.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import type { ScriptEvent } from '../support/script.ts'
import { compareResults } from '../support/script-check.ts'
import { depsOn, storeSettings } from '../support/script-run.ts'
import { makeRecords, storeEvent } from '../support/stream.ts'

const noon = Date.UTC(2026, 10, 20, 12) / 1000
const org = orgOf('many')
let database: TestDatabase

beforeAll(async () => {
  database = await makeTables()
})

const sent = (at: number, days: number): ScriptEvent => ({
  kind: 'message',
  body: {
    ...{ event_id: `E${at}`, object_type: 'email', metric: 'sent', timestamp: noon + at + days * 86_400 },
    data: { delivery_id: `D${at}`, campaign_id: 23, identifiers: { id: '1' } },
  },
  times: 1,
})
const bought = (name: string): ScriptEvent => {
  const row = { event_id: name, name, user_id: '1', timestamp: (noon + 40 * 86_400) * 1000, value: '999999999.99' }
  return { kind: 'custom', mode: 'first', identifier: 'id', rows: [row], row, times: 1 }
}

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
