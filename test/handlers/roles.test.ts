// Every route tried by every role, and what each gets: the table is made from the routes, so none is missing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Route } from '../../contract/route.ts'
import { routes } from '../../contract/routes.ts'
import { type Managed, startManaged } from '../support/managed.ts'
import { fillPath, type Serve, serveAll } from '../support/served.ts'

const roles = [
  'nobody',
  'a forged token',
  'a key that was never made',
  'a key that was revoked',
  'a key for generate',
  'a key for events',
  'a key for admin',
  'a viewer',
  'an admin',
  'a viewer of the other org',
  'an admin of the other org',
  'an admin key of the other org',
  'an operator',
] as const
type Role = (typeof roles)[number]
type Verdict = 'in' | 401 | 403

const all: readonly Route[] = routes
const names = { org: 'acme', template: 'welcome', copy: 'warm', key: 'none', id: 'none', person: 'id:nobody' }

/** Who is let in, written down apart from the code that decides. */
function expected({ entry }: Route, role: Role): Verdict {
  switch (entry.kind) {
    case 'open':
      return 'in'
    case 'signature':
      // Without a signature nobody is, whatever else they show.
      return 401
    case 'operator':
      if (role === 'an operator') return 'in'
      return /^(a viewer|an admin)( of|$)/.test(role) ? 403 : 401
    case 'key':
      if (role === `a key for ${entry.scope}`) return 'in'
      return role.startsWith('a key for') ? 403 : 401
    case 'member':
      if (role === 'a key for admin' || role === 'an admin') return 'in'
      if (role === 'a viewer') return entry.role === 'viewer' ? 'in' : 403
      return role.startsWith('a key for') ? 403 : 401
  }
}

let managed: Managed
let serve: Serve
let headersOf: Readonly<Record<Role, Record<string, string>>>

beforeAll(async () => {
  managed = await startManaged()
  serve = serveAll(managed)
  const admin = ['org:acme:admin']
  await managed.ask(admin, 'PUT', '/api/orgs/acme/templates/welcome', { body: {} })
  const body = { copy_id: 'warm', vars: { subject: 'Hello' } }
  await managed.ask(admin, 'POST', '/api/orgs/acme/templates/welcome/variants', { body })
  await managed.ask(admin, 'PUT', '/api/orgs/acme/settings', { body: { signing_key: 'a-signing-key-of-acme' } })
  const bearer = async (group: string, forged?: true) => ({
    authorization: `Bearer ${await managed.issuer.token([group], forged && { forged })}`,
  })
  const key = async (org: string, scope: 'generate' | 'events' | 'admin', changes = {}) => ({
    'x-api-key': await managed.makeKey(org, [scope], changes),
  })
  headersOf = {
    nobody: {},
    'a forged token': await bearer('org:acme:admin', true),
    'a key that was never made': { 'x-api-key': `jai_dev_${'0'.repeat(48)}` },
    'a key that was revoked': await key('acme', 'admin', { revokedAtMs: 0 }),
    'a key for generate': await key('acme', 'generate'),
    'a key for events': await key('acme', 'events'),
    'a key for admin': await key('acme', 'admin'),
    'a viewer': await bearer('org:acme:viewer'),
    'an admin': await bearer('org:acme:admin'),
    'a viewer of the other org': await bearer('org:other:viewer'),
    'an admin of the other org': await bearer('org:other:admin'),
    'an admin key of the other org': await key('other', 'admin'),
    'an operator': await bearer('operators'),
  }
})
afterAll(() => managed.issuer.close())

async function tried(route: Route, role: Role, org = 'acme') {
  const body = route.request === undefined ? {} : { body: '{"nothing":"that any route takes"}' }
  const path = fillPath(route, { ...names, org })
  return serve(route.method, path, { headers: headersOf[role], ...body })
}

describe.each(all.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_name, route) => {
  it.each(roles)('tried by %s', async (role) => {
    const { status, text } = await tried(route, role)
    const verdict = status === 401 || status === 403 ? status : 'in'
    expect(verdict).toBe(expected(route, role))
    if (verdict !== 'in') expect(JSON.parse(text).error.code).toBe(verdict === 401 ? 'auth.failed' : 'auth.forbidden')
  })
})

const ofAnOrg = all.filter(({ path }) => path.includes('{org}'))
it.each(ofAnOrg.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s answers an unknown org, no proof and a wrong one with the same bytes',
  async (_name, route) => {
    const unknown = await tried(route, 'an admin', 'no-such-org')
    const wrong = await tried(route, 'a key that was never made')
    const none = await tried(route, 'nobody')
    expect([unknown.text, wrong.text]).toEqual([none.text, none.text])
    expect([unknown.status, wrong.status]).toEqual([401, 401])
  },
)

it('leaves no route out, and lets somebody into each that is not signed', () => {
  expect(all.length).toBeGreaterThan(20)
  for (const route of all.filter(({ entry }) => entry.kind !== 'signature')) {
    expect(roles.some((role) => expected(route, role) === 'in')).toBe(true)
  }
})
