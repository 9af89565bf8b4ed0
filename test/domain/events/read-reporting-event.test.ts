import { describe, expect, test } from 'vitest'
import { readReportingEvent } from '../../../lambdas/domain/events/read-reporting-event.ts'
import examples from '../../data/customerio-examples.json' with { type: 'json' }
import { cioBody } from '../../support/cio-signer.ts'

const published = [...Object.entries(examples.documented), ...Object.entries(examples.observed)]

test.each(published)('reads the published example %s', (_name, body) => {
  const reading = readReportingEvent(JSON.stringify(body))
  expect(reading).toMatchObject({
    ok: true,
    event: { eventId: body.event_id, channel: body.object_type, metric: body.metric, atMs: body.timestamp * 1_000 },
  })
  expect(readReportingEvent(body)).toEqual(reading)
})

test('reads all that measuring needs', () => {
  const data = { parent_action_id: '7', journey_id: '01GW20GXAAXBKZD8J96M8FNV3R', machine: true, proxied: false }
  expect(readReportingEvent(cioBody({}, data))).toEqual({
    ok: true,
    event: {
      eventId: '01E4C8BES5XT87ZWRJFTB35YJ3',
      channel: 'email',
      metric: 'clicked',
      atMs: 1_585_254_348_000,
      deliveryId: 'RPILAgABcRhIBqSp7kiPekGBIeVh',
      identifiers: { id: '0200102', email: 'test@example.com', cioId: 'd9c106000001' },
      source: 'campaign:23',
      actionId: '36',
      parentActionId: '7',
      journeyId: '01GW20GXAAXBKZD8J96M8FNV3R',
      machine: { prefetched: false, proxied: false, synthetic: false, machine: true },
    },
  })
})

describe('is lenient', () => {
  test.each([
    ['with an unknown channel', { object_type: 'carrier_pigeon' }, {}, { channel: 'carrier_pigeon' }],
    ['with an unknown metric', { metric: 'deferred.v2' }, {}, { metric: 'deferred.v2' }],
    ['with a metric in another case, which is another metric', { metric: 'Opened' }, {}, { metric: 'Opened' }],
    ['with seconds as text', { timestamp: '1585250199' }, {}, { atMs: 1_585_250_199_000 }],
    ['with the first second of 2001', { timestamp: 978_307_200 }, {}, { atMs: 978_307_200_000 }],
    ['with an event id of 27 characters', { event_id: 'x'.repeat(27) }, {}, { eventId: 'x'.repeat(27) }],
    ['with an event id of 128 characters', { event_id: 'é'.repeat(128) }, {}, { eventId: 'é'.repeat(128) }],
    ['with members nobody knows', { surprise: [1], x: null }, { more: { y: 1 } }, {}],
    ['with a null campaign', {}, { campaign_id: null }, { source: undefined }],
    ['with ids as text', {}, { campaign_id: '23', action_id: '36' }, { source: 'campaign:23', actionId: '36' }],
    ['with a broadcast', {}, { campaign_id: undefined, broadcast_id: 9, trigger_id: 1 }, { source: 'broadcast:9' }],
    ['with a newsletter', {}, { campaign_id: null, newsletter_id: 7 }, { source: 'newsletter:7' }],
    [
      'with a transactional name',
      {},
      { campaign_id: undefined, transactional_message_id: 'otp-1' },
      { source: 'transactional:otp-1' },
    ],
    ['with a flag that is null', {}, { machine: null }, { machine: expect.objectContaining({ machine: false }) }],
    ['with an id that is a number', {}, { identifiers: { id: 42 } }, { identifiers: { id: '42' } }],
    ['with a delivery id of 256 characters', {}, { delivery_id: 'a'.repeat(256) }, { deliveryId: 'a'.repeat(256) }],
    ['with nobody named but a delivery', {}, { identifiers: { id: null }, customer_id: '' }, { identifiers: {} }],
    ['with no identifiers but the old customer_id', {}, { identifiers: {} }, { identifiers: { id: '0200102' } }],
    [
      'with an old customer_id that differs, which is left out',
      {},
      { identifiers: { email: 'a@b.c' } },
      { identifiers: { email: 'a@b.c' } },
    ],
    [
      'with the misnamed object_type of the preferences event',
      { object_type: undefined, object_type_type: 'customer' },
      {},
      { channel: 'customer' },
    ],
  ] as const)('%s', (_name, over, data, expected) => {
    expect(readReportingEvent(cioBody(over, data))).toMatchObject({ ok: true, event: expected })
  })

  test('with both shapes of email/unsubscribed', () => {
    const message = readReportingEvent(cioBody({ metric: 'unsubscribed' }))
    expect(message).toMatchObject({ ok: true, event: { deliveryId: 'RPILAgABcRhIBqSp7kiPekGBIeVh' } })
    const person = { delivery_id: undefined, email_address: 'test@example.com' }
    expect(readReportingEvent(cioBody({ metric: 'unsubscribed' }, person))).toMatchObject({
      ok: true,
      event: { deliveryId: undefined, identifiers: { id: '0200102' } },
    })
  })
})

