import { describe, expect, test } from 'vitest'
import { readCustomEvent } from '../../../lambdas/domain/events/read-custom-event.ts'
import { readRow, rowContext } from '../../support/custom-events.ts'

const reasonsOf = (row: unknown) => {
  const reading = readCustomEvent(row, rowContext)
  return reading.ok ? [] : reading.reasons
}
const codesOf = (row: unknown) => reasonsOf(row).map(({ code }) => code)
const row = { name: 'purchase', user_id: 'ann' }

describe('a row', () => {
  test('is read flat, with every member in its place', () => {
    const given = {
      event_id: 'e1',
      name: ' Big purchase ',
      user_id: 42,
      email: 'Ann@X.org',
      delivery_id: 'd1',
      tracking_id: 't1',
      timestamp: 1_795_000_000,
      value: 12.5,
      currency: 'usd',
      properties: { sku: 'a' },
    }
    const { event, subject, named } = readRow(given)
    expect(event).toMatchObject({
      eventId: 'e1',
      name: 'Big purchase',
      userId: '42',
      email: 'Ann@X.org',
      deliveryId: 'd1',
      trackingId: 't1',
      atMs: 1_795_000_000_000,
      value: '12.5',
      currency: 'USD',
      properties: '{"sku":"a"}',
    })
    expect(subject).toEqual({ kind: 'person', person: 'id:42' })
    expect(named).toBe(true)
  })

  test("is read in Customer.io's envelope", () => {
    const data = { identifiers: { id: 'ann', email: null }, customer_id: 'other', delivery_id: 'd1', value: '3' }
    const { event, subject } = readRow({
      event_id: 'e',
      object_type: 'email',
      metric: 'bought',
      timestamp: 1_795_000_000,
      data,
    })
    expect(event).toMatchObject({ name: 'bought', id: 'ann', deliveryId: 'd1', value: '3' })
    expect(subject).toEqual({ kind: 'person', person: 'id:ann' })
  })

  test('takes customer_id only when nothing else names the person', () => {
    expect(readRow({ name: 'a', customer_id: '7' }).subject).toEqual({ kind: 'person', person: 'id:7' })
  })

  test('is read under the names that exports use', () => {
    const { event } = readRow({
      session_id: 's',
      event_name: 'x',
      event_timestamp: '1795000000123',
      email: 'a@x.org',
      copy_id: 'c',
    })
    expect(event).toMatchObject({ eventId: 's', name: 'x', atMs: 1_795_000_000_123, email: 'a@x.org' })
  })

  test('takes user_id for the identifier that the org joins on', () => {
    expect(readRow({ ...row, user_id: ' Ann@X.org' }, { identifier: 'email' }).subject).toEqual({
      kind: 'person',
      person: 'email:ann@x.org',
    })
    expect(readRow({ ...row, email: 'bob@x.org' }, { identifier: 'email' }).subject).toEqual({
      kind: 'person',
      person: 'email:bob@x.org',
    })
  })

  test('of nobody but a delivery or a tracking id stands with those', () => {
    expect(readRow({ name: 'a', delivery_id: 'd', tracking_id: 't' }).subject).toEqual({
      kind: 'delivery',
      deliveryId: 'd',
    })
    expect(readRow({ name: 'a', tracking_id: 't' }).subject).toEqual({ kind: 'tracking', trackingId: 't' })
  })

  test('without an id goes by its content, whatever order or empty columns it has', () => {
    const a = readRow({ name: 'a', user_id: 'u', value: '1' })
    expect(a.named).toBe(false)
    expect(a.event.eventId).toBe(a.event.digest)
    expect(readRow({ value: '1', user_id: 'u', name: 'a', coupon: '' }).event.digest).toBe(a.event.digest)
    expect(readRow({ name: 'a', user_id: 'u', value: '2' }).event.digest).not.toBe(a.event.digest)
  })

  test('without a time is of the time of receipt', () => {
    expect(readRow(row).event.atMs).toBe(rowContext.receivedAtMs)
  })
})

