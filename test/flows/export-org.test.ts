// What is exported, read back by another engine, is what the results say, whatever happened and however often it was killed.
import { QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import type { SQSRecord } from 'aws-lambda'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { copyIdSchema, type OrgSlug, orgSlugSchema, personKeySchema } from '../../contract/ids.ts'
import { integrationSchema } from '../../contract/integration.ts'
import { refusedExportPauseMs } from '../../contract/limits.ts'
import { usualMetricRules } from '../../contract/metric.ts'
import type { MetricValues } from '../../contract/metrics.ts'
import { summariseResults } from '../../lambdas/domain/results/summarise-results.ts'
import { makeExportDays } from '../../lambdas/handlers/export-days.ts'
import { makeMeasureOutcomes } from '../../lambdas/handlers/measure-outcomes.ts'
import { makeErasure } from '../../lambdas/store/erasure.ts'
import { makeOutcomeStore } from '../../lambdas/store/outcomes.ts'
import { resultsPartition } from '../../lambdas/store/result-keys.ts'
import { readResults } from '../../lambdas/store/results.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { type Exporting, KilledExport, makeExporting, openExports } from '../support/exporting.ts'
import { type ScriptEvent, scripts, templates } from '../support/script.ts'
import { depsOn, playScript, restateAll, storeSettings } from '../support/script-run.ts'
import { makeRecords, storeEvent } from '../support/stream.ts'

// So small that a day of a few sends has several.
vi.mock('../../contract/limits.ts', async (original) => ({ ...(await original<object>()), exportSliceOutcomes: 2 }))

const seed = Number(process.env.EXACTNESS_SEED ?? 7)
const scriptCount = 8
const nowMs = Date.parse('2027-03-01T03:00:00Z')
const always = { from: '2000-01-01', to: '2100-01-01' }
/** `2026-11-20`, noon. */
const noon = Date.parse('2026-11-20T12:00:00Z') / 1_000

let database: TestDatabase
let orgs = 0
beforeAll(async () => {
  database = await makeTables()
})
const done = (days: number) => ({ kind: 'done', days, refused: [] })
const nextOrg = () => orgSlugSchema.parse(`export-${orgs++}`)

/** Every total of the results of a template, one line each. */
async function resultLines(org: OrgSlug): Promise<string[]> {
  const lines: string[] = []
  for (const templateId of templates) {
    const rows = await readResults(database.client, database.tables.results, org, templateId, always)
    const summary = summariseResults({ templateId, metric: 'sent', ...always, nowMs }, rows)
    for (const { arm, copy_id, choice, counts, events } of summary.arms) {
      const of = `${templateId} ${arm} ${copy_id} ${choice}`
      for (const [name, count] of Object.entries(counts)) {
        if (count > 0 && !/_events$|^(events|oversize|stand_in|join_.*)$/.test(name))
          lines.push(`${of} ${name} ${count}`)
      }
      for (const [name, event] of Object.entries(events)) {
        lines.push(`${of} event ${name} ${event.sends} ${event.events}`)
        for (const [currency, value] of Object.entries(event.value))
          lines.push(`${of} value ${name} ${currency} ${+value}`)
      }
    }
    const { journey, latest, none } = summary.join
    for (const [rule, sends] of Object.entries({ journey, latest, none })) {
      if (sends > 0) lines.push(`${templateId} join ${rule} ${sends}`)
    }
    lines.push(...Object.entries(summary.action).flatMap(([name, count]) => only(templateId, 'action', name, count)))
    lines.push(...Object.entries(summary.unsent).flatMap(([name, count]) => only(templateId, 'unsent', name, count)))
  }
  return lines.toSorted()
}

/** Counts of calls, deliveries and events are of another kind than those of metrics. */
function only(templateId: string, group: string, name: string, count: number): string[] {
  return count === 0 || /^(calls|events|deliveries|unmatched)$/.test(name)
    ? []
    : [`${templateId} ${group} ${name} ${count}`]
}

const documented =
  "name IN ('sent','delivered','opened','clicked','converted','unsubscribed','spammed','bounced','dropped','failed','undeliverable','replied','human_opened','human_clicked')"

/** The same lines from the files alone. */
async function exportedLines(exporting: Exporting, org: OrgSlug): Promise<string[]> {
  const { ask } = await openExports(exporting, org)
  const who = "template_id || ' ' || arm || ' ' || coalesce(copy_id, 'null') || ' ' || coalesce(choice, 'drawn')"
  const progress = "name IN ('drafted','attempted','deferred')"
  const found = await Promise.all(
    [
      `SELECT ${who} || ' served ' || count(*) FROM serves GROUP BY ${who}`,
      `SELECT ${who} || ' ' || name || ' ' || count(*) FROM outcomes
       WHERE subject = 'send' AND kind = 'metric' AND ${documented} GROUP BY ${who}, name`,
      `SELECT ${who} || ' event ' || name || ' ' || count(*) || ' ' || sum(events) FROM outcomes
       WHERE kind = 'event' GROUP BY ${who}, name`,
      `SELECT ${who} || ' value ' || name || ' ' || currency || ' ' || sum(value::DECIMAL(30,4))::DOUBLE FROM outcomes
       WHERE kind = 'value' GROUP BY ${who}, name, currency`,
      `SELECT template_id || ' join ' || join_rule || ' ' || count(*) FROM sends GROUP BY template_id, join_rule`,
      `SELECT template_id || ' ' || subject || ' ' || name || ' ' || count(*) FROM outcomes
       WHERE subject IN ('action', 'unsent') AND (${documented} OR ${progress}) GROUP BY template_id, subject, name`,
    ].map(ask),
  )
  return found
    .flat()
    .flatMap((row) => Object.values(row).map((line) => String(line).replace(/\.0$/, '')))
    .toSorted()
}

/** What the events say one by one, against what the outcomes add up. */
async function creditLines(exporting: Exporting, org: OrgSlug): Promise<[unknown, unknown]> {
  const { ask } = await openExports(exporting, org)
  const fromEvents = await ask(
    `SELECT delivery_id, name, count(*)::BIGINT AS events, coalesce(sum(value::DECIMAL(30,4)), 0)::VARCHAR AS value
     FROM events WHERE kind = 'custom' GROUP BY ALL ORDER BY ALL`,
  )
  const fromOutcomes = await ask(
    `SELECT delivery_id, name, sum(events)::BIGINT AS events, coalesce(sum(value::DECIMAL(30,4)), 0)::VARCHAR AS value
     FROM outcomes WHERE kind IN ('event', 'value') GROUP BY ALL ORDER BY ALL`,
  )
  return [fromEvents, fromOutcomes]
}

describe('exports of random scripts', () => {
  /** With how many objects each attempt writes before it is killed: a few, or as many as it takes. */
  const killPoints = fc.array(fc.oneof(fc.nat(4), fc.nat(40)), { minLength: 1, maxLength: 5 })
  const drawn = fc.sample(fc.tuple(scripts, killPoints), { seed, numRuns: scriptCount })

  it.each(drawn.map(([script, kills], at) => [at, kills, script] as const))(
    `read back by DuckDB add up to the results, script %d of seed ${seed}, killed after writing %j`,
    async (_, kills, script) => {
      const org = nextOrg()
      await playScript(script, database, org)
      const exporting = makeExporting(database, templates, nowMs)
      for (const puts of kills) {
        await exporting.killAfter(org, puts).catch((error: unknown) => expect(error).toBeInstanceOf(KilledExport))
      }
      expect(await exporting.run(org)).toMatchObject({ kind: 'done', refused: [] })
      expect(exporting.files.keys('exports/').filter((key) => key.includes('/v=2'))).toEqual([])
      expect(await exportedLines(exporting, org)).toEqual(await resultLines(org))
      const [fromEvents, fromOutcomes] = await creditLines(exporting, org)
      expect(fromEvents).toEqual(fromOutcomes)
    },
  )
})

describe('a version that is not what the results say', () => {
  const noTraceOf = (exporting: Exporting, version: number) =>
    expect(exporting.files.keys('exports/').filter((key) => key.includes(`/v=${version}`))).toEqual([])

  it.each([
    ['because outcomes are missing from it', true],
    ['because a counter is not the sum of outcomes', false],
  ])('%s is not told of, leaves no file, and is tried again later; the version before stands', async (_, isLosing) => {
    const { org, exporting, tell } = await twoDays(5)
    await exporting.run(org)
    await tell([message('opened', 'D0', 'ann', noon + 60)])
    exporting.meanwhile.losesOutcomes = isLosing
    if (!isLosing) await addToRow(org, 'clicked', 1)
    expect(await exporting.run(org)).toEqual({ kind: 'done', days: 0, refused: ['2026-11-20'] })
    noTraceOf(exporting, 2)
    expect(exporting.manifests(org).map(({ version }) => version)).toEqual([1, 1])

    exporting.meanwhile.losesOutcomes = false
    if (!isLosing) await addToRow(org, 'clicked', -1)
    expect(await exporting.run(org)).toEqual({ kind: 'done', days: 0, refused: ['2026-11-20'] })
    exporting.clock.nowMs += refusedExportPauseMs
    expect(await exporting.run(org)).toEqual(done(1))
    expect(exporting.manifests(org).map(({ day, version }) => `${day} ${version}`)).toEqual([
      '2026-11-20 3',
      '2026-11-21 1',
    ])
    expect(await exportedLines(exporting, org)).toEqual(await resultLines(org))
  })

  it('keeps no other day from being exported', async () => {
    const { org, exporting } = await twoDays(5)
    await addToRow(org, 'sent', 1)
    expect(await exporting.run(org)).toEqual({ kind: 'done', days: 1, refused: ['2026-11-20'] })
    expect(exporting.manifests(org).map(({ day }) => day)).toEqual(['2026-11-21'])
  })

  it('is left to be tried by the queue, and counted', async () => {
    const { org, exporting } = await twoDays(1)
    await addToRow(org, 'sent', 1)
    const told: MetricValues[] = []
    const handler = makeExportDays({
      ...exporting.deps,
      listOrgs: async () => [org],
      queue: { send: async () => undefined },
      log: () => undefined,
      tellMetrics: (values) => void told.push(values),
    })
    const Records = [{ messageId: 'm', body: JSON.stringify({ org }) }] as SQSRecord[]
    expect(await handler({ Records })).toEqual({ batchItemFailures: [{ itemIdentifier: 'm' }] })
    expect(told).toEqual([{ ExportsRefused: 1 }])
  })
})

describe('a day', () => {
  it('may change while it is exported, and is exported again', async () => {
    const { org, exporting, tell } = await twoDays(9)
    const late = Array.from({ length: 9 }, (_, at) => message('opened', `E${at}`, `bob${at}`, noon + 90_000))
    let puts = 0
    exporting.meanwhile.beforePut = async () => {
      const event = puts++ % 2 === 0 ? late.pop() : undefined
      if (event !== undefined) await tell([event])
    }
    expect(await exporting.run(org)).toEqual(done(2))
    expect(late.length).toBeLessThan(9)
    exporting.meanwhile.beforePut = async () => undefined
    expect(await exporting.run(org)).toEqual(done(1))
    expect(await exportedLines(exporting, org)).toEqual(await resultLines(org))
  })

  it('that is restated is exported anew: money and custom events as the new definition counts them', async () => {
    const { org, exporting, tell } = await twoDays()
    await tell([bought('p1', 'ann', '12.50', 'EUR'), bought('p2', 'ann', '1', 'EUR')])
    await exporting.run(org)
    expect((await resultLines(org)).filter((line) => line.includes('purchase'))).toHaveLength(2)
    const rules = { defaults: { ...usualMetricRules, value: 'ignore' as const }, metrics: [], currency: 'EUR' }
    await storeSettings({ identifier: 'id', integrations: [integration], rules }, database, org)
    await restateAll({ integrations: [integration] }, database, org)
    expect(await exporting.run(org)).toEqual(done(1))
    expect(exporting.manifests(org).map(({ version }) => version)).toEqual([2, 1])
    const lines = await resultLines(org)
    expect(lines.filter((line) => line.includes('purchase'))).toEqual([expect.stringMatching(/event purchase 1 2$/)])
    expect(await exportedLines(exporting, org)).toEqual(lines)
    const [fromEvents, fromOutcomes] = await creditLines(exporting, org)
    expect(fromEvents).toEqual(fromOutcomes)
  })

  it('has what people earned, event by event and in money, and how their copy was drawn', async () => {
    const { org, exporting, tell } = await twoDays(0)
    await tell([served('cat', noon - 60), message('sent', 'D1', 'cat', noon)])
    await tell([
      bought('p1', 'ann', '12.50', 'EUR'),
      bought('p2', 'cat', '0.10', 'EUR'),
      bought('p3', 'cat', '7', 'JPY'),
    ])
    await tell([bought('p4', 'nobody', '99', 'EUR')])
    await exporting.run(org)
    const { ask } = await openExports(exporting, org)
    expect(await exportedLines(exporting, org)).toEqual(await resultLines(org))
    expect((await resultLines(org)).filter((line) => line.includes(' value '))).toHaveLength(3)
    const [fromEvents, fromOutcomes] = await creditLines(exporting, org)
    expect(fromEvents).toEqual(fromOutcomes)
    expect(
      await ask(`SELECT e.event_id, e.value, e.currency, s.copy_id, s.choice, s.allocation_version::INT AS version, s.propensity,
        s.dt::VARCHAR AS dt FROM events e JOIN sends s USING (delivery_id) WHERE kind = 'custom' ORDER BY event_id`),
    ).toEqual([
      {
        event_id: 'p1',
        value: '12.50',
        currency: 'EUR',
        copy_id: null,
        choice: null,
        version: null,
        propensity: null,
        dt: '2026-11-20',
      },
      {
        event_id: 'p2',
        value: '0.10',
        currency: 'EUR',
        copy_id: 'a',
        choice: 'drawn',
        version: 0,
        propensity: 1,
        dt: '2026-11-20',
      },
      {
        event_id: 'p3',
        value: '7',
        currency: 'JPY',
        copy_id: 'a',
        choice: 'drawn',
        version: 0,
        propensity: 1,
        dt: '2026-11-20',
      },
    ])
    expect(await ask('SELECT serve_id, person, probability, served_at::VARCHAR AS at FROM serves')).toEqual([
      { serve_id: 'sv_cat', person: 'id:cat', probability: 0.25, at: expect.stringMatching(/^2026-11-20 11:59:00/) },
    ])
  })

  it('is exported once, and anew as another version when what it counts has changed', async () => {
    const { org, exporting, tell } = await twoDays()
    expect(await exporting.run(org)).toEqual(done(2))
    const before = exporting.files.keys('exports/')
    expect(await exporting.run(org)).toEqual(done(0))
    await tell([message('opened', 'D0', 'ann', noon + 60)])
    expect(await exporting.run(org)).toEqual(done(1))
    expect(exporting.manifests(org).map(({ day, version }) => `${day} ${version}`)).toEqual([
      '2026-11-20 2',
      '2026-11-21 1',
    ])
    // What was there stays as it was.
    expect(exporting.files.keys('exports/')).toEqual(expect.arrayContaining(before))
    expect(await exportedLines(exporting, org)).toEqual(await resultLines(org))
  })

  it('that is not over is left alone', async () => {
    const { org, exporting } = await twoDays()
    exporting.clock.nowMs = (noon + 86_400) * 1_000
    expect(await exporting.run(org)).toEqual(done(1))
    expect(exporting.manifests(org).map(({ day }) => day)).toEqual(['2026-11-20'])
  })

  it('of which a version was begun goes on in that version, with the parts that were written', async () => {
    const { org, exporting } = await twoDays(9)
    await expect(exporting.killAfter(org, 7)).rejects.toBeInstanceOf(KilledExport)
    const written = exporting.files.keys('exports/')
    const versions = new Map(
      await Promise.all(written.map(async (key) => [key, await exporting.files.head(key)] as const)),
    )
    await exporting.run(org)
    const kept = await Promise.all(written.map(async (key) => (await exporting.files.head(key))?.modifiedAtMs))
    // All but those of the slice under way were left as they were.
    const again = written.filter((key, at) => kept[at] !== versions.get(key)?.modifiedAtMs)
    expect(again.length).toBeLessThan(3)
    expect(exporting.files.keys('exports/').filter((key) => key.includes('/v=2'))).toEqual([])
    expect(await exportedLines(exporting, org)).toEqual(await resultLines(org))
  })

  it('may be exported by two at once, and adds up', async () => {
    const { org, exporting } = await twoDays(9)
    const kinds = (await Promise.all([exporting.run(org), exporting.run(org)])).map(({ kind }) => kind)
    expect(kinds).toContain('done')
    expect(await exportedLines(exporting, org)).toEqual(await resultLines(org))
  })

  it('with somebody who was erased is exported anew, and no other version of it is left', async () => {
    const { org, exporting, tell } = await twoDays()
    await exporting.run(org)
    await tell([message('opened', 'D0', 'ann', noon + 60)])
    await exporting.run(org)
    const ann = personKeySchema.parse('id:ann')
    const { client, tables } = database
    const erasure = makeErasure(client, tables)
    const stored = await makeOutcomeStore(client, tables).readPerson(org, ann)
    await erasure.markErased(org, ann)
    expect(await erasure.anonymiseOutcomes(org, stored)).toBe('done')
    expect(await exporting.run(org)).toEqual(done(1))
    const ofDay = exporting.files.keys('exports/').filter((key) => key.includes('dt=2026-11-20'))
    expect(ofDay.filter((key) => !key.includes('/totals/')).length).toBe(3)
    expect(ofDay.filter((key) => !/\/v=3[/.]/.test(key))).toEqual([])
    const { ask } = await openExports(exporting, org)
    expect(await ask(`SELECT person FROM sends WHERE person = 'id:ann'`)).toEqual([])
    expect(await ask(`SELECT count(*)::INT AS sends FROM sends WHERE person IS NULL`)).toEqual([{ sends: 1 }])
    expect(await exportedLines(exporting, org)).toEqual(await resultLines(org))
  })

  it('that is being exported when somebody is erased begins anew', async () => {
    const { org, exporting } = await twoDays(9)
    await expect(exporting.killAfter(org, 3)).rejects.toBeInstanceOf(KilledExport)
    const begun = exporting.files.keys('exports/')[0]?.match(/dt=([\d-]+)/)?.[1] ?? ''
    const { client, tables } = database
    const person = personKeySchema.parse(begun === '2026-11-20' ? 'id:ann' : 'id:bob0')
    const stored = await makeOutcomeStore(client, tables).readPerson(org, person)
    await makeErasure(client, tables).anonymiseOutcomes(org, stored)
    await exporting.run(org)
    const ofDay = exporting.files.keys('exports/').filter((key) => key.includes(`dt=${begun}`))
    expect(ofDay.filter((key) => !/\/v=2[/.]/.test(key))).toEqual([])
    expect(await exportedLines(exporting, org)).toEqual(await resultLines(org))
  })
})

/** What no code of ours does: changes a sum of the first day, and no outcome. */
async function addToRow(org: OrgSlug, counter: string, count: number): Promise<void> {
  const { client, tables } = database
  const pk = resultsPartition(org, integration.templateId)
  const found = { ':pk': { S: pk }, ':day': { S: '2026-11-20#' } }
  const { Items: [row] = [] } = await client.send(
    new QueryCommand({
      TableName: tables.results,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :day)',
      ExpressionAttributeValues: found,
    }),
  )
  await client.send(
    new UpdateItemCommand({
      TableName: tables.results,
      Key: { pk: { S: pk }, sk: row?.sk ?? { S: '' } },
      UpdateExpression: 'ADD #counter :count, changes :one',
      ExpressionAttributeNames: { '#counter': counter },
      ExpressionAttributeValues: { ':count': { N: String(count) }, ':one': { N: '1' } },
    }),
  )
}

