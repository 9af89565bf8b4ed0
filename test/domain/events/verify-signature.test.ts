import { verifyRequestSignature } from 'customerio-node'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkSignatureHeaders, matchesSignature } from '../../../lambdas/domain/events/verify-signature.ts'
import examples from '../../data/customerio-examples.json' with { type: 'json' }
import { signAsCio } from '../../support/cio-signer.ts'

const known = examples.signature
const request = {
  timestamp: String(known.x_cio_timestamp),
  signature: known.x_cio_signature,
  body: Buffer.from(known.raw_body),
}
const digits = fc.nat(4_102_444_800).map(String)
const keys = fc.string({ minLength: 1, unit: 'binary' })
const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
)

test('accepts the published known answer, and only with its key as text', () => {
  expect(matchesSignature(request, [known.signing_key_utf8])).toBe(true)
  expect(matchesSignature(request, [Buffer.from(known.signing_key_utf8, 'hex').toString('latin1')])).toBe(false)
})

test('accepts a signature by either of two keys and by no third', () => {
  expect(matchesSignature(request, ['another', known.signing_key_utf8])).toBe(true)
  expect(matchesSignature(request, [known.signing_key_utf8, 'another'])).toBe(true)
  expect(matchesSignature(request, ['another', 'third'])).toBe(false)
  expect(matchesSignature(request, [])).toBe(false)
})

test("Customer.io's own helper verifies what the signer of these tests signs, and so do we", () => {
  fc.assert(
    fc.property(keys, digits, bodies, (key, timestamp, bytes) => {
      const body = Buffer.from(bytes)
      const signature = signAsCio(key, timestamp, body)
      expect(verifyRequestSignature({ signingSecret: key, timestamp: Number(timestamp), body, signature })).toBe(true)
      expect(matchesSignature({ timestamp, signature, body }, [key])).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test("judges every changed byte of body, timestamp, key and signature as Customer.io's own helper does", () => {
  const regions = fc.constantFrom('body', 'timestamp', 'signature', 'key', 'nothing')
  fc.assert(
    fc.property(
      keys,
      digits,
      bodies,
      regions,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (key, at, bytes, region, index, flip) => {
        const signature = signAsCio(key, at, bytes)
        const change = (name: string, text: string) => (region === name ? flipCharacter(text, index, flip) : text)
        const body = region === 'body' ? flipByte(bytes, index, flip) : Buffer.from(bytes)
        const given = { timestamp: change('timestamp', at), signature: change('signature', signature), body }
        const signingSecret = change('key', key)
        const theirs = verifyRequestSignature({
          ...given,
          signingSecret,
          timestamp: given.timestamp as unknown as number,
        })
        expect(matchesSignature(given, [signingSecret])).toBe(theirs)
      },
    ),
    { numRuns: 1_000 },
  )
})

test('refuses every single flipped bit of the known answer', () => {
  for (let bit = 0; bit < request.body.length * 8; bit++) {
    const body = Buffer.from(request.body)
    body[bit >> 3] = (body[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    if (matchesSignature({ ...request, body }, [known.signing_key_utf8])) expect.fail(`bit ${bit}`)
  }
})

describe('the headers', () => {
  const nowMs = known.x_cio_timestamp * 1_000
  test.each([
    ['valid', {}, undefined],
    ['unsigned', { signature: undefined }, undefined],
    ['unsigned', { timestamp: undefined }, undefined],
    ['malformed', { timestamp: '1692633432,1692633432' }, undefined],
    ['malformed', { timestamp: '' }, undefined],
    ['malformed', { timestamp: '-1' }, undefined],
    ['malformed', { timestamp: '1e9' }, undefined],
    ['malformed', { timestamp: ' 1692633432' }, undefined],
    ['malformed', { timestamp: '1692633432\n' }, undefined],
    ['malformed', { signature: '' }, undefined],
    ['malformed', { signature: `v0=${known.x_cio_signature}` }, undefined],
    ['malformed', { signature: `${known.x_cio_signature},${known.x_cio_signature}` }, undefined],
    ['malformed', { signature: known.x_cio_signature.slice(1) }, undefined],
    ['valid', { timestamp: '1692633132' }, 300],
    ['too_old', { timestamp: '1692633131' }, 300],
    ['valid', { timestamp: '1' }, undefined],
  ] as const)('are %s with %j and a greatest age of %s', (verdict, over, maxAgeSeconds) => {
    expect(checkSignatureHeaders({ ...request, ...over }, nowMs, maxAgeSeconds)).toBe(verdict)
  })

  test('refuse a signature in upper case', () => {
    expect(
      matchesSignature({ ...request, signature: known.x_cio_signature.toUpperCase() }, [known.signing_key_utf8]),
    ).toBe(false)
  })
})

function flipByte(bytes: Uint8Array, index: number, flip: number): Buffer {
  const changed = Buffer.from(bytes)
  const at = index % Math.max(1, bytes.length)
  changed[at] = (changed[at] ?? 0) ^ flip
  return changed
}

function flipCharacter(text: string, index: number, flip: number): string {
  const at = index % text.length
  return `${text.slice(0, at)}${String.fromCharCode(text.charCodeAt(at) ^ flip)}${text.slice(at + 1)}`
}