describe('times', () => {
  test.each([
    [1_795_000_000, 1_795_000_000_000],
    ['1795000000.75', 1_795_000_000_750],
    [1_795_000_000_123, 1_795_000_000_123],
    ['2026-11-18', Date.UTC(2026, 10, 18)],
    ['2026-11-18 10:20:30', Date.UTC(2026, 10, 18, 10, 20, 30)],
    ['2026-11-18T10:20:30.5+0230', Date.UTC(2026, 10, 18, 7, 50, 30, 500)],
    ['2026-11-18T10:20Z', Date.UTC(2026, 10, 18, 10, 20)],
    [978_307_200, 978_307_200_000],
  ])('%s is read', (timestamp, atMs) => {
    expect(readRow({ ...row, timestamp }).event.atMs).toBe(atMs)
  })

  test.each([
    0,
    978_307_199,
    4_102_444_800_000,
    1_795_000_000_000_000,
    'yesterday',
    '2026-02-30',
    '2026-13-01',
    {},
    true,
  ])('%s is refused', (timestamp) => expect(codesOf({ ...row, timestamp })).toEqual(['event.invalid']))
})

describe('values', () => {
  test.each([
    ['12.50', undefined, '12.5'],
    ['-3', undefined, '-3'],
    [1e3, undefined, '1000'],
    ['1.5E+2', 'JPY', '150'],
    ['7.000', 'JPY', '7'],
    ['0.125', 'KWD', '0.125'],
    ['-0.00', undefined, '0'],
    ['999999999.99', undefined, '999999999.99'],
  ])('%s %s is %s', (value, currency, decimal) => {
    expect(readRow({ ...row, value, currency }).event.value).toBe(decimal)
  })

  test.each([
    ['0.001', undefined, 'value.precision'],
    [0.1 + 0.2, undefined, 'value.precision'],
    ['1.5', 'JPY', 'value.precision'],
    ['1000000000', undefined, 'value.invalid'],
    ['1e99', undefined, 'value.invalid'],
    ['12,50', undefined, 'value.invalid'],
    ['Infinity', undefined, 'value.invalid'],
    [true, undefined, 'value.invalid'],
    ['1', 'EURO', 'currency.invalid'],
  ])('%s %s is refused as %s', (value, currency, code) => {
    expect(codesOf({ ...row, value, currency })).toEqual([code])
  })
})

describe('a row that is none', () => {
  test('has every reason, and none of its values in them', () => {
    const reasons = reasonsOf({
      name: 'sécret!',
      user_id: {},
      timestamp: 'sécret',
      value: 'sécret',
      delivery_id: 'sé cret',
      org: 'sécret',
    })
    expect(reasons.map(({ code }) => code).toSorted()).toEqual([
      'event.invalid',
      'event.invalid',
      'event.invalid',
      'event.invalid',
      'row.other_org',
      'value.invalid',
    ])
    expect(JSON.stringify(reasons)).not.toContain('sécret')
  })

  test.each([
    [null, ['row.not_object']],
    [[], ['row.not_object']],
    [{}, ['event.missing']],
    [{ name: 'a' }, ['event.missing']],
    [{ ...row, properties: [] }, ['event.invalid']],
    [{ ...row, properties: { text: 'x'.repeat(70_000) } }, ['row.too_large']],
    [{ ...row, properties: `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}` }, ['event.invalid']],
    [{ ...row, properties: '{"__proto__":1}' }, ['event.invalid']],
    [{ ...row, org: 'globex' }, ['row.other_org']],
    [{ ...row, event_id: 'x'.repeat(129) }, ['event.invalid']],
  ])('%j', (given, codes) => expect(codesOf(given)).toEqual(codes))

  test('unless the org that it names is its own', () => expect(codesOf({ ...row, org: 'acme' })).toEqual([]))
})
