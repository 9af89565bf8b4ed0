import { expect, test } from 'vitest'
import { maxJsonDepth, maxJsonNodes } from '../../contract/limits.ts'
import { readJsonBody } from '../../lambdas/runtime/json-body.ts'
import { apiEvent } from '../support/api-event.ts'

const limit = 65_536
const read = (body: string | Uint8Array, maxBytes = limit) =>
  readJsonBody(apiEvent('POST', '/api/generate/acme', { body }), maxBytes)
const refused = (code: string) => expect.objectContaining({ code })
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

test('a body is the same as text and as base64', () => {
  expect(read('{"a":"é"}')).toEqual({ a: 'é' })
  expect(read(Buffer.from('{"a":"é"}'))).toEqual({ a: 'é' })
})

test('the limit is of bytes, not of characters or of base64', () => {
  expect(read('"é"', 4)).toBe('é')
  expect(() => read('"éé"', 4)).toThrow(refused('body.too_large'))
  expect(() => read(Buffer.from('"éé"'), 4)).toThrow(refused('body.too_large'))
  expect(read(Buffer.from('"é"'), 4)).toBe('é')
})

test('size is judged before everything else', () => {
  expect(() => read(Buffer.alloc(5, 0xff), 4)).toThrow(refused('body.too_large'))
})

test.each([
  ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'body.not_utf8'],
  ['UTF-16', Buffer.from('{"a":"ÿ"}', 'utf16le'), 'body.not_utf8'],
  ['empty', '', 'body.not_json'],
  ['cut off', '{"a":', 'body.not_json'],
  ['too deep', nested(maxJsonDepth + 1), 'body.too_deep'],
  ['far too deep', nested(30_000), 'body.too_deep'],
  ['of too many members', `[${'0,'.repeat(maxJsonNodes)}0]`, 'body.too_deep'],
  ['with __proto__', '{"a":[{"__proto__":{"x":1}}]}', 'body.hostile_key'],
  ['with constructor', '{"constructor":{"prototype":{}}}', 'body.hostile_key'],
  ['with an escaped name', '{"\\u005f_proto__":1}', 'body.hostile_key'],
])('a body that is %s is refused', (_, body, code) => {
  expect(() => read(body)).toThrow(refused(code))
})

test('a body as deep and as large as allowed is read', () => {
  expect(read(nested(maxJsonDepth))).toBeInstanceOf(Array)
})

test('only a body that is sound is read again, which takes far longer than parsing', () => {
  const reread = () => {
    throw new Error('read again')
  }
  const readAgain = (body: string) => readJsonBody(apiEvent('POST', '/api/generate/acme', { body }), limit, { reread })
  expect(() => readAgain(`[1234567890123456,${'0,'.repeat(maxJsonNodes)}0]`)).toThrow(refused('body.too_deep'))
  expect(() => readAgain(nested(maxJsonDepth + 1))).toThrow(refused('body.too_deep'))
  expect(() => readAgain('[1234567890123456]')).toThrow('read again')
})
