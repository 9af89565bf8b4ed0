// A person is forgotten: gone from every table and from what was set aside, while every count stays, and nothing that
// comes late brings them back.
import { createHash, randomUUID } from 'node:crypto'
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PersonKey, personKeySchema } from '../../contract/ids.ts'
import type { FileImport } from '../../contract/import.ts'
import { eraseRunMs } from '../../contract/limits.ts'
import { classifyBody } from '../../lambdas/domain/events/classify-body.ts'
import { contribute } from '../../lambdas/domain/measuring/contribute.ts'
import { anonymise, mentions } from '../../lambdas/domain/measuring/erase.ts'
import type { SubjectRef } from '../../lambdas/domain/measuring/group-subjects.ts'
import { erasePerson } from '../../lambdas/flows/erase/erase-person.ts'
import { type MeasureDeps, measureSubjects } from '../../lambdas/flows/measure-subjects.ts'
import { recountResults } from '../../lambdas/flows/recount/recount-results.ts'
import { makeEraseStores } from '../../lambdas/store/erase-stores.ts'
import { makeEventStore } from '../../lambdas/store/events.ts'
import { makeImportStore } from '../../lambdas/store/imports.ts'
import { makeMeasureReads } from '../../lambdas/store/measure-reads.ts'
import { makeOutcomeStore } from '../../lambdas/store/outcomes.ts'
import { makeQuarantine } from '../../lambdas/store/quarantine.ts'
import { makeRecountReads } from '../../lambdas/store/recount-reads.ts'
import { orgOf } from '../support/copy-settings.ts'
import { type Managed, startManaged } from '../support/managed.ts'
import { type MemoryFiles, makeMemoryFiles } from '../support/memory-files.ts'
import { type Serve, serveAll } from '../support/served.ts'

const org = orgOf('acme')
const signal = new AbortController().signal
let managed: Managed
let serve: Serve
let measuring: MeasureDeps
let files: MemoryFiles

beforeAll(async () => {
  managed = await startManaged()
  files = makeMemoryFiles()
  serve = serveAll(managed, files)
  const { client, tables } = managed.database
  measuring = {
    ...makeMeasureReads(client, tables),
    outcomes: makeOutcomeStore(client, tables),
    random: Math.random,
    pause: async () => undefined,
  }
  const ask = (path: string, method: 'PUT' | 'POST', body: unknown) =>
    managed.ask(['org:acme:admin'], method, `/api/orgs/acme/templates/welcome${path}`, { body })
  await ask('', 'PUT', {})
  await ask('/variants', 'POST', { copy_id: 'warm', vars: { subject: 'Hello' } })
  await ask('', 'PUT', { status: 'active' })
  await ask('/integration', 'PUT', { sources: [{ source: 'campaign:23' }] })
})
afterAll(() => managed.issuer.close())

async function dump(): Promise<Record<'events' | 'outcomes' | 'results', string>> {
  const { client, tables } = managed.database
  const read = async (table: string) => {
    const { Items = [] } = await client.send(new ScanCommand({ TableName: table, ConsistentRead: true }))
    return JSON.stringify(Items.map((item) => unmarshall(item)))
  }
  const [events, outcomes, results] = [
    await read(tables.events),
    await read(tables.outcomes),
    await read(tables.results),
  ]
  return { events, outcomes, results }
}

const measure = (...subjects: SubjectRef[]) => measureSubjects(measuring, org, subjects)

/** A reporting event, stored and, unless told otherwise, measured. */
async function arrive(delivery: string, metric: string, identifiers: object, more: object = {}, measured = true) {
  const timestamp = Math.floor(managed.clock.nowMs / 1_000)
  const data = { campaign_id: 23, delivery_id: delivery, identifiers, ...more }
  const event = { event_id: `${delivery}-${metric}`, object_type: 'email', metric, timestamp, data }
  const accepted = classifyBody(Buffer.from(JSON.stringify(event)))
  if (accepted.kind === 'poison') throw new Error('the test made a body that is not accepted')
  const { client, tables } = managed.database
  await makeEventStore(client, tables.events).append(org, accepted, managed.clock.nowMs, signal)
  if (measured) expect((await measure({ kind: 'delivery', id: delivery, joins: true })).failed).toEqual([])
}

/** A serve under a name of its own, measured. */
async function ask(person: string, tracking: string): Promise<void> {
  const headers = { 'x-api-key': await managed.makeKey('acme', ['generate']) }
  const body = JSON.stringify({ template_id: 'welcome', user_id: person, tracking_id: tracking })
  expect((await serve('POST', '/api/generate/acme', { headers, body })).status).toBe(200)
  expect((await measure({ kind: 'name', id: `tracking:${tracking}`, joins: true })).failed).toEqual([])
}

