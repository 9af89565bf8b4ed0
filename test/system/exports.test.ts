// Exports on the whole system: a day that is over is exported by the schedule's call, told by the API and fetched by whoever
// was given its address; a function that is killed in between loses nothing.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportAnswerSchema, exportListAnswerSchema } from '../../contract/export.ts'
import { indexTrailMs } from '../../contract/limits.ts'
import {
  breakService,
  call,
  cioEvent,
  type DemoStack,
  heal,
  invoke,
  manage,
  readResults,
  report,
  resultsWithin,
  sendEvents,
  startDemoStack,
  untilIdle,
} from '../support/local-stack.ts'

let stack: DemoStack
const dayMs = 86_400_000
const yesterday = new Date(Date.now() - dayMs).toISOString().slice(0, 10)
const noon = Date.parse(`${yesterday}T00:00:30Z`) / 1_000

beforeAll(async () => {
  stack = await startDemoStack()
  for (let at = 0; at < 12; at++) {
    const data = { delivery_id: `mail-${at}`, action_id: 43, identifiers: { id: `p${at}` } }
    await report(stack, cioEvent('email', 'sent', data, noon))
    if (at % 3 === 0) await report(stack, cioEvent('email', 'opened', data, noon + 10))
  }
  await sendEvents(stack, { event_id: 'x', name: 'purchase', user_id: 'p1', timestamp: noon + 60, value: '9.99' })
  await untilIdle(stack)
})
afterAll(() => stack?.local.stop())

const ask = async () => exportListAnswerSchema.parse((await manage(stack, 'GET', '/exports')).body)
/** A message that failed is hidden for half an hour, so the stack does not come to rest. */
const exported = async (version: number, limitMs = 20_000) => {
  await invoke(stack, 'ExportDays')
  const untilMs = Date.now() + limitMs
  while ((await ask()).days[0]?.version !== version && Date.now() < untilMs) await sleep(200)
}

describe('an exported day', () => {
  it('goes on after its function could not write, and adds up to the results API', async () => {
    await breakService(stack, { service: 's3', function: 'justai-dev-ExportDays', action: 'PutObject', mode: 'refuse' })
    await exported(1, indexTrailMs + 3_000)
    expect(await ask()).toEqual({ days: [], next: null })
    await heal(stack)
    await exported(1)
    const { days } = await ask()
    expect(days).toMatchObject([{ day: yesterday, version: 1, rows: { sends: 12, serves: 0 } }])

    const results = await readResults(stack, `?from=${yesterday}&to=${yesterday}`)
    const sent = results.arms.reduce((sum, { counts }) => sum + (counts.sent ?? 0), 0)
    const opened = results.arms.reduce((sum, { counts }) => sum + (counts.opened ?? 0), 0)
    const value = results.arms.flatMap(({ events }) => Object.values(events.purchase?.value ?? {}))
    expect(await totals()).toEqual([{ sent, opened, value: value[0], bought: 1 }])
  })

  it('is exported anew when something of it comes late', async () => {
    const data = { delivery_id: 'mail-1', action_id: 43, identifiers: { id: 'p1' } }
    await report(stack, cioEvent('email', 'opened', data, noon + 20))
    await resultsWithin(stack, 10_000, ({ arms }) => arms.some(({ counts }) => counts.opened === 5))
    await exported(2)
    expect((await ask()).days).toMatchObject([{ day: yesterday, version: 2 }])
    expect((await totals())[0]).toMatchObject({ opened: 5 })
  })

  it.each([
    ['/exports/2001-01-01', 404],
    ['/exports/nothing', 404],
    ['/exports?limit=0', 422],
  ])('asked for at %s is answered with %d', async (path, status) => {
    expect((await manage(stack, 'GET', path)).status).toBe(status)
  })

  it('is not told to another org', async () => {
    const headers = { 'x-api-key': stack.adminKey }
    expect((await call(stack, `/api/orgs/other/exports/${yesterday}`, { headers })).status).toBe(401)
  })
})

/** From the files that the API gives addresses of, and no key is needed for. */
async function totals(): Promise<object[]> {
  const told = exportAnswerSchema.parse((await manage(stack, 'GET', `/exports/${yesterday}`)).body)
  const folder = mkdtempSync(join(tmpdir(), 'fetched-'))
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  try {
    for (const { dataset, url } of told.files) {
      const response = await fetch(url)
      expect(response.status).toBe(200)
      const saved = `${dataset}-${yesterday}-v${told.version}-00001.parquet`
      expect(response.headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''${saved}`)
      writeFileSync(join(folder, `${dataset}.parquet`), Buffer.from(await response.arrayBuffer()))
      await connection.run(`CREATE VIEW ${dataset} AS SELECT * FROM '${join(folder, `${dataset}.parquet`)}'`)
    }
    const reader = await connection.runAndReadAll(
      `SELECT count(*) FILTER (name = 'sent')::INT AS sent, count(*) FILTER (name = 'opened')::INT AS opened,
       (sum(value::DECIMAL(20,2)) FILTER (kind = 'value'))::VARCHAR AS value,
       (SELECT count(*)::INT FROM events WHERE kind = 'custom') AS bought FROM outcomes WHERE subject = 'send'`,
    )
    return reader.getRowObjectsJson()
  } finally {
    rmSync(folder, { recursive: true })
  }
}
