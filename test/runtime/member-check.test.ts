import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mintApiKey } from '../../lambdas/domain/settings/api-key.ts'
import { makeKeyCheck } from '../../lambdas/runtime/key-check.ts'
import { makeMemberCheck } from '../../lambdas/runtime/member-check.ts'
import { makeTokenCheck } from '../../lambdas/runtime/token-check.ts'
import { startTokenIssuer, type TokenChanges, type TokenIssuer } from '../support/token-issuer.ts'

const nowMs = Date.parse('2026-11-24T10:00:00Z')
let clockMs = nowMs
const now = () => clockMs
const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))
const admin = mintApiKey('dev', { scopes: ['admin'], createdAtMs: 0 }, random)
const generate = mintApiKey('dev', { scopes: ['generate'], createdAtMs: 0 }, random)

let issuer: TokenIssuer
let checks: ReturnType<typeof makeMemberCheck>

beforeAll(async () => {
  issuer = await startTokenIssuer(now)
  const keys = new Map([admin, generate].map(({ stored }) => [`acme#${stored.keyId}`, stored]))
  checks = makeMemberCheck({
    checkKey: makeKeyCheck({ findApiKey: async (org, id) => keys.get(`${org}#${id}`), now, stage: 'dev' }),
    checkToken: makeTokenCheck({ issuer: issuer.issuer, clientId: issuer.clientId, now }),
    stage: 'dev',
  })
})
afterAll(() => issuer.close())

const bearer = async (groups: readonly string[], changes?: TokenChanges) => ({
  authorization: `Bearer ${await issuer.token(groups, changes)}`,
})
const failed = { code: 'auth.failed' }
const forbidden = { code: 'auth.forbidden' }

describe('a member', () => {
  it('is let in by a token of the org and named by its subject', async () => {
    const headers = await bearer(['org:acme:viewer'])
    expect(await checks.checkMember('acme', headers, 'viewer')).toEqual({ org: 'acme', who: 'user:ann' })
  })

  it('who only views may not change, and an admin may do both', async () => {
    await expect(checks.checkMember('acme', await bearer(['org:acme:viewer']), 'admin')).rejects.toMatchObject(
      forbidden,
    )
    const headers = await bearer(['org:acme:admin'])
    expect(await checks.checkMember('acme', headers, 'admin')).toMatchObject({ org: 'acme' })
    expect(await checks.checkMember('acme', headers, 'viewer')).toMatchObject({ org: 'acme' })
  })

  it('of several orgs has in each the role of that org', async () => {
    const headers = await bearer(['org:acme:viewer', 'org:other:admin'])
    await expect(checks.checkMember('acme', headers, 'admin')).rejects.toMatchObject(forbidden)
    expect(await checks.checkMember('other', headers, 'admin')).toMatchObject({ org: 'other' })
  })

  it.each(['org:other:admin', 'org:acme:owner', 'xorg:acme:admin', 'org:acme:admin ', 'operators', 'org:acme-2:admin'])(
    'of the group %j alone does not exist for the org',
    async (group) => {
      await expect(checks.checkMember('acme', await bearer([group]), 'viewer')).rejects.toMatchObject(failed)
    },
  )

  it('may be a program with a key of scope admin, which is named by its id', async () => {
    const member = await checks.checkMember('acme', { 'x-api-key': admin.key }, 'admin')
    expect(member).toEqual({ org: 'acme', who: `key:${admin.stored.keyId}` })
    const headers = { authorization: `Bearer ${admin.key}` }
    expect(await checks.checkMember('acme', headers, 'viewer')).toMatchObject({ org: 'acme' })
    await expect(checks.checkMember('acme', { 'x-api-key': generate.key }, 'viewer')).rejects.toMatchObject(forbidden)
    await expect(checks.checkMember('other', { 'x-api-key': admin.key }, 'viewer')).rejects.toMatchObject(failed)
  })

  it('without any proof is answered like one with a wrong one', async () => {
    for (const headers of [{}, { authorization: 'Bearer x' }, { authorization: 'Basic x.y.z' }]) {
      await expect(checks.checkMember('acme', headers, 'viewer')).rejects.toMatchObject(failed)
    }
  })
})

describe('a token', () => {
  const refused: [string, TokenChanges][] = [
    ['of another issuer', { claims: { iss: 'https://elsewhere.example' } }],
    ['of another client', { claims: { client_id: 'another' } }],
    ['for another use', { claims: { token_use: 'id' } }],
    ['without an expiry', { claims: { exp: undefined } }],
    ['without a subject', { claims: { sub: undefined } }],
    ['that is not valid yet', { claims: { nbf: nowMs / 1_000 + 60 } }],
    ['with groups that are no list', { claims: { 'cognito:groups': 'org:acme:admin' } }],
    ['signed by somebody else', { forged: true }],
  ]
  it.each(refused)('%s lets nobody in', async (_what, changes) => {
    const headers = await bearer(['org:acme:admin'], changes)
    await expect(checks.checkMember('acme', headers, 'viewer')).rejects.toMatchObject(failed)
  })

  it('that is unsigned, or signed with a shared secret, lets nobody in', async () => {
    const [, body] = (await issuer.token(['org:acme:admin'])).split('.')
    for (const alg of ['none', 'HS256']) {
      const head = Buffer.from(JSON.stringify({ alg, kid: 'key-1' })).toString('base64url')
      const headers = { authorization: `Bearer ${head}.${body}.c2ln` }
      await expect(checks.checkMember('acme', headers, 'viewer')).rejects.toMatchObject(failed)
    }
  })

  it('ends at its expiry', async () => {
    const headers = await bearer(['org:acme:viewer'], { lifeSeconds: 60 })
    clockMs = nowMs + 59_000
    expect(await checks.checkMember('acme', headers, 'viewer')).toMatchObject({ org: 'acme' })
    clockMs = nowMs + 61_000
    await expect(checks.checkMember('acme', headers, 'viewer')).rejects.toMatchObject(failed)
    clockMs = nowMs
  })

  it('is checked with keys that are fetched once', () => expect(issuer.fetches()).toBe(1))

  it('that cannot be checked, because the issuer does not answer, is no refusal', async () => {
    const deaf = makeTokenCheck({ issuer: 'http://127.0.0.1:9', clientId: issuer.clientId, now })
    const error = await deaf(await issuer.token(['org:acme:admin'])).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toMatchObject(failed)
  })
})

describe('an operator', () => {
  it('is a member of the group of operators', async () => {
    expect(await checks.checkOperator(await bearer(['operators']))).toEqual({ who: 'user:ann' })
    await expect(checks.checkOperator(await bearer(['org:acme:admin']))).rejects.toMatchObject(forbidden)
  })

  it('is never a key', async () => {
    await expect(checks.checkOperator({ 'x-api-key': admin.key })).rejects.toMatchObject(failed)
    await expect(checks.checkOperator({})).rejects.toMatchObject(failed)
  })
})