async function erase(person: string, query = '') {
  const headers = { authorization: `Bearer ${await managed.issuer.token(['org:acme:admin'])}` }
  const { status, text } = await serve('DELETE', `/api/orgs/acme/people/${person}`, { headers, query })
  return { status, body: JSON.parse(text) }
}

/** Asks again until it is complete; every answer. */
async function eraseWhole(person: string) {
  const answers = [await erase(person)]
  while (answers.at(-1)?.body.status !== 'complete' && answers.length < 40) answers.push(await erase(person))
  return answers.map(({ body }) => body)
}

/** Whether a text stands in any table, file, audit entry or log. */
async function traces(text: string): Promise<string[]> {
  const { client, tables } = managed.database
  const { Items } = await client.send(new ScanCommand({ TableName: tables.settings, ConsistentRead: true }))
  const held = { ...(await dump()), settings: JSON.stringify(Items), logs: managed.logged.join('\n') }
  const inTables = Object.entries(held).filter(([, dumped]) => dumped.toLowerCase().includes(text))
  const inFiles = [...files.keys('reports/'), ...files.keys('work/')].filter((key) =>
    files.text(key)?.toLowerCase().includes(text),
  )
  return [...inTables.map(([table]) => table), ...inFiles]
}

/** The template's results, without when they were asked for. */
async function results() {
  const headers = { authorization: `Bearer ${await managed.issuer.token(['org:acme:viewer'])}` }
  const { text } = await serve('GET', '/api/orgs/acme/templates/welcome/results', { headers })
  return { ...JSON.parse(text), as_of: '' }
}

async function drifts() {
  const { client, tables } = managed.database
  return (await recountResults(makeRecountReads(client, tables), org, false)).drifts
}

/** Time is up after every step. */
function hurriedClock(): () => number {
  let nowMs = managed.clock.nowMs
  return () => (nowMs += eraseRunMs)
}

const fileImport: FileImport = {
  importId: '',
  org,
  key: 'incoming/acme/events/dt=2026-11-20/a.csv',
  source: 'files',
  etag: '0',
  sizeBytes: 1,
  modifiedAtMs: 1_795_000_000_000,
  status: 'complete',
  startedAtMs: 1_795_000_000_000,
  problems: [],
}

const zoe = { id: 'zoe-4711', email: 'zoe@secret.test', cio_id: 'c10secret' }
const zoeTraces = ['zoe-4711', 'zoe@secret.test', 'c10secret', 'zoe-serve', 'mail-zoe']

