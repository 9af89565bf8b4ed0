import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { apiKeySchema } from '../../../contract/api-key.ts'
import { judgeKey, mintApiKey, readKeyId } from '../../../lambdas/domain/settings/api-key.ts'

const terms = { scopes: ['generate' as const], createdAtMs: 1_000 }
const mint = (changes = {}) => mintApiKey('dev', { ...terms, ...changes }, randomBytes)

test('a minted key has the documented form and names itself', () => {
  const { key, stored } = mint()
  expect(key).toMatch(/^jai_dev_[0-9A-Za-z]{12}_[0-9A-Za-z]{36}$/)
  expect(readKeyId(key, 'dev')).toBe(stored.keyId)
})

test('what is stored tells the key apart but does not hold it', () => {
  const { key, stored } = mint()
  expect(apiKeySchema.parse(stored)).toEqual(stored)
  expect(stored.hash).toBe(createHash('sha256').update(key).digest('hex'))
  expect(stored.lastFour).toBe(key.slice(-4))
  expect(JSON.stringify(stored)).not.toContain(key.slice(21, 30))
})

test('a key holds at least 160 bits of chance', () => {
  let bytes = 0
  mintApiKey('dev', terms, (count) => {
    bytes += count
    return randomBytes(count)
  })
  expect(bytes).toBeGreaterThanOrEqual(42)
  expect(Math.log2(62) * 30).toBeGreaterThan(160)
})

test('every digit is as likely as any other', () => {
  const counts = new Map<string, number>()
  for (let at = 0; at < 1_000; at++) {
    for (const digit of mint().key.slice(21, 51)) counts.set(digit, (counts.get(digit) ?? 0) + 1)
  }
  const expected = 30_000 / 62
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  expect(counts.size).toBe(62)
  // 61 degrees of freedom: above 120 fewer than one time in a hundred thousand.
  expect(chiSquare).toBeLessThan(120)
})

test('a key of another stage is junk', () => {
  expect(readKeyId(mint().key, 'prod')).toBeUndefined()
})

test('a key with any one character changed is junk', () => {
  const { key } = mint()
  fc.assert(
    fc.property(fc.nat(key.length - 1), fc.constantFrom(...'0aZ_-'), (at, digit) => {
      fc.pre(key[at] !== digit)
      expect(readKeyId(key.slice(0, at) + digit + key.slice(at + 1), 'dev')).toBeUndefined()
    }),
  )
})

test('any other text is junk', () => {
  fc.assert(fc.property(fc.string(), (text) => readKeyId(text, 'dev') === undefined))
  expect(readKeyId(`${mint().key}\n`, 'dev')).toBeUndefined()
})

test('only the very key is good, and only within its time and scope', () => {
  const { key, stored } = mint({ expiresAtMs: 5_000 })
  expect(judgeKey(key, stored, 'generate', 4_999)).toBe('good')
  expect(judgeKey(key, stored, 'generate', 5_000)).toBe('refused')
  expect(judgeKey(mint().key, stored, 'generate', 0)).toBe('refused')
  expect(judgeKey(key, { ...stored, revokedAtMs: 3_000 }, 'generate', 3_000)).toBe('refused')
  expect(judgeKey(key, stored, 'admin', 0)).toBe('forbidden')
  expect(judgeKey(key, { ...stored, hash: 'ff' }, 'generate', 0)).toBe('refused')
})
