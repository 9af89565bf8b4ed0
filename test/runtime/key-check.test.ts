import { randomBytes } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { ApiKey } from '../../contract/api-key.ts'
import { keyCacheMs, unknownKeyCacheMs } from '../../contract/limits.ts'
import { mintApiKey } from '../../lambdas/domain/settings/api-key.ts'
import { makeKeyCheck } from '../../lambdas/runtime/key-check.ts'

const mint = (stage = 'dev') => mintApiKey(stage, { scopes: ['generate'], createdAtMs: 0 }, randomBytes)
const refused = (code: string) => expect.objectContaining({ code })
const stored = new Map<string, ApiKey>()
let nowMs = 0
let reads = 0
const check = () =>
  makeKeyCheck({
    stage: 'dev',
    now: () => nowMs,
    findApiKey: async (org, keyId) => {
      reads++
      return stored.get(`${org}#${keyId}`)
    },
  })
const store = (org: string, key: ApiKey) => stored.set(`${org}#${key.keyId}`, key)
beforeEach(() => {
  stored.clear()
  nowMs = 0
  reads = 0
})

test('a good key lets in by either header', async () => {
  const { key, stored: kept } = mint()
  store('acme', kept)
  const checkKey = check()
  expect(await checkKey('acme', { 'x-api-key': key }, 'generate')).toBe('acme')
  expect(await checkKey('acme', { authorization: `bearer ${key}` }, 'generate')).toBe('acme')
  expect(reads).toBe(1)
})

test('a key of one org says nothing for another', async () => {
  const { key, stored: kept } = mint()
  store('acme', kept)
  await expect(check()('other', { 'x-api-key': key }, 'generate')).rejects.toEqual(refused('auth.failed'))
})

test('a key that is remembered for its org opens no other', async () => {
  const { key, stored: kept } = mint()
  store('acme', kept)
  const checkKey = check()
  expect(await checkKey('acme', { 'x-api-key': key }, 'generate')).toBe('acme')
  await expect(checkKey('other', { 'x-api-key': key }, 'generate')).rejects.toEqual(refused('auth.failed'))
})

test('a good key without the scope is told so', async () => {
  const { key, stored: kept } = mint()
  store('acme', kept)
  await expect(check()('acme', { 'x-api-key': key }, 'admin')).rejects.toEqual(refused('auth.forbidden'))
})

test.each([
  ['no key', {}],
  ['an empty key', { 'x-api-key': ' ' }],
  ['junk', { 'x-api-key': 'jai_dev_junk' }],
  ['a key of another stage', { 'x-api-key': mint('prod').key }],
  ['another scheme', { authorization: `Basic ${mint().key}` }],
])('%s is refused before anything is read', async (_, headers) => {
  await expect(check()('acme', headers, 'generate')).rejects.toEqual(refused('auth.failed'))
  expect(reads).toBe(0)
})

test.each([undefined, '', 'Acme', 'a#b', '../x', 'a'.repeat(64)])(
  'an org named %s is refused before a read',
  async (org) => {
    await expect(check()(org, { 'x-api-key': mint().key }, 'generate')).rejects.toEqual(refused('auth.failed'))
    expect(reads).toBe(0)
  },
)

test('the same secret under another id, or another secret under the same id, is refused', async () => {
  const { key, stored: kept } = mint()
  store('acme', { ...kept, hash: mint().stored.hash })
  await expect(check()('acme', { 'x-api-key': key }, 'generate')).rejects.toEqual(refused('auth.failed'))
})

test('a revoked key is refused everywhere once what was remembered is too old', async () => {
  const { key, stored: kept } = mint()
  store('acme', kept)
  const checkKey = check()
  await checkKey('acme', { 'x-api-key': key }, 'generate')
  store('acme', { ...kept, revokedAtMs: 1 })
  nowMs = keyCacheMs - 1
  expect(await checkKey('acme', { 'x-api-key': key }, 'generate')).toBe('acme')
  // In force within the minute that is promised.
  nowMs = 60_000
  await expect(checkKey('acme', { 'x-api-key': key }, 'generate')).rejects.toEqual(refused('auth.failed'))
})

test('a key expires on time although it is remembered', async () => {
  const { key, stored: kept } = mint()
  store('acme', { ...kept, expiresAtMs: 10 })
  const checkKey = check()
  await checkKey('acme', { 'x-api-key': key }, 'generate')
  nowMs = 10
  await expect(checkKey('acme', { 'x-api-key': key }, 'generate')).rejects.toEqual(refused('auth.failed'))
})

test('a key that does not exist is looked for once in a while, and junk displaces no good key', async () => {
  const { key, stored: kept } = mint()
  store('acme', kept)
  const checkKey = check()
  await checkKey('acme', { 'x-api-key': key }, 'generate')
  const unknown = mint().key
  for (let at = 0; at < 50; at++) await checkKey('acme', { 'x-api-key': unknown }, 'generate').catch(() => {})
  expect(reads).toBe(2)
  nowMs = unknownKeyCacheMs
  await checkKey('acme', { 'x-api-key': unknown }, 'generate').catch(() => {})
  expect(reads).toBe(3)
  for (let at = 0; at < 2_000; at++) await checkKey('acme', { 'x-api-key': mint().key }, 'generate').catch(() => {})
  reads = 0
  await checkKey('acme', { 'x-api-key': key }, 'generate')
  expect(reads).toBe(0)
})

test('a fault of the store is no refusal', async () => {
  const checkKey = makeKeyCheck({ stage: 'dev', now: () => 0, findApiKey: () => Promise.reject(new Error('down')) })
  await expect(checkKey('acme', { 'x-api-key': mint().key }, 'generate')).rejects.toThrow('down')
})

test('a use is noted once an hour and key, and never waited for', async () => {
  const { key, stored: kept } = mint()
  store('acme', kept)
  const notes: [string, number][] = []
  const hourMs = 3_600_000
  const noting = makeKeyCheck({
    stage: 'dev',
    now: () => nowMs,
    findApiKey: async (org, keyId) => stored.get(`${org}#${keyId}`),
    noteKeyUse: (org, _keyId, atMs) => {
      notes.push([org, atMs])
      return new Promise(() => undefined)
    },
  })
  for (const atMs of [5 * hourMs + 1, 5 * hourMs + 2, 6 * hourMs - 1, 6 * hourMs]) {
    nowMs = atMs
    await noting('acme', { 'x-api-key': key }, 'generate')
  }
  expect(notes).toEqual([
    ['acme', 5 * hourMs],
    ['acme', 6 * hourMs],
  ])
})

test('a use that could not be noted is noted with a later one, and refused keys never', async () => {
  const { key, stored: kept } = mint()
  store('acme', kept)
  let tries = 0
  const noting = makeKeyCheck({
    stage: 'dev',
    now: () => nowMs,
    findApiKey: async (org, keyId) => stored.get(`${org}#${keyId}`),
    noteKeyUse: async () => {
      tries++
      throw new Error('no answer')
    },
  })
  nowMs = 3_600_000
  for (let at = 0; at < 3; at++) {
    expect(await noting('acme', { 'x-api-key': key }, 'generate')).toBe('acme')
    await Promise.resolve()
  }
  expect(tries).toBe(3)
  await noting('acme', { 'x-api-key': mint().key }, 'generate').catch(() => undefined)
  expect(tries).toBe(3)
})
