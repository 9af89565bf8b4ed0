import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { maxKeys } from '../../contract/limits.ts'
import { makeNoteKeyUse } from '../../lambdas/store/key-uses.ts'
import { orgOf } from '../support/copy-settings.ts'
import { type Managed, orgNamed, startManaged } from '../support/managed.ts'

let managed: Managed
beforeAll(async () => {
  managed = await startManaged()
})
afterAll(() => managed.issuer.close())

const admin = ['org:acme:admin']
const makeKey = (body: unknown) => managed.ask(admin, 'POST', '/api/orgs/acme/keys', { body })
const revoke = (id: string) => managed.ask(admin, 'DELETE', `/api/orgs/acme/keys/${id}`)

describe('the keys of an org', () => {
  it('are shown whole once, and afterwards by their last four characters', async () => {
    const made = await makeKey({ name: 'Campaigns', scopes: ['generate'], expires_at: '2027-01-01T00:00:00Z' })
    expect(made.status).toBe(200)
    const { key, ...shown } = made.body
    expect(key).toMatch(/^jai_dev_/)
    expect(shown).toMatchObject({ name: 'Campaigns', last_four: key.slice(-4), revoked_at: null, last_used_at: null })
    const { body } = await managed.ask(['org:acme:viewer'], 'GET', '/api/orgs/acme/keys')
    expect(body.keys).toContainEqual(shown)
    expect(JSON.stringify(body)).not.toContain(key)
  })

  it('are at most two in force with the same scopes', async () => {
    const scopes = ['events', 'generate']
    const first = await makeKey({ scopes })
    expect((await makeKey({ scopes: [...scopes].reverse() })).status).toBe(200)
    const third = await makeKey({ scopes })
    expect([third.status, third.body.error.code]).toEqual([409, 'key.too_many'])
    await revoke(first.body.id)
    expect((await makeKey({ scopes })).status).toBe(200)
    expect((await makeKey({ scopes: ['events'] })).status).toBe(200)
  })

  it('are at most two also when they are made at once', async () => {
    const scopes = ['admin', 'events']
    const made = await Promise.all(Array.from({ length: 6 }, () => makeKey({ scopes })))
    const { body } = await managed.ask(admin, 'GET', '/api/orgs/acme/keys')
    const live = body.keys.filter((key: { scopes: string[] }) => key.scopes.join() === scopes.join())
    expect(live.length).toBe(made.filter(({ status }) => status === 200).length)
    expect(live.length).toBeLessThanOrEqual(2)
    for (const { status } of made) expect([200, 409, 412]).toContain(status)
  })

  it('are counted only while they are in force', async () => {
    await managed.settings.putOrg(orgNamed('capped'))
    const revoked = { revokedAtMs: managed.clock.nowMs }
    for (let at = 0; at < maxKeys; at++) await managed.makeKey('capped', ['generate'], revoked)
    const body = { scopes: ['generate'] }
    expect((await managed.ask(['org:capped:admin'], 'POST', '/api/orgs/capped/keys', { body })).status).toBe(200)
  })

  it('open a route until they are revoked, and no longer than a minute after', async () => {
    const made = await makeKey({ scopes: ['admin'] })
    const read = () => managed.call('GET', '/api/orgs/acme/settings', { headers: { 'x-api-key': made.body.key } })
    expect((await read()).status).toBe(200)
    const revoked = await revoke(made.body.id)
    expect(revoked.body.revoked_at).toBe(new Date(managed.clock.nowMs).toISOString())
    expect((await revoke(made.body.id)).body).toEqual(revoked.body)
    managed.clock.nowMs += 60_000
    expect((await read()).status).toBe(401)
  })

  it('that expire are refused from that moment on', async () => {
    const expiresAt = managed.clock.nowMs + 10_000
    const made = await makeKey({ scopes: ['admin'], expires_at: new Date(expiresAt).toISOString() })
    const read = () => managed.call('GET', '/api/orgs/acme/settings', { headers: { 'x-api-key': made.body.key } })
    managed.clock.nowMs = expiresAt - 1
    expect((await read()).status).toBe(200)
    managed.clock.nowMs = expiresAt
    expect((await read()).status).toBe(401)
  })

  it('tell the hour of their last use, which only goes forward', async () => {
    const made = await makeKey({ scopes: ['admin', 'events', 'generate'] })
    const headers = { 'x-api-key': made.body.key }
    const lastUse = async () => {
      const { body } = await managed.call('GET', '/api/orgs/acme/keys', { headers })
      await new Promise((resolve) => setTimeout(resolve, 100))
      return body.keys.find(({ id }: { id: string }) => id === made.body.id).last_used_at
    }
    managed.clock.nowMs = Date.parse('2026-11-25T10:59:59Z')
    await lastUse()
    expect(await lastUse()).toBe('2026-11-25T10:00:00.000Z')
    managed.clock.nowMs += 1_000
    await lastUse()
    expect(await lastUse()).toBe('2026-11-25T11:00:00.000Z')
    await makeNoteKeyUse(managed.database.client, managed.database.tables.settings)(orgOf('acme'), made.body.id, 0)
    expect(await lastUse()).toBe('2026-11-25T11:00:00.000Z')
  })

  it('of another org, or of none, are unknown', async () => {
    const made = await makeKey({ scopes: ['admin'] })
    const elsewhere = await managed.ask(['org:other:admin'], 'DELETE', `/api/orgs/other/keys/${made.body.id}`)
    expect([elsewhere.status, elsewhere.body.error.code]).toEqual([404, 'key.unknown'])
    expect((await revoke('nothing')).status).toBe(404)
  })
})