describe('a person who is erased', () => {
  it('is gone from every table while every count stays as it was', async () => {
    for (const [at, who] of [zoe, { id: 'max' }].entries()) {
      await ask(who.id, at === 0 ? 'zoe-serve' : 'max-serve')
      const delivery = at === 0 ? 'mail-zoe' : 'mail-max'
      for (const metric of ['sent', 'opened', 'clicked'])
        await arrive(delivery, metric, who, {
          journey_id: `j-${delivery}`,
          recipient: at === 0 ? zoe.email : 'max@x.test',
        })
    }
    await arrive('mail-zoe-2', 'opened', { email: zoe.email })
    const before = await results()
    expect(before.arms[0].counts).toMatchObject({ served: 2, sent: 2, clicked: 2 })
    const tablesBefore = await dump()
    for (const trace of zoeTraces) expect(tablesBefore.events + tablesBefore.outcomes).toContain(trace)

    const { status, body } = await erase('id:zoe-4711')
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'complete', erased: { outcomes: 3, events: 5 } })
    const after = await dump()
    for (const trace of zoeTraces) for (const table of Object.values(after)) expect(table).not.toContain(trace)
    expect(after.events).toContain('mail-max')
    expect(await results()).toEqual(before)
    expect(await drifts()).toEqual([])
  })

  it('does not come back with a late webhook, by whichever name, nor with a late serve', async () => {
    const before = await results()
    await arrive('mail-zoe', 'converted', zoe)
    await arrive('mail-zoe', 'unsubscribed', {}, { recipient: zoe.email })
    await arrive('mail-zoe-3', 'sent', zoe)
    await arrive('mail-zoe-4', 'opened', { email: ' ZOE@secret.test' })
    await ask('zoe-4711', 'zoe-serve-late')
    const after = await dump()
    for (const trace of zoeTraces)
      for (const table of Object.values(after)) expect(table.toLowerCase()).not.toContain(trace)
    expect(await results()).toEqual(before)
    expect(await drifts()).toEqual([])
  })

  it('does not come back with an event of their own that a server or a file brings late', async () => {
    const headers = { 'x-api-key': await managed.makeKey('acme', ['events']), 'content-type': 'application/json' }
    const body = JSON.stringify({ event_id: 'late-purchase', name: 'purchase', user_id: 'zoe-4711' })
    expect((await serve('POST', '/api/webhook/events/acme', { headers, body })).status).toBe(200)
    expect((await dump()).events).toContain('zoe-4711')
    expect((await measure({ kind: 'person', id: 'id:zoe-4711', joins: true })).failed).toEqual([])
    const after = await dump()
    for (const trace of [...zoeTraces, 'late-purchase'])
      for (const table of Object.values(after)) expect(table).not.toContain(trace)
  })

  it('stays erased when asked again, and the log says nothing from which they could be known', async () => {
    expect((await erase('id:zoe-4711')).body).toMatchObject({
      status: 'complete',
      erased: { outcomes: 0, events: 0 },
      next: null,
    })
    const { body } = await managed.ask(['org:acme:admin'], 'GET', '/api/orgs/acme/audit')
    const own = body.entries.filter(({ action }: { action: string }) => action.startsWith('DELETE'))
    expect(own.map(({ what }: { what: string }) => what)).toEqual([
      expect.stringMatching(/^erasure:[\w-]{36}$/),
      expect.stringMatching(/^erasure:[\w-]{36}$/),
    ])
    const digest = createHash('sha256').update('acme#id:zoe-4711').digest('base64url').slice(0, 16)
    for (const trace of [...zoeTraces, digest]) expect(JSON.stringify(body)).not.toContain(trace)
  })

  it('loses nothing of anybody else: later events of others count as ever', async () => {
    const before = await results()
    await arrive('mail-max', 'converted', { id: 'max' })
    expect((await results()).arms[0].counts.converted).toBe((before.arms[0].counts.converted ?? 0) + 1)
  })

  it.each(['before the revision', 'before the commit'] as const)(
    'is not brought back by a measuring that is stopped %s',
    async (stop) => {
      const id = stop === 'before the commit' ? 'raced-commit' : 'raced-revision'
      await arrive(`mail-${id}`, 'sent', { id })
      await arrive(`mail-${id}`, 'converted', { id }, {}, false)
      const before = await results()
      const hold = Promise.withResolvers<void>()
      const reached = Promise.withResolvers<void>()
      const { outcomes } = measuring
      const step = stop === 'before the commit' ? 'commit' : 'readRevisions'
      let held = false
      const stopping = async <T>(work: () => Promise<T>) => {
        if (!held) {
          held = true
          reached.resolve()
          await hold.promise
        }
        return work()
      }
      const slow: MeasureDeps['outcomes'] = {
        ...outcomes,
        ...(step === 'commit'
          ? { commit: (...given) => stopping(() => outcomes.commit(...given)) }
          : { readRevisions: (...given) => stopping(() => outcomes.readRevisions(...given)) }),
      }
      const subject = { kind: 'delivery', id: `mail-${id}`, joins: true } as const
      const under = measureSubjects({ ...measuring, outcomes: slow }, org, [subject])
      await reached.promise
      expect((await erase(`id:${id}`)).body.status).toBe('complete')
      hold.resolve()
      expect((await under).failed).toEqual([])
      for (const table of Object.values(await dump())) expect(table).not.toContain(id)
      expect(await results()).toEqual(before)
      expect(await drifts()).toEqual([])
    },
  )

  it('by several names is erased under each, to the last outcome, however few a call erases', async () => {
    const ida = { id: 'ida-4712', email: 'ida@many.test', cio_id: 'c10many' }
    await arrive('mail-ida', 'sent', ida)
    // More than one step takes, under another name than the one that is asked for.
    for (let at = 0; at < 60; at++) await arrive(`mail-ida-${at}`, 'sent', { email: ida.email })
    const before = await results()
    const hurried = serve
    serve = serveAll({ ...managed, deps: { ...managed.deps, now: hurriedClock() } }, files)
    const answers = await eraseWhole('id:ida-4712')
    serve = hurried
    expect(answers.length).toBeGreaterThan(4)
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    expect(answers.slice(0, -1).every(({ status, next, id }) => status === 'partial' && next === id)).toBe(true)
    expect(answers.at(-1)).toMatchObject({ status: 'complete', next: null, erased: { outcomes: 61 } })
    for (const trace of ['ida-4712', 'ida@many.test', 'c10many', 'mail-ida']) expect(await traces(trace)).toEqual([])
    expect(await results()).toEqual(before)
  })

  it('whose serves say of no name of which kind it is, is erased under every kind', async () => {
    await ask('kim@serve.test', 'kim-serve')
    await eraseWhole('id:kim@serve.test')
    await arrive('mail-kim', 'sent', { email: 'kim@serve.test' })
    for (const trace of ['kim@serve.test', 'mail-kim']) expect(await traces(trace)).toEqual([])
  })

  it('of whom an outcome changes meanwhile is read again, until none is left', async () => {
    await arrive('mail-race', 'sent', { id: 'race-4716' })
    const stores = makeEraseStores(managed.database.client, managed.database.tables)
    let tries = 0
    const act = erasePerson({
      ...stores,
      files,
      newId: randomUUID,
      now: () => managed.clock.nowMs,
      anonymiseOutcomes: async (...given) => (tries++ === 0 ? 'raced' : stores.anonymiseOutcomes(...given)),
    })
    const path = { person: 'id:race-4716' }
    const call = { org, who: 'user:test', action: 'erase', path, query: {}, body: undefined, signal }
    expect((await act(call)).body).toMatchObject({ status: 'complete', erased: { outcomes: 1 } })
    for (const trace of ['race-4716', 'mail-race']) expect(await traces(trace)).toEqual([])
  })

  it('is erased by two calls at once, which never forget what the other found', async () => {
    const una = { id: 'una-4713', email: 'una@many.test' }
    await arrive('mail-una', 'sent', una)
    for (let at = 0; at < 40; at++)
      await arrive(`mail-una-${at}`, 'sent', at % 2 ? { id: una.id } : { email: una.email })
    await Promise.all([erase('id:una-4713'), erase('id:una-4713'), erase('id:una-4713')])
    await eraseWhole('id:una-4713')
    for (const trace of ['una-4713', 'una@many.test', 'mail-una']) expect(await traces(trace)).toEqual([])
  })

  it('is taken out of what was set aside, and others are left there', async () => {
    const { client, tables } = managed.database
    const quarantine = makeQuarantine(client, tables.events)
    const aside = (text: string) =>
      quarantine.setAside(
        org,
        Buffer.from(text),
        [{ code: 'event.invalid', message: 'why' }],
        managed.clock.nowMs,
        signal,
      )
    const theirs = await aside('{"metric":7,"data":{"identifiers":{"id":"aside-1"}}}')
    const others = await aside('{"metric":7,"data":{"identifiers":{"id":"aside-12"}}}')
    // More than one page of them, each with another text.
    const many = Array.from({ length: 45 }, (_, at) =>
      aside(`{"metric":${at},"data":{"identifiers":{"id":"aside-1"}}}`),
    )
    const all = [theirs, ...(await Promise.all(many))]
    expect((await eraseWhole('id:aside-1')).at(-1)?.erased.set_aside).toBe(new Set(all).size)
    for (const digest of all) expect(await quarantine.find(org, digest)).toBeUndefined()
    expect(await quarantine.find(org, others)).toBeDefined()
  })

  it('is taken out of rejected rows and of what imports keep, by every name; others stay', async () => {
    await arrive('mail-eva', 'sent', { id: 'eva-4714', email: 'eva@files.test' })
    const imports = makeImportStore(managed.database.client, managed.database.tables.settings)
    const importIds = { ended: '20261120T000000Z-0000000000000001', failed: '20261121T000000Z-0000000000000002' }
    for (const [status, importId] of Object.entries(importIds)) {
      const file: FileImport = { ...fileImport, importId, status: status === 'failed' ? 'failed' : 'complete' }
      await imports.begin(file)
      files.drop(`work/acme/${importId}/rejected/000000`, '7,"no name",eva-4714,\n8,"no name",bob,\n')
      files.drop(`work/acme/${importId}/part/000000`, status === 'failed' ? 'bob\n' : 'eva-4714,purchase\n')
    }
    const csv = 'reports/acme/events/dt=2026-11-20/a.csv.rejected.csv'
    const rows = ['3,"no name",EVA@files.test,"two\nlines"', '4,"no name",bob,x', '5,"no name","eva-4714",y']
    files.drop(csv, ['rejected_line,rejected_reasons,user,note', ...rows, ''].join('\n'))
    const json = 'reports/acme/events/dt=2026-11-20/a.jsonl.rejected.jsonl'
    files.drop(json, '{"rejected_line":1,"user":"eva-4714"}\n{"rejected_line":2,"user":"eva-47140"}\n')
    files.drop('reports/other/events/dt=2026-11-20/a.jsonl.rejected.jsonl', '{"user":"eva-4714"}\n')
    files.drop('incoming/acme/events/dt=2026-11-20/a.csv', 'user\neva-4714\n')

    const answer = (await eraseWhole('id:eva-4714')).at(-1)
    expect(answer).toMatchObject({ status: 'complete', erased: { rejected_rows: 4, files: 5 } })
    expect(files.text(csv)).toBe('rejected_line,rejected_reasons,user,note\n4,"no name",bob,x\n')
    expect(files.text(json)).toBe('{"rejected_line":2,"user":"eva-47140"}\n')
    expect(files.keys('work/acme/')).toEqual([
      `work/acme/${importIds.failed}/part/000000`,
      `work/acme/${importIds.failed}/rejected/000000`,
    ])
    expect(files.text(`work/acme/${importIds.failed}/rejected/000000`)).toBe('8,"no name",bob,\n')
    expect(files.text('reports/other/events/dt=2026-11-20/a.jsonl.rejected.jsonl')).toContain('eva-4714')
    // The dropped file itself stays until the bucket deletes it; the answer says which, and until when.
    expect(answer.kept_files).toEqual({
      count: 1,
      keys: ['incoming/acme/events/dt=2026-11-20/a.csv'],
      gone_by: expect.stringMatching(/^20\d\d-/),
    })
  })

  it('waits for a file that is being loaded, and is complete after it', async () => {
    const imports = makeImportStore(managed.database.client, managed.database.tables.settings)
    const loading: FileImport = { ...fileImport, importId: '20261122T000000Z-0000000000000003', status: 'loading' }
    await imports.begin(loading)
    const [waiting] = [await erase('id:waiting-4715')]
    expect(waiting.body).toMatchObject({ status: 'partial', waits_for: 'Files that are still being loaded: 1.' })
    await imports.replace({ ...loading, status: 'complete' }, ['loading'])
    expect((await erase('id:waiting-4715', `next=${waiting.body.next}`)).body).toMatchObject({
      id: waiting.body.id,
      status: 'complete',
    })
  })

  it('is asked for with a cursor of ours or none', async () => {
    expect((await erase('id:x', `next=${'x'.repeat(5_000)}`)).body.error.code).toBe('query.invalid')
  })

  it.each(['nobody', 'id:', 'phone:1'])(
    'must be named so that it is clear who is meant: %j is refused',
    async (person) => {
      expect((await erase(person)).body.error.code).toBe('person.malformed')
    },
  )
})

