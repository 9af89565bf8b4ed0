import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maxJsonDepth, maxJsonNodes, maxWebhookBodyBytes } from '../../../contract/limits.ts'
import { canonicalise } from '../../../lambdas/domain/events/canonicalise.ts'
import { classifyBody } from '../../../lambdas/domain/events/classify-body.ts'
import { inspectJson } from '../../../lambdas/domain/events/inspect-json.ts'
import { cioBody } from '../../support/cio-signer.ts'

const classify = (body: string | Uint8Array) => classifyBody(Buffer.from(body))
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

test('files a message under its delivery and a person event under the person', () => {
  expect(classify(cioBody())).toMatchObject({
    kind: 'event',
    subject: { kind: 'delivery', deliveryId: 'RPILAgABcRhIBqSp7kiPekGBIeVh' },
    text: cioBody(),
  })
  const data = { delivery_id: undefined, identifiers: { id: null, email: ' Ann@X.org ' }, customer_id: 'other' }
  expect(classify(cioBody({ metric: 'subscribed' }, data))).toMatchObject({
    subject: { kind: 'person', person: 'email:ann@x.org' },
  })
})

test('gives the same digest however an event is serialised, and another to another event', () => {
  const jsonValues = fc.json().map((text) => JSON.parse(text))
  fc.assert(
    fc.property(jsonValues, fc.infiniteStream(fc.nat()), (extra, order) => {
      const event = { ...JSON.parse(cioBody()), extra }
      const shuffled = JSON.stringify(shuffle(event, order), null, 2)
      const [first, second] = [classify(JSON.stringify(event)), classify(shuffled)]
      if (first.kind === 'event' && second.kind === 'event') expect(second.digest).toBe(first.digest)
      else expect([first.kind, second.kind]).toEqual(['poison', 'poison'])
    }),
  )
  const [one, other] = [classify(cioBody()), classify(cioBody({}, { href: 'http://google.org' }))]
  expect(one).not.toMatchObject({ digest: other.kind === 'event' && other.digest })
})

test('canonical JSON parses back to the same value', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const value = JSON.parse(text)
      // Written once before it is compared: JSON has no minus zero of its own.
      expect(JSON.parse(canonicalise(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

describe('sets aside', () => {
  const hostile = (key: string) => cioBody().replace('"href":', `"${key}":`)
  test.each([
    ['nothing at all', '', 'body.not_json'],
    ['what is not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'body.not_utf8'],
    ['half a JSON', cioBody().slice(0, -1), 'body.not_json'],
    ['JSON behind a byte order mark', `\ufeff${cioBody()}`, 'body.not_json'],
    ['a list of events', `[${cioBody()}]`, 'body.not_object'],
    ['null', 'null', 'body.not_object'],
    [
      'one byte too many',
      cioBody({ x: '' }).replace('"x":""', `"x":"${'y'.repeat(maxWebhookBodyBytes)}"`),
      'body.too_large',
    ],
    ['what is nested one level too deep', cioBody().replace('"hello"', nested(maxJsonDepth - 1)), 'body.too_deep'],
    ['what is nested half a million deep', `{"event_id":"e","x":${nested(500_000)}}`, 'body.too_deep'],
    ['too many elements', cioBody({ x: Array.from({ length: maxJsonNodes + 1 }, () => 0) }), 'body.too_deep'],
    ['a member named __proto__', hostile('__proto__'), 'body.hostile_key'],
    ['a member named constructor', hostile('constructor'), 'body.hostile_key'],
    ['a member named prototype', hostile('prototype'), 'body.hostile_key'],
    ['a name of escapes', hostile('\\u005f_proto__'), 'body.hostile_key'],
    ['a missing delivery', cioBody({}, { delivery_id: '' }), 'event.missing'],
    ['a wrong type', cioBody({ timestamp: true }), 'event.invalid'],
  ])('%s', (_name, body, code) => {
    expect(classify(body)).toMatchObject({ kind: 'poison', reasons: [{ code }] })
  })

  test('with its event id when that can be read', () => {
    expect(classify('{"event_id":"e-1"}')).toMatchObject({ kind: 'poison', eventId: 'e-1' })
    expect(classify('{"event_id":"e-1","constructor":1}')).toMatchObject({ kind: 'poison', eventId: 'e-1' })
    expect(classify('{"event_id":5}')).toMatchObject({ kind: 'poison', eventId: undefined })
  })

  test('accepts what is just within the limits', () => {
    expect(classify(cioBody().replace('"hello"', nested(maxJsonDepth - 2))).kind).toBe('event')
    const padding = maxWebhookBodyBytes - Buffer.byteLength(cioBody({ x: '' }))
    expect(classify(cioBody({ x: 'y'.repeat(padding) })).kind).toBe('event')
    expect(classify(cioBody({ x: 'y'.repeat(padding + 1) })).kind).toBe('poison')
  })
})

test('never throws, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.json().map(Buffer.from)), (bytes) => {
      expect(['event', 'poison']).toContain(classify(bytes).kind)
    }),
  )
})

test('counts members of all levels together', () => {
  const list = Array.from({ length: maxJsonNodes / 2 - 1 }, () => 0)
  expect(inspectJson({ a: list, b: list })).toEqual([])
  expect(inspectJson({ a: list, b: list, c: 0 })).toMatchObject([{ code: 'body.too_deep' }])
})

test('takes an array of any length, which the caller may allow', () => {
  const body = Array.from({ length: 400_000 }, () => 0)
  expect(inspectJson(body, 500_000)).toEqual([])
})

/** The same value with the members of every object in another order. */
function shuffle(value: unknown, order: Iterator<number>): unknown {
  if (Array.isArray(value)) return value.map((element) => shuffle(element, order))
  if (typeof value !== 'object' || value === null) return value
  const keyed = Object.entries(value).map((entry) => ({ entry, at: order.next().value as number }))
  return Object.fromEntries(keyed.toSorted((a, b) => a.at - b.at).map(({ entry: [k, v] }) => [k, shuffle(v, order)]))
}
