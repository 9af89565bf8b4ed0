import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { classifyBody } from '../../lambdas/domain/events/classify-body.ts'
import { measureSubjects } from '../../lambdas/flows/measure-subjects.ts'
import { makeEventStore } from '../../lambdas/store/events.ts'
import { makeMeasureReads } from '../../lambdas/store/measure-reads.ts'
import { makeOutcomeStore } from '../../lambdas/store/outcomes.ts'
import { makeQuarantine } from '../../lambdas/store/quarantine.ts'
import { orgOf } from '../support/copy-settings.ts'
import { type Managed, startManaged } from '../support/managed.ts'

const org = orgOf('acme')
const signal = new AbortController().signal
let managed: Managed

beforeAll(async () => {
  managed = await startManaged()
  await managed.ask(['org:acme:admin'], 'PUT', '/api/orgs/acme/templates/welcome', { body: {} })
  const body = { sources: [{ source: 'campaign:23', control_action_ids: ['42'] }] }
  await managed.ask(['org:acme:admin'], 'PUT', '/api/orgs/acme/templates/welcome/integration', { body })
  for (const [at, id] of ['ann', 'bob'].entries()) {
    await arrive(`mail-${id}`, { metric: 'sent', action_id: 42, identifiers: { id } }, at)
    await arrive(`mail-${id}`, { metric: 'opened', action_id: 42, identifiers: { id } }, at + 60)
  }
})
afterAll(() => managed.issuer.close())

/** A reporting event, stored and measured. */
async function arrive(delivery: string, data: Record<string, unknown>, secondsAgo: number): Promise<void> {
  const { client, tables } = managed.database
  const { metric, ...rest } = data
  const timestamp = Math.floor(managed.clock.nowMs / 1_000) - 600 + secondsAgo
  const event = { event_id: `${delivery}-${metric}`, object_type: 'email', metric, timestamp }
  const bytes = Buffer.from(JSON.stringify({ ...event, data: { campaign_id: 23, delivery_id: delivery, ...rest } }))
  const accepted = classifyBody(bytes)
  if (accepted.kind === 'poison') throw new Error('the test made a body that is not accepted')
  await makeEventStore(client, tables.events).append(org, accepted, managed.clock.nowMs, signal)
  const deps = {
    ...makeMeasureReads(client, tables),
    outcomes: makeOutcomeStore(client, tables),
    random: Math.random,
    pause: async () => undefined,
  }
  await measureSubjects(deps, org, [{ kind: 'delivery', id: delivery, joins: true }])
}

const events = (query: string, groups = ['org:acme:viewer']) =>
  managed.ask(groups, 'GET', '/api/orgs/acme/events', { query })
const personsOf = (body: { happenings: { person: string }[] }) => body.happenings.map(({ person }) => person)

describe('the events route', () => {
  it('tells the story of a delivery: its outcome with the rule that joined it, and its events in order', async () => {
    const { status, body } = await events('delivery=mail-ann')
    expect(status).toBe(200)
    expect(body.happenings).toMatchObject([
      {
        kind: 'send',
        person: 'id:ann',
        template_id: 'welcome',
        arm: 'control',
        rule: 'none',
        metrics: expect.arrayContaining(['opened', 'sent']),
      },
    ])
    expect(body.events.map(({ name }: { name: string }) => name)).toEqual(['sent', 'opened'])
  })

  it('tells the story of a person, and nothing of another', async () => {
    expect(personsOf((await events('person=id:bob')).body)).toEqual(['id:bob'])
    expect((await events('person=id:nobody')).body).toEqual({ happenings: [], events: [], truncated: false })
  })

  it('shows what happened lately, newest first, of one template or of all, since an instant', async () => {
    expect(personsOf((await events('template=welcome')).body)).toEqual(['id:bob', 'id:ann'])
    expect(personsOf((await events('')).body)).toEqual(['id:bob', 'id:ann'])
    const since = new Date(managed.clock.nowMs - 600_000 + 1_000).toISOString()
    expect(personsOf((await events(`since=${since}`)).body)).toEqual(['id:bob'])
    expect((await events('template=another')).body.error.code).toBe('template.unknown')
  })

  it.each(['since=yesterday', 'person=ann', 'person=id:', 'delivery=', 'template=a-b', 'person=id:a&delivery=b'])(
    'refuses %j without repeating it',
    async (query) => {
      const { status, body } = await events(query)
      expect([status, body.error.code]).toEqual([422, 'query.invalid'])
    },
  )

  it('shows nothing of another org', async () => {
    for (const query of ['delivery=mail-ann', 'person=id:ann', '']) {
      const { body } = await managed.ask(['org:other:admin'], 'GET', '/api/orgs/other/events', { query })
      expect(body).toEqual({ happenings: [], events: [], truncated: false })
    }
  })
})