describe('an org', () => {
  const make = (groups: readonly string[], body: unknown) => managed.ask(groups, 'POST', '/api/orgs', { body })

  it('is made by an operator, with a key for whoever sets it up', async () => {
    const made = await make(['operators'], { org: 'fresh', name: 'Fresh Ltd' })
    expect(made.body.settings).toMatchObject({ org: 'fresh', name: 'Fresh Ltd', signing_key: null })
    const headers = { 'x-api-key': made.body.admin_key.key }
    expect((await managed.call('GET', '/api/orgs/fresh/settings', { headers })).body.org).toBe('fresh')
    const { body } = await managed.call('GET', '/api/orgs/fresh/audit', { headers })
    expect(body.entries).toMatchObject([{ who: 'user:ann', action: 'POST /api/orgs', before: null }])
  })

  it('is made once, and by nobody but an operator', async () => {
    expect((await make(['operators'], { org: 'acme', name: 'Acme again' })).body.error.code).toBe('org.exists')
    expect((await make(admin, { org: 'mine', name: 'Mine' })).status).toBe(403)
    expect((await managed.call('POST', '/api/orgs', { body: { org: 'mine', name: 'Mine' } })).status).toBe(401)
  })

  it('opens to no operator', async () => {
    expect((await managed.ask(['operators'], 'GET', '/api/orgs/acme/settings')).status).toBe(401)
  })
})

describe('the audit log', () => {
  it('tells every change, newest first, page by page, each once', async () => {
    const change = (name: string) =>
      managed.ask(['org:other:admin'], 'PUT', '/api/orgs/other/settings', { body: { name } })
    for (let at = 0; at < 120; at++) {
      managed.clock.nowMs += 1
      await change(`Name ${at}`)
    }
    const names: string[] = []
    let query: string | undefined = ''
    while (query !== undefined) {
      const { body } = await managed.ask(['org:other:admin'], 'GET', '/api/orgs/other/audit', { query })
      names.push(...body.entries.map((entry: { after: { name: string } }) => entry.after.name))
      query = body.next === null ? undefined : `next=${encodeURIComponent(body.next)}`
    }
    expect(names).toEqual(Array.from({ length: 120 }, (_, at) => `Name ${119 - at}`))
  })

  it('goes on only where it said so', async () => {
    for (const next of ['x', 'x'.repeat(5_000), `9999999999999#${'a'.repeat(2_000)}`]) {
      const query = `next=${next}`
      const { status, body } = await managed.ask(admin, 'GET', '/api/orgs/acme/audit', { query })
      expect([status, body.error.code]).toEqual([422, 'query.invalid'])
    }
  })

  it('keeps no secret', async () => {
    const body = { signing_key: 'canary-signing-key', app_api_key: 'canary-app-api-key' }
    await managed.ask(admin, 'PUT', '/api/orgs/acme/settings', { body })
    const log = await managed.ask(admin, 'GET', '/api/orgs/acme/audit')
    expect(log.body.entries[0]).toMatchObject({ what: 'settings', after: { signing_key: { last_four: '-key' } } })
    expect(JSON.stringify(log.body)).not.toContain('canary')
  })
})