describe('a nameless outcome', () => {
  it('contributes to the same cells what the named one did', async () => {
    const person: PersonKey = personKeySchema.parse('id:kept')
    await ask('kept', 'kept-serve')
    for (const metric of ['sent', 'opened', 'odd_metric'])
      await arrive('mail-kept', metric, { id: 'kept' }, { journey_id: 'j' })
    const stored = await measuring.outcomes.readPerson(org, person, 10)
    expect(stored.map(({ outcome }) => outcome.kind).sort()).toEqual(['send', 'serve'])
    for (const one of stored) {
      const nameless = anonymise(one, 'mark')
      expect(nameless && contribute(nameless)).toEqual(contribute(one))
      // Of the instant the day is left: it would be found again by whoever knows when.
      expect((nameless?.atMs ?? 1) % 86_400_000).toBe(0)
      expect(one.atMs % 86_400_000).not.toBe(0)
      for (const trace of ['kept', '"j"', 'sv_']) expect(JSON.stringify(nameless)).not.toContain(trace)
    }
  })
})

it.each([
  ['{"id":"42"}', 'id:42', true],
  ['{"id":42}', 'id:42', true],
  ['{"id":421}', 'id:42', false],
  ['{"n":1.42}', 'id:42', false],
  ['{"email":"Ann@X.org"}', 'email:ann@x.org', true],
  ['id=customer-77&x', 'id:customer-77', true],
  ['{"id":"ann"}', 'id:an', false],
  ['to ann+1@x.org (ann)', 'email:ann+1@x.org', true],
  ['to joann+1@x.org', 'email:ann+1@x.org', false],
  // As some writers of JSON escape: PHP's slashes and letters, Go's ampersands, whoever likes of the rest.
  ['{"email":"\\u0061nn\\u0040x.org"}', 'email:ann@x.org', true],
  ['{"id":"j\\u00FCrgen"}', 'id:jürgen', true],
  ['{"id":"a\\/7"}', 'id:a/7', true],
  ['{"id":"a\\u00267"}', 'id:a&7', true],
])('the body %s mentions %s: %s', (text, person, expected) => {
  expect(mentions(text, [personKeySchema.parse(person)])).toBe(expected)
})
