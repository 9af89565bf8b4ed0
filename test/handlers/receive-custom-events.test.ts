// `POST /api/webhook/events/{org}` on real tables: every shape of body, an answer for each event, and what bad bodies get.
import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { customEventsAnswerSchema } from '../../contract/custom-events-call.ts'
import { maxEventsBodyBytes, maxEventsPerCall } from '../../contract/limits.ts'
import { mintApiKey } from '../../lambdas/domain/settings/api-key.ts'
import { makeReceiveCustomEvents } from '../../lambdas/handlers/receive-custom-events.ts'
import { makeFairShare } from '../../lambdas/runtime/fair-share.ts'
import { makeKeyCheck } from '../../lambdas/runtime/key-check.ts'
import { makeCustomEventStore } from '../../lambdas/store/custom-events.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'
import { apiEvent } from '../support/api-event.ts'
import { orgOf } from '../support/copy-settings.ts'
import { checkDocumented } from '../support/documented.ts'
import { localClient, makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { injectFaults, type SdkFault } from '../support/sdk-faults.ts'

const org = orgOf('acme')
const nowMs = 1_795_000_000_000
let database: TestDatabase
let key: string
let otherKey: string

beforeAll(async () => {
  database = await makeTables()
  const settings = makeSettingsStore(database.client, database.tables.settings)
  const minted = mintApiKey('dev', { scopes: ['events'], createdAtMs: 0 }, randomBytes)
  const other = mintApiKey('dev', { scopes: ['generate'], createdAtMs: 0 }, randomBytes)
  key = minted.key
  otherKey = other.key
  await settings.putOrg({ org, name: 'Acme', personIdentifier: 'id', currency: 'EUR', webhookSignature: 'none' })
  await settings.putApiKey(org, minted.stored)
  await settings.putApiKey(org, other.stored)
})

const logged: string[] = []
const told: object[] = []

async function post(body: unknown, { withKey = key, fault }: { withKey?: string; fault?: SdkFault } = {}) {
  const client = localClient({ maxAttempts: 2 })
  if (fault !== undefined) injectFaults(client, ({ command }) => (command === 'GetItemCommand' ? undefined : fault))
  const settings = makeSettingsStore(database.client, database.tables.settings)
  const handle = makeReceiveCustomEvents({
    checkKey: makeKeyCheck({ findApiKey: settings.findApiKey, now: () => nowMs, stage: 'dev' }),
    findOrg: settings.findOrg,
    keep: makeCustomEventStore(client, database.tables.events).keep,
    share: { admit: () => undefined, take: () => undefined },
    now: () => nowMs,
    log: (level, message, fields) => logged.push(JSON.stringify({ level, message, ...fields })),
    tellMetrics: (values, of) => told.push({ ...values, of }),
  })
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const event = apiEvent('POST', '/api/webhook/events/acme', { headers: { 'x-api-key': withKey }, body: text })
  const answer = await handle(event, {} as never)
  checkDocumented(event.routeKey, answer.statusCode, answer.body)
  return { status: answer.statusCode, body: JSON.parse(answer.body ?? '') }
}

let ids = 0
const row = (more: object = {}) => ({
  event_id: `e${ids++}`,
  name: 'purchase',
  user_id: 'ann',
  timestamp: 1_795_000_000,
  ...more,
})

describe('a body', () => {
  test('may be one event, an array, a list by name, or an envelope', async () => {
    const envelope = {
      event_id: 'env',
      object_type: 'event',
      metric: 'purchase',
      timestamp: 1_795_000_000,
      data: { identifiers: { id: 'ann' } },
    }
    for (const body of [row(), [row()], { events: [row()] }, envelope]) {
      const { status, body: answered } = await post(body)
      expect(status).toBe(200)
      expect(customEventsAnswerSchema.parse(answered)).toMatchObject({
        accepted: 1,
        results: [{ index: 0, status: 'accepted' }],
      })
    }
  })

  test('gets an answer for each event, in order', async () => {
    const [first, again] = [row(), row()]
    await post(first)
    const { status, body } = await post([again, { ...first, value: 2 }, first, { name: 'x' }, again])
    expect(status).toBe(200)
    expect(told.at(-1)).toEqual({ Accepted: 1, Duplicate: 2, Conflict: 1, Rejected: 1, of: org })
    expect(body).toMatchObject({
      accepted: 1,
      duplicate: 2,
      conflict: 1,
      rejected: 1,
      results: [
        { index: 0, status: 'accepted' },
        { index: 1, status: 'conflict', code: 'event.conflict' },
        { index: 2, status: 'duplicate' },
        { index: 3, status: 'rejected', code: 'event.missing' },
        { index: 4, status: 'duplicate' },
      ],
    })
  })

  test('of 500 events is taken in one call', async () => {
    const rows = Array.from({ length: maxEventsPerCall }, () => row())
    // A machine that other tests keep busy may not make it in the time that a caller is given; callers send the same again.
    let answer = await post(rows)
    for (let again = 0; answer.status === 503 && again < 40; again++) answer = await post(rows)
    const { accepted, duplicate, rejected } = answer.body
    expect([answer.status, Number(accepted) + Number(duplicate), rejected]).toEqual([200, maxEventsPerCall, 0])
  })

  test('with none to accept is answered 422, and still for each', async () => {
    const { status, body } = await post([{}, 7])
    expect(status).toBe(422)
    expect(body).toMatchObject({
      error: { code: 'events.none_accepted' },
      rejected: 2,
      results: [{ code: 'event.missing' }, { code: 'row.not_object' }],
    })
  })

  test('rejects the one event whose properties are text that is nested without end', async () => {
    const deep = `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`
    const { status, body } = await post([row(), row({ properties: deep }), row()])
    expect({ status, body }).toMatchObject({ status: 200, body: { accepted: 2, rejected: 1 } })
    expect(body.results[1]).toMatchObject({
      code: 'event.invalid',
      message: expect.stringMatching(/^properties: seen/),
    })
  })

  test('keeps a number that a double would change from being rounded', async () => {
    const { body } = await post(
      `[{"name":"a","user_id":12345678901234567890,"value":12.340000000000000001},{"name":"a","user_id":12345678901234567890}]`,
    )
    expect(body.results).toMatchObject([{ code: 'value.precision' }, { status: 'accepted' }])
  })
})

describe('what is refused', () => {
  test.each([
    ['', 422, 'body.not_json'],
    ['{', 422, 'body.not_json'],
    ['null', 422, 'body.invalid'],
    ['[]', 422, 'body.invalid'],
    ['{"events":[]}', 422, 'body.invalid'],
    ['[{"__proto__":1}]', 422, 'body.hostile_key'],
    [`[${'1,'.repeat(150_000)}1]`, 413, 'body.too_many_events'],
    [`[${'1,'.repeat(250_000)}1]`, 422, 'body.too_deep'],
    [`${'['.repeat(40)}${']'.repeat(40)}`, 422, 'body.too_deep'],
    [JSON.stringify(Array.from({ length: maxEventsPerCall + 1 }, () => ({}))), 413, 'body.too_many_events'],
    [' '.repeat(maxEventsBodyBytes + 1), 413, 'body.too_large_events'],
  ])('%.20s', async (text, status, code) => {
    const answered = await post(text)
    expect(answered).toMatchObject({ status, body: { error: { code } } })
  })

  test('a key of another scope, and one that is none', async () => {
    expect((await post(row(), { withKey: otherKey })).body.error.code).toBe('auth.forbidden')
    expect((await post(row(), { withKey: 'none' })).body.error.code).toBe('auth.failed')
  })
})

test('while the table does not answer it is 503, and what is sent again counts once', async () => {
  const event = row()
  expect((await post(event, { fault: 'down' })).status).toBe(503)
  expect((await post(event)).body).toMatchObject({ accepted: 1 })
  expect((await post(event)).body).toMatchObject({ duplicate: 1 })
})

test('logs codes and counts, and nothing of what was sent', async () => {
  await post([{ name: 'sécret', user_id: 'ann-sécret' }])
  expect(logged.at(-1)).toContain('event.invalid')
  expect(logged.join()).not.toMatch(/sécret|ann/)
})

test('an org over its limit gets a 429 that says when to ask again, and nothing is kept', async () => {
  const settings = makeSettingsStore(database.client, database.tables.settings)
  const limit = { perSecond: 10, burst: 20 }
  const handle = makeReceiveCustomEvents({
    checkKey: makeKeyCheck({ findApiKey: settings.findApiKey, now: () => nowMs, stage: 'dev' }),
    findOrg: settings.findOrg,
    keep: makeCustomEventStore(database.client, database.tables.events).keep,
    share: makeFairShare({
      what: 'events',
      charge: async (_org, _what, costMs) => ({ paidUntilMs: nowMs + costMs * 200, limit }),
      now: () => nowMs,
      log: () => undefined,
    }),
    now: () => nowMs,
    log: () => undefined,
    tellMetrics: () => undefined,
  })
  const call = () =>
    handle(
      apiEvent('POST', '/api/webhook/events/acme', {
        headers: { 'x-api-key': key },
        body: JSON.stringify(Array.from({ length: 100 }, () => row())),
      }),
      {} as never,
    )
  expect((await call()).statusCode).toBe(200)
  const { statusCode, headers, body } = await call()
  expect(statusCode).toBe(429)
  // 100 events cost 50 ms at the usual rate; 200 times that, less what may be ahead, is 8 s.
  expect(headers?.['retry-after']).toBe('8')
  expect(JSON.parse(body ?? '').error).toEqual({
    code: 'limit.exceeded',
    message: 'The organisation asks for more than its limit. Nothing was done; ask again after `retry-after` seconds.',
    details: [{ path: '', message: 'Allowed: 10 events a second, and 20 at once after a quiet time.' }],
  })
})

test('a call that cannot be read counts as the events that its size could have held', async () => {
  const settings = makeSettingsStore(database.client, database.tables.settings)
  const taken: number[] = []
  const handle = makeReceiveCustomEvents({
    checkKey: makeKeyCheck({ findApiKey: settings.findApiKey, now: () => nowMs, stage: 'dev' }),
    findOrg: settings.findOrg,
    keep: makeCustomEventStore(database.client, database.tables.events).keep,
    share: { admit: () => undefined, take: (_org, tokens) => taken.push(tokens) },
    now: () => nowMs,
    log: () => undefined,
    tellMetrics: () => undefined,
  })
  const call = async (body: string) =>
    (await handle(apiEvent('POST', '/api/webhook/events/acme', { headers: { 'x-api-key': key }, body }), {} as never))
      .statusCode
  expect(await call('{')).toBe(422)
  expect(await call(`[${'1,'.repeat(2_621_440)}1]`)).toBe(413)
  expect(await call(JSON.stringify([row(), row()]))).toBe(200)
  expect(taken).toEqual([1, 501, 2])
})
