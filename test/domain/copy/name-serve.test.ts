import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nameServes, serveIdOf } from '../../../lambdas/domain/copy/name-serve.ts'
import { orgOf, templateIdOf } from '../../support/copy-settings.ts'

const templateId = templateIdOf('t')
const headers = { 'x-cio-delivery-id': 'dlv', 'x-cio-idempotency-key': 'idem' }
const nameOf = (given: Record<string, string>, trackingId?: string) =>
  nameServes(given, [{ templateId, trackingId }], () => 'random')[0]?.name

test('the delivery names a serve before its idempotency key, and that before the tracking id', () => {
  expect(nameOf(headers, 'track')).toEqual({ kind: 'delivery', id: 'dlv' })
  expect(nameOf({ 'x-cio-idempotency-key': 'idem' }, 'track')).toEqual({ kind: 'idempotency', id: 'idem' })
  expect(nameOf({}, 'track')).toEqual({ kind: 'tracking', id: 'track' })
  expect(nameOf({})).toEqual({ kind: 'unnamed', id: 'random' })
  expect(nameOf({ 'x-cio-delivery-id': ' ', 'x-cio-idempotency-key': '' })).toEqual({ kind: 'unnamed', id: 'random' })
})

test('a delivery id that no event could carry still names the serve, but no delivery', () => {
  const name = nameOf({ 'x-cio-delivery-id': 'é'.repeat(300) })
  expect(name).toEqual({ kind: 'idempotency', id: expect.stringMatching(/^sha256-.{43}$/) })
})

test('names are short, printable and differ when what was given differs', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ minLength: 1 }), (a, b) => {
      const [one, other] = [nameOf({}, a), nameOf({}, b)]
      expect(one?.id).toMatch(/^[\x21-\x7e]{1,256}$/)
      expect(one?.id === other?.id).toBe(a === b)
    }),
  )
})

test('the same template asked for again in one call is counted', () => {
  const asked = ['t', 'u', 't', 't'].map((id) => ({ templateId: templateIdOf(id) }))
  expect(nameServes(headers, asked, () => '').map(({ ordinal }) => ordinal)).toEqual([0, 0, 1, 2])
})

test('requests with tracking ids of their own are the same serve wherever they stand in the call', () => {
  const asked = ['a', 'b', 'a'].map((trackingId) => ({ templateId, trackingId }))
  expect(nameServes({}, asked, () => '').map(({ name, ordinal }) => [name.id, ordinal])).toEqual([
    ['a', 0],
    ['b', 0],
    ['a', 1],
  ])
})

test('the id of a serve follows from all that names it', () => {
  const ids = [
    serveIdOf(orgOf('acme'), { kind: 'delivery', id: 'd' }, templateId, 0),
    serveIdOf(orgOf('acme'), { kind: 'tracking', id: 'd' }, templateId, 0),
    serveIdOf(orgOf('acme'), { kind: 'delivery', id: 'd' }, templateId, 1),
    serveIdOf(orgOf('acme'), { kind: 'delivery', id: 'd' }, templateIdOf('u'), 0),
    serveIdOf(orgOf('other'), { kind: 'delivery', id: 'd' }, templateId, 0),
  ]
  expect(new Set(ids).size).toBe(5)
  expect(serveIdOf(orgOf('acme'), { kind: 'delivery', id: 'd' }, templateId, 0)).toBe(ids[0])
  for (const id of ids) expect(id).toMatch(/^sv_[\w-]{22}$/)
})