describe('the quarantine', () => {
  const list = (query = '', slug = 'acme') =>
    managed.ask([`org:${slug}:viewer`], 'GET', `/api/orgs/${slug}/quarantine`, { query })
  const replay = (id: string, slug = 'acme') =>
    managed.ask([`org:${slug}:admin`], 'POST', `/api/orgs/${slug}/quarantine/${id}/replay`)
  const setAside = (bytes: Uint8Array, code: 'event.invalid' | 'body.not_json') => {
    const { client, tables } = managed.database
    const quarantine = makeQuarantine(client, tables.events)
    return quarantine.setAside(org, bytes, [{ code, message: 'why' }], managed.clock.nowMs, signal)
  }
  const good = JSON.stringify({
    event_id: 'late',
    object_type: 'email',
    metric: 'sent',
    timestamp: 1_795_000_000,
    data: { campaign_id: 23, delivery_id: 'late', identifiers: { id: 'cid' } },
  })

  it('gives a body back to the events once it can be read, and lets it go', async () => {
    const id = await setAside(Buffer.from(good), 'event.invalid')
    expect((await list()).body.bodies).toContainEqual(expect.objectContaining({ id, body_bytes: good.length }))
    expect((await replay(id)).body).toEqual({ status: 'accepted', event_id: 'late' })
    expect((await list()).body.bodies.map((one: { id: string }) => one.id)).not.toContain(id)
    expect((await replay(id)).body.error.code).toBe('quarantine.unknown')
    expect((await events('delivery=late')).body.events).toHaveLength(1)
  })

  it('keeps what still cannot be read, however large', async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(60_000))
    const id = await setAside(bytes, 'body.not_json')
    expect((await replay(id)).body).toMatchObject({ status: 'quarantined' })
    expect((await list()).body.bodies.map((one: { id: string }) => one.id)).toContain(id)
  })

  it('lets a large body go with all its parts once it is a duplicate', async () => {
    const filler = Buffer.from(crypto.getRandomValues(new Uint8Array(40_000))).toString('base64')
    const bytes = Buffer.from(JSON.stringify({ ...JSON.parse(good), event_id: 'large', filler }))
    const id = await setAside(bytes, 'event.invalid')
    await replay(id)
    const { client, tables } = managed.database
    expect(await makeQuarantine(client, tables.events).find(org, id)).toBeUndefined()
    expect((await list()).body.bodies.map((one: { id: string }) => one.id)).not.toContain(id)
  })

  it('is apart for each org, and refuses ids and pages that are none', async () => {
    const id = await setAside(Buffer.from('nonsense'), 'body.not_json')
    expect((await replay(id, 'other')).status).toBe(404)
    expect((await list('', 'other')).body.bodies).toEqual([])
    for (const odd of ['at%230000000000000%23x', 'x', '..']) expect((await replay(odd)).status).toBe(404)
    expect((await list('next=zzz')).body.error.code).toBe('query.invalid')
  })

  it('says in the audit log who replayed what, and how it ended', async () => {
    const { body } = await managed.ask(['org:acme:admin'], 'GET', '/api/orgs/acme/audit')
    const entry = body.entries.find(({ what }: { what: string }) => what.startsWith('quarantine:'))
    expect(entry).toMatchObject({
      who: 'user:ann',
      before: { codes: expect.anything() },
      after: { status: expect.anything() },
    })
  })
})
