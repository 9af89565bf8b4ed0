// A person is forgotten: gone from every table and from what was set aside, while every count stays, and nothing that
// comes late brings them back.
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PersonKey, personKeySchema } from '../../contract/ids.ts'
import { classifyBody } from '../../lambdas/domain/classify-body.ts'
import { contribute } from '../../lambdas/domain/contribute.ts'
import { anonymise, mentions } from '../../lambdas/domain/erase.ts'
import type { SubjectRef } from '../../lambdas/domain/group-subjects.ts'
import { type MeasureDeps, measureSubjects } from '../../lambdas/flows/measure-subjects.ts'
import { recountResults } from '../../lambdas/flows/recount-results.ts'
import { makeEventStore } from '../../lambdas/store/events.ts'
import { makeMeasureReads } from '../../lambdas/store/measure-reads.ts'
import { makeOutcomeStore } from '../../lambdas/store/outcomes.ts'
import { makeQuarantine } from '../../lambdas/store/quarantine.ts'
import { makeRecountReads } from '../../lambdas/store/recount-reads.ts'
import { orgOf } from '../support/copy-settings.ts'
import { type Managed, startManaged } from '../support/managed.ts'
import { type Serve, serveAll } from '../support/served.ts'

const org = orgOf('acme')
const signal = new AbortController().signal
let managed: Managed
let serve: Serve
let measuring: MeasureDeps

beforeAll(async () => {
  managed = await startManaged()
  serve = serveAll(managed)
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

const erase = (person: string, query = '') =>
  managed.ask(['org:acme:admin'], 'DELETE', `/api/orgs/acme/people/${person}`, { query })

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

const zoe = { id: 'zoe-4711', email: 'zoe@secret.test', cio_id: 'c10secret' }
const traces = ['zoe-4711', 'zoe@secret.test', 'c10secret', 'zoe-serve', 'mail-zoe']

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
    for (const trace of traces) expect(tablesBefore.events + tablesBefore.outcomes).toContain(trace)

    const { status, body } = await erase('id:zoe-4711')
    expect(status).toBe(200)
    expect(body).toMatchObject({ complete: true, erased: { outcomes: 3, events: 5 } })
    const after = await dump()
    for (const trace of traces) for (const table of Object.values(after)) expect(table).not.toContain(trace)
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
    for (const trace of traces)
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
    for (const trace of [...traces, 'late-purchase'])
      for (const table of Object.values(after)) expect(table).not.toContain(trace)
  })

  it('stays erased when asked again, and the log names them by digest only', async () => {
    expect((await erase('id:zoe-4711')).body).toMatchObject({ complete: true, erased: { outcomes: 0, events: 0 } })
    const { body } = await managed.ask(['org:acme:admin'], 'GET', '/api/orgs/acme/audit')
    const entry = body.entries.find(({ action }: { action: string }) => action.startsWith('DELETE'))
    expect(entry.what).toMatch(/^person:[\w-]{16}$/)
    for (const trace of traces) expect(JSON.stringify(body)).not.toContain(trace)
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
      expect((await erase(`id:${id}`)).body.complete).toBe(true)
      hold.resolve()
      expect((await under).failed).toEqual([])
      for (const table of Object.values(await dump())) expect(table).not.toContain(id)
      expect(await results()).toEqual(before)
      expect(await drifts()).toEqual([])
    },
  )

  it('with more than one call can take is erased by several', async () => {
    for (let at = 0; at < 90; at++) await arrive(`mail-often-${at}`, 'sent', { id: 'often' })
    const before = await results()
    const answers = [await erase('id:often')]
    // What is not complete, or was not answered in time, is asked for again.
    while (answers.at(-1)?.body.complete !== true && answers.length < 40) answers.push(await erase('id:often'))
    expect(answers.length).toBeGreaterThan(1)
    expect(answers.at(-1)?.body).toMatchObject({ complete: true })
    for (const table of Object.values(await dump())) expect(table).not.toContain('often')
    expect(await results()).toEqual(before)
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
    expect((await erase('id:aside-1')).body.erased.set_aside).toBe(1)
    expect(await quarantine.find(org, theirs)).toBeUndefined()
    expect(await quarantine.find(org, others)).toBeDefined()
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
    const stored = await measuring.outcomes.readPerson(org, person)
    expect(stored.map(({ outcome }) => outcome.kind).sort()).toEqual(['send', 'serve'])
    for (const one of stored) {
      const nameless = anonymise(one, 'mark')
      expect(nameless && contribute(nameless)).toEqual(contribute(one))
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
])('the body %s mentions %s: %s', (text, person, expected) => {
  expect(mentions(text, [personKeySchema.parse(person)])).toBe(expected)
})