const integration = integrationSchema.parse({
  source: 'campaign:23',
  templateId: 'welcome',
  webhookActionIds: ['7'],
  controlActionIds: [],
  treatmentActionIds: [],
  serveWindowDays: 30,
})

/** Ann's send of one day, and those of some others the next. */
async function twoDays(others = 2) {
  const org = nextOrg()
  const rules = { defaults: usualMetricRules, metrics: [], currency: 'EUR' }
  await storeSettings({ identifier: 'id', integrations: [integration], rules }, database, org)
  const measure = makeMeasureOutcomes(depsOn(database.client, database.tables, 1))
  const recordOf = makeRecords(database.client, database.tables.events, org)
  const tell = async (events: readonly ScriptEvent[]) => {
    for (const event of events) await storeEvent(database.client, database.tables.events, org, event)
    const Records = (await Promise.all(events.map((event, at) => recordOf(event, String(at))))).flat()
    expect(await measure({ Records })).toEqual({ batchItemFailures: [] })
  }
  const next = Array.from({ length: others }, (_, at) => message('sent', `E${at}`, `bob${at}`, noon + 86_400 + at))
  await tell([message('sent', 'D0', 'ann', noon), ...next])
  return { org, exporting: makeExporting(database, templates, nowMs), tell }
}

function message(metric: string, delivery_id: string, id: string, timestamp: number): ScriptEvent {
  const data = { delivery_id, campaign_id: 23, identifiers: { id } }
  const body = { event_id: `${metric}-${delivery_id}`, object_type: 'email', metric, timestamp, data }
  return { kind: 'message', body, times: 1 }
}

function served(id: string, second: number): ScriptEvent {
  const serve = {
    kind: 'serve',
    serveId: `sv_${id}`,
    templateId: integration.templateId,
    copyId: copyIdSchema.parse('a'),
    arm: 'treatment',
    servedAtMs: second * 1_000,
    userId: id,
    choice: 'drawn',
    allocationVersion: 0,
    probability: 0.25,
    copyBytes: 10,
    oversize: false,
  } as const
  return { kind: 'serve', name: { kind: 'tracking', id }, ordinal: 0, serve, times: 1 }
}

function bought(event_id: string, user_id: string, value: string, currency: string): ScriptEvent {
  const row = { event_id, name: 'purchase', user_id, timestamp: (noon + 3_600) * 1_000, value, currency }
  return { kind: 'custom', mode: 'first', identifier: 'id', rows: [row], row, times: 1 }
}