describe('says why not', () => {
  const idText = 'allowed text of 1 to 128 characters, none of them a control character'
  test.each([
    ['an event id that is missing', { event_id: undefined }, {}, [`event_id: seen nothing; ${idText}`]],
    ['an event id that is empty', { event_id: '' }, {}, [`event_id: seen text of 0 characters; ${idText}`]],
    [
      'an event id of 129 characters',
      { event_id: 'x'.repeat(129) },
      {},
      [`event_id: seen text of 129 characters; ${idText}`],
    ],
    [
      'an event id with a control character',
      { event_id: 'a\u0000b' },
      {},
      [`event_id: seen text of 3 characters; ${idText}`],
    ],
    [
      'an event id with half a character',
      { event_id: 'a\ud800' },
      {},
      [`event_id: seen text of 2 characters; ${idText}`],
    ],
    [
      'a time in words',
      { timestamp: 'abc' },
      {},
      ['timestamp: seen text of 3 characters; allowed whole seconds since 1970, between 2001 and 2100'],
    ],
    [
      'a time in milliseconds',
      { timestamp: 1_585_254_348_000 },
      {},
      ['timestamp: seen an integer of 13 digits; allowed whole seconds since 1970, between 2001 and 2100'],
    ],
    [
      'a time in 2000',
      { timestamp: 978_307_199 },
      {},
      ['timestamp: seen an integer of 9 digits; allowed whole seconds since 1970, between 2001 and 2100'],
    ],
    [
      'a time in 2100',
      { timestamp: 4_102_444_800 },
      {},
      ['timestamp: seen an integer of 10 digits; allowed whole seconds since 1970, between 2001 and 2100'],
    ],
    [
      'a fraction of a second',
      { timestamp: 1_585_254_348.5 },
      {},
      ['timestamp: seen a fraction; allowed whole seconds since 1970, between 2001 and 2100'],
    ],
    [
      'a metric with a space',
      { metric: 'a b' },
      {},
      ['metric: seen text of 3 characters; allowed a name of 1 to 64 letters, digits, `_`, `.` and `-`'],
    ],
    ['data that is a list', { data: [1, 2] }, {}, ['data: seen an array of 2; allowed an object']],
    [
      'a campaign that is an object',
      {},
      { campaign_id: { id: 23 } },
      ['data.campaign_id: seen an object of 1; allowed an integer, up to 19 digits as text, or null'],
    ],
    [
      'an action beyond exact numbers',
      {},
      { action_id: 2 ** 60 },
      ['data.action_id: seen an inexact integer; allowed an integer, up to 19 digits as text, or null'],
    ],
    [
      'a delivery id with a space',
      {},
      { delivery_id: 'a b' },
      ['data.delivery_id: seen text of 3 characters; allowed text of 1 to 256 printable ASCII characters'],
    ],
    ['a flag in words', {}, { machine: 'true' }, ['data.machine: seen text of 4 characters; allowed true or false']],
    [
      'identifiers that are text',
      {},
      { identifiers: 'ann@x.org' },
      ['data.identifiers: seen text of 9 characters; allowed an object'],
    ],
    [
      'a message metric without a delivery',
      {},
      { delivery_id: null },
      ['data.delivery_id: seen null; allowed a delivery: the metric is of a message'],
    ],
  ] as const)('for %s', (_name, over, data, messages) => {
    const reading = readReportingEvent(cioBody(over, data))
    expect(reading.ok ? [] : reading.reasons.map(({ message }) => message)).toEqual(messages)
  })

  test('for an unknown metric of nobody', () => {
    const nobody = { delivery_id: undefined, identifiers: {}, customer_id: undefined }
    expect(readReportingEvent(cioBody({ metric: 'waved' }, nobody))).toMatchObject({
      ok: false,
      reasons: [
        {
          code: 'event.missing',
          message: 'data: seen an object of 7; allowed one with a delivery_id or an identifier of a person',
        },
      ],
    })
    expect(readReportingEvent(cioBody({ metric: 'waved' }, { delivery_id: undefined }))).toMatchObject({ ok: true })
  })

  test('with every reason at once and nothing of what was written', () => {
    const body = cioBody(
      { event_id: 7, object_type: null, metric: [], timestamp: {} },
      {
        delivery_id: 5,
        journey_id: 1,
        synthetic: 0,
        action_id: 'secret-x',
        identifiers: { id: {}, email: ['ann@x.org'] },
      },
    )
    const reading = readReportingEvent(body)
    const reasons = reading.ok ? [] : reading.reasons
    const paths = reasons.map(({ message }) => message.split(':')[0])
    expect(paths.toSorted()).toEqual([
      'data.action_id',
      'data.delivery_id',
      'data.identifiers.email',
      'data.identifiers.id',
      'data.journey_id',
      'data.synthetic',
      'event_id',
      'metric',
      'object_type',
      'timestamp',
    ])
    expect(JSON.stringify(reasons)).not.toMatch(/ann@|secret-x/)
  })

  test.each(['null', '[]', '"x"', '7', 'not json', ''])('for the text %j, which is no object', (text) => {
    expect(readReportingEvent(text)).toMatchObject({ ok: false, reasons: [{ code: 'body.not_object' }] })
  })
})
