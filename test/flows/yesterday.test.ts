// A deployment goes out over what stands in the tables. Here it is what an earlier release stored, item by item, as its own
// functions wrote it over one story; the code of now reads all of it, goes on from it, and comes to what it would have come to.
import { readFileSync } from 'node:fs'
import { type AttributeValue, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { measureEvents } from '../../lambdas/flows/measure-events.ts'
import { measureSubjects } from '../../lambdas/flows/measure-subjects.ts'
import { recountResults } from '../../lambdas/flows/recount/recount-results.ts'
import { remeasureSources } from '../../lambdas/flows/remeasure-sources.ts'
import { makeRecountReads } from '../../lambdas/store/recount-reads.ts'
import { makeRestatedDeliveries } from '../../lambdas/store/restated-deliveries.ts'
import { makeRestatementStore } from '../../lambdas/store/restatements.ts'
import { makeSettingLists } from '../../lambdas/store/setting-lists.ts'
import { makeSubjectScan } from '../../lambdas/store/subject-scan.ts'
import { signAsCio } from '../support/cio-signer.ts'
import { orgOf, templateIdOf } from '../support/copy-settings.ts'
import { laxClient } from '../support/dynamodb-local.ts'
import { makeExporting } from '../support/exporting.ts'
import { type Managed, startManaged } from '../support/managed.ts'
import { depsOn } from '../support/script-run.ts'
import { type Serve, serveAll } from '../support/served.ts'
import { faultOf, type Item, shapeOf, type TableName } from '../support/stored-items.ts'

interface Kept {
  /** The commit whose functions wrote them, and when. */
  readonly by: string
  readonly atMs: number
  readonly apiKey: string
  readonly adminKey: string
  readonly signingKey: string
  /** Items as DynamoDB has them; bytes as `{ base64 }`. */
  readonly tables: Readonly<Record<TableName, Record<string, AttributeValue>[]>>
}

const kept: Kept = JSON.parse(
  readFileSync(new URL('../data/stored-yesterday.json', import.meta.url), 'utf8'),
  (_, value) => (typeof value?.base64 === 'string' ? Buffer.from(value.base64, 'base64') : value),
)
const tables = Object.entries(kept.tables) as [TableName, Record<string, AttributeValue>[]][]
const items = tables.flatMap(([table, some]) => some.map((item) => ({ table, item: unmarshall(item) as Item })))
const acme = orgOf('acme')
const day = new Date(kept.atMs - 86_400_000).toISOString().slice(0, 10)
const noon = Date.parse(`${day}T12:00:00Z`) / 1_000

let managed: Managed
let serve: Serve
beforeAll(async () => {
  managed = await startManaged()
  managed.clock.nowMs = kept.atMs
  managed.secrets.set('acme', { signingKey: kept.signingKey })
  serve = serveAll(managed)
  const client = laxClient()
  for (const [table, some] of tables) {
    for (const Item of some) {
      await client.send(new PutItemCommand({ TableName: managed.database.tables[table], Item }))
    }
  }
})
afterAll(() => managed.issuer.close())

async function ask(asked: string) {
  const [path, query] = asked.split('?')
  const headers = { 'x-api-key': kept.adminKey }
  const { status, text } = await serve('GET', `/api/orgs/acme${path}`, { headers, ...(query && { query }) })
  return { status, body: JSON.parse(text) }
}

function report(body: string) {
  const timestamp = String(Math.floor(kept.atMs / 1_000))
  const headers = {
    'x-cio-timestamp': timestamp,
    'x-cio-signature': signAsCio(kept.signingKey, timestamp, body),
  }
  return serve('POST', '/api/webhook/cio/acme', { headers, body })
}

const post = (path: string, body: object, headers = {}) =>
  serve('POST', path, { headers: { 'x-api-key': kept.apiKey, ...headers }, body: JSON.stringify(body) })

/** Counts of all arms together. */
async function counted(name: string): Promise<number> {
  const { body } = await ask('/templates/welcome_email/results')
  return body.arms.reduce((sum: number, { counts }: { counts: Record<string, number> }) => sum + (counts[name] ?? 0), 0)
}

describe('what an earlier release stored', () => {
  it('is of the shapes of now, whole', () => {
    expect(items.flatMap(({ table, item }) => faultOf(table, item) ?? [])).toEqual([])
    expect(new Set(items.map(({ table, item }) => shapeOf(table, item))).size).toBeGreaterThan(25)
  })

  it.each([
    ['/settings', 'org'],
    ['/keys', 'keys'],
    ['/templates', 'templates'],
    ['/templates/welcome_email', 'variants'],
    ['/templates/welcome_email/integration', undefined],
    ['/health', 'checks'],
    ['/events?person=id:p0', 'happenings'],
    ['/imports', 'imports'],
    ['/quarantine', 'bodies'],
    ['/audit', 'entries'],
    ['/exports', 'days'],
    ['/alerts', 'destinations'],
    ['/alerts/deliveries', 'deliveries'],
  ])('is told by %s as the API document has it', async (path, list) => {
    const { status, body } = await ask(path)
    expect(status, JSON.stringify(body)).toBe(200)
    if (list !== undefined) expect(body[list].length).toBeGreaterThan(0)
  })

  it('keeps its promises: the same copy for a call that is repeated, and every event once', async () => {
    const again = await post(
      '/api/generate/acme',
      { template_id: 'welcome_email', user_id: 'q1' },
      { 'x-cio-delivery-id': 'call-1' },
    )
    const served = items.find(({ item }) => item.pk === 'acme#d#call-1' && item.kind === 'serve')
    expect(JSON.parse(again.text).serve_id).toBe(served?.item.serveId)
    const message = items.find(({ item }) => item.kind === 'message' && typeof item.body === 'string')
    expect(JSON.parse((await report(String(message?.item.body))).text).status).toBe('duplicate')
    const bought = { event_id: 'b1', name: 'purchase', user_id: 'p0', timestamp: noon + 60, value: '9.99' }
    const said = await post('/api/webhook/events/acme', [bought, { ...bought, value: '1' }])
    expect(JSON.parse(said.text)).toMatchObject({ duplicate: 1, conflict: 1 })
  })
})

describe('the code of now goes on from it', () => {
  const measureAll = () => {
    const { client, tables: names } = managed.database
    const measure = measureSubjects
    return measureEvents({
      org: acme,
      scanSubjects: makeSubjectScan(client, names.events),
      measure: (of, page) => measure(depsOn(client, names, 1), of, page),
    })
  }

  it('measures what comes late, and counts it once', async () => {
    const before = await Promise.all(['sent', 'opened'].map(counted))
    expect(before[0]).toBeGreaterThan(0)
    const data = { campaign_id: 23, action_id: 42, delivery_id: 'mail-1', identifiers: { id: 'p1' } }
    const opened = { event_id: 'late', object_type: 'email', metric: 'opened', timestamp: noon + 90, data }
    expect(JSON.parse((await report(JSON.stringify(opened))).text).status).toBe('accepted')
    expect(await measureAll()).toMatchObject({ failed: 0 })
    expect(await measureAll()).toMatchObject({ failed: 0 })
    expect(await Promise.all(['sent', 'opened'].map(counted))).toEqual([before[0], (before[1] ?? 0) + 1])
  })

  it('ends the restatements that were under way, and finds no sum that is not one of outcomes', async () => {
    const { client, tables: names } = managed.database
    const restatements = makeRestatementStore(client, names.settings)
    const pending = await restatements.list()
    expect(pending.length).toBeGreaterThan(0)
    const far = kept.atMs + 3_600_000
    const deps = {
      ...restatements,
      ...makeSettingLists(client, names.settings),
      ...makeRestatedDeliveries(client, names),
      measure: (...asked: [typeof acme, Parameters<typeof measureSubjects>[2]]) =>
        measureSubjects(depsOn(client, names, 1), ...asked),
      now: () => far,
    }
    for (const { org, id } of pending) {
      for (let kind = 'more'; kind !== 'done'; ) ({ kind } = await remeasureSources(deps, org, id, far + 60_000))
    }
    expect(await restatements.list()).toEqual([])
    expect((await recountResults(makeRecountReads(client, names), acme, false)).drifts).toEqual([])
  })

  it('exports the days that have changed as versions after those that were there', async () => {
    const exporting = makeExporting(managed.database, [templateIdOf('welcome_email')], kept.atMs + 86_400_000)
    const before = items.find(({ table, item }) => shapeOf(table, item) === 'exportDay')
    expect(await exporting.run(acme)).toMatchObject({ kind: 'done', refused: [] })
    const manifest = exporting.manifests(acme).find((one) => one.day === before?.item.day)
    expect(manifest?.version).toBeGreaterThan(1)
  })
})
