import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { Context } from 'aws-lambda'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { problems } from '../../contract/all-problems.ts'
import type { Scope } from '../../contract/api-key.ts'
import { batchGenerateAnswerSchema, generateAnswerSchema } from '../../contract/generate.ts'
import { answerBudgetMs, keyCacheMs, maxGenerateBodyBytes, settingsCacheMs } from '../../contract/limits.ts'
import type { ProblemCode } from '../../contract/problems.ts'
import { type ServeEvent, serveEventSchema } from '../../contract/stored-event.ts'
import { mintApiKey } from '../../lambdas/domain/settings/api-key.ts'
import { type GenerateCopyDeps, handler, makeGenerateCopy } from '../../lambdas/handlers/generate-copy.ts'
import { type ApiHandler, apiHandler } from '../../lambdas/runtime/api.ts'
import { callerTimeouts } from '../../lambdas/runtime/clients.ts'
import type { LogFields } from '../../lambdas/runtime/log.ts'
import { makeServeStore } from '../../lambdas/store/serves.ts'
import { makeSettingsStore, type SettingsStore } from '../../lambdas/store/settings.ts'
import { apiEvent, type RequestParts } from '../support/api-event.ts'
import { copyIdOf, orgOf, templateIdOf, templateOf, variantOf } from '../support/copy-settings.ts'
import { checkDocumented } from '../support/documented.ts'
import { localClient, makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { injectFaults, seededRandom, watchCalls } from '../support/sdk-faults.ts'

const context = {} as Context
const stage = 'test'
const acme = orgOf('acme')
let database: TestDatabase
let settings: SettingsStore
let nowMs: number
let logged: { message: string; fields: LogFields | undefined }[]

/** The deployed handler but for its environment: the same middleware around the same function. */
function makeHandler(
  client: DynamoDBClient = database.client,
  random: () => number = Math.random,
  over: Partial<GenerateCopyDeps> = {},
): ApiHandler {
  const log = (_: string, message: string, fields?: LogFields) => {
    logged.push({ message, fields })
  }
  const deps = {
    stage,
    settings: makeSettingsStore(client, database.tables.settings),
    share: { admit: () => undefined, take: () => undefined },
    serves: makeServeStore(client, database.tables.events),
    now: () => nowMs,
    random,
    log,
    ...over,
  }
  return apiHandler(log, makeGenerateCopy(deps))
}

async function mintKey(org = acme, scopes: Scope[] = ['generate']) {
  const minted = mintApiKey(stage, { scopes, createdAtMs: 0 }, randomBytes)
  await settings.putApiKey(org, minted.stored)
  return minted
}

let key: string
const keyed = (headers: Record<string, string> = {}) => ({ 'x-api-key': key, ...headers })
async function post(
  handle: ApiHandler,
  body: unknown,
  headers: Readonly<Record<string, string>> = keyed(),
  path = '/api/generate/acme',
) {
  return send(handle, 'POST', path, { headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
}
async function send(handle: ApiHandler, method: 'GET' | 'POST', path: string, parts: RequestParts) {
  const event = apiEvent(method, path, parts)
  const { statusCode, headers = {}, body = '' } = await handle(event, context)
  checkDocumented(event.routeKey, statusCode, body)
  return { status: statusCode, headers, body: JSON.parse(body) }
}
const problem = (code: ProblemCode, details?: unknown) => ({
  status: problems[code].status,
  headers: expect.objectContaining({ 'x-request-id': 'request-1', 'content-type': 'application/json; charset=utf-8' }),
  body: { error: { code, message: problems[code].message, ...(details !== undefined && { details }) } },
})
async function storedServes(): Promise<ServeEvent[]> {
  const { Items = [] } = await database.client.send(new ScanCommand({ TableName: database.tables.events }))
  return Items.map((item) => serveEventSchema.parse(unmarshall(item)))
}
const storedServe = async (serveId: string) => (await storedServes()).find((serve) => serve.serveId === serveId)

beforeAll(async () => {
  database = await makeTables()
  settings = makeSettingsStore(database.client, database.tables.settings)
  key = (await mintKey()).key
  await settings.putTemplate(acme, templateOf('welcome', { controlShare: 0.5 }))
  for (const id of ['a', 'b', 'c']) {
    const vars = { subject: `Hi {{ first_name }} (${id})`, preheader: 'Plain' }
    await settings.putVariant(acme, templateIdOf('welcome'), variantOf(id, { vars }))
  }
  await settings.putVariant(acme, templateIdOf('welcome'), variantOf('k', { arm: 'control' }))
  await settings.putVariant(acme, templateIdOf('welcome'), variantOf('old', { status: 'archived' }))
  await settings.putTemplate(acme, templateOf('draft', { status: 'draft' }))
  await settings.putTemplate(acme, templateOf('narrow'))
  await settings.putVariant(acme, templateIdOf('narrow'), variantOf('pro', { attrs: { plan: ['pro'] } }))
  await settings.putTemplate(acme, templateOf('safe', { fallbackCopyId: copyIdOf('plain'), copyLimitBytes: 40 }))
  await settings.putVariant(acme, templateIdOf('safe'), variantOf('plain', { attrs: { plan: ['none'] } }))
})
beforeEach(() => {
  nowMs = 1_795_000_000_000
  logged = []
})

describe('each route', () => {
  test('POST generate answers copy and stores what it served', async () => {
    const { status, headers, body } = await post(makeHandler(), {
      template_id: 'welcome',
      user_id: 42,
      tracking_id: 'post-1',
      copy_id: 'b',
      fields: { first_name: 'Ann' },
    })
    expect(status).toBe(200)
    expect(headers).toMatchObject({ 'x-request-id': 'request-1', 'cache-control': 'no-store' })
    expect(generateAnswerSchema.parse(body)).toEqual(body)
    expect(body).toMatchObject({
      copy: { id: 'b', vars: { subject: 'Hi Ann (b)', preheader: 'Plain' } },
      template_id: 'welcome',
    })
    expect(await storedServe(body.serve_id)).toEqual({
      kind: 'serve',
      serveId: body.serve_id,
      templateId: 'welcome',
      copyId: 'b',
      arm: 'treatment',
      servedAtMs: nowMs,
      userId: '42',
      trackingId: 'post-1',
      choice: 'forced',
      allocationVersion: 0,
      probability: 1,
      copyBytes: Buffer.byteLength(JSON.stringify(body.copy)),
      oversize: false,
    })
  })

  test('GET generate answers the same by query', async () => {
    const query = 'template_id=narrow&user_id=u1&attrs.Plan=PRO&fields.first_name=Ann'
    const { status, body } = await send(makeHandler(), 'GET', '/api/generate/acme', {
      headers: { authorization: `Bearer ${key}` },
      query,
    })
    expect(status).toBe(200)
    expect(body.copy).toEqual({ id: 'pro', vars: { subject: 'Text of pro' } })
    expect(await storedServe(body.serve_id)).toMatchObject({ userId: 'u1', choice: 'drawn', probability: 1 })
  })

  test('batch-generate answers each request by itself, in order', async () => {
    const templates = ['welcome', 'nothing', 'draft', 'narrow', 'welcome']
    const requests = templates.map((template_id) => ({ template_id }))
    const asked = [...requests, { template_id: 'welcome', copy_id: 'old' }]
    const handle = makeHandler()
    const ask = () =>
      post(
        handle,
        { requests: asked, user_id: 'u' },
        keyed({ 'x-cio-delivery-id': 'batch-1' }),
        '/api/batch-generate/acme',
      )
    const { status, body } = await ask()
    expect(status).toBe(200)
    const { results } = batchGenerateAnswerSchema.parse(body)
    expect(results.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5])
    expect(results.map((one) => ('error' in one ? one.error.code : one.template_id))).toEqual([
      'welcome',
      'template.unknown',
      'template.inactive',
      'copy.none_eligible',
      'welcome',
      'copy.unknown',
    ])
    expect(results.map((one) => one.status)).toEqual([200, 404, 409, 409, 200, 409])
    expect(results[0]).not.toHaveProperty('serve_id', body.results[4].serve_id)
    expect((await ask()).body).toEqual(body)
  })
})

describe('a name', () => {
  test('gives 64 callers at once one serve and one answer', async () => {
    // Eight instances, each with its own memory and its own chance.
    const handlers = Array.from({ length: 8 }, (_, seed) => makeHandler(localClient(), seededRandom(seed)))
    const ask = (at: number) =>
      post(
        handlers[at % 8] ?? makeHandler(),
        { template_id: 'welcome', fields: { first_name: 'Ann' } },
        keyed({ 'x-cio-delivery-id': 'at-once' }),
      )
    const answers = await Promise.all(Array.from({ length: 64 }, (_, at) => ask(at)))
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1)
    expect(answers[0]?.status).toBe(200)
    const serveId = answers[0]?.body.serve_id
    expect((await storedServes()).filter((serve) => serve.serveId === serveId)).toHaveLength(1)
  })

  test('survives an answer of the table that was lost', async () => {
    const client = localClient({ maxAttempts: 2 })
    let lost = 0
    injectFaults(client, ({ command }) => (command === 'PutItemCommand' && lost++ === 0 ? 'lost-answer' : undefined))
    const ask = () => post(makeHandler(client), { template_id: 'welcome' }, keyed({ 'x-cio-idempotency-key': 'lost' }))
    const first = await ask()
    expect(first.status).toBe(200)
    expect(lost).toBe(2)
    expect((await ask()).body).toEqual(first.body)
  })

  test('keeps its copy although that was archived, or was made after this instance read the settings', async () => {
    const templateId = templateIdOf('moving')
    await settings.putTemplate(acme, templateOf('moving'))
    await settings.putVariant(acme, templateId, variantOf('one'))
    const ask = (handle: ApiHandler, name: string) =>
      post(handle, { template_id: 'moving' }, keyed({ 'x-cio-delivery-id': name }))
    const older = makeHandler()
    expect((await ask(older, 'before')).body.copy.id).toBe('one')
    await settings.putVariant(acme, templateId, variantOf('one', { status: 'archived' }))
    await settings.putVariant(acme, templateId, variantOf('two'))
    const newer = makeHandler()
    expect((await ask(newer, 'before')).body.copy.id).toBe('one')
    expect((await ask(newer, 'after')).body.copy.id).toBe('two')
    expect((await ask(older, 'after')).body.copy).toEqual({ id: 'two', vars: { subject: 'Text of two' } })
    nowMs += settingsCacheMs
    expect((await ask(older, 'later')).body.copy.id).toBe('two')
  })

  describe('that was served gets its first copy again although', () => {
    const templateId = templateIdOf('closing')
    const body = { template_id: 'closing', user_id: 'ann' }
    const batch = { requests: [{ template_id: 'closing' }, { template_id: 'closing' }], user_id: 'ann' }
    const changes: readonly [string, ProblemCode, object, () => Promise<unknown>][] = [
      [
        'the template is archived by now',
        'template.inactive',
        {},
        () => settings.putTemplate(acme, templateOf('closing', { status: 'archived' })),
      ],
      [
        'the template is a draft again',
        'template.inactive',
        {},
        () => settings.putTemplate(acme, templateOf('closing', { status: 'draft' })),
      ],
      [
        'every copy is archived by now',
        'copy.none_eligible',
        {},
        () => settings.putVariant(acme, templateId, variantOf('one', { status: 'archived' })),
      ],
      [
        'the copy that it asks for is archived by now',
        'copy.unknown',
        { copy_id: 'one' },
        () => settings.putVariant(acme, templateId, variantOf('one', { status: 'archived' })),
      ],
      [
        'no copy fits the person any more',
        'copy.none_eligible',
        {},
        () => settings.putVariant(acme, templateId, variantOf('one', { attrs: { plan: ['pro'] } })),
      ],
    ]
    beforeEach(async () => {
      await settings.putTemplate(acme, templateOf('closing'))
      await settings.putVariant(acme, templateId, variantOf('one'))
    })

    test.each(changes)('%s (and a new call is %s)', async (what, code, asked, change) => {
      const named = keyed({ 'x-cio-delivery-id': `closing ${what}` })
      const first = await post(makeHandler(), { ...body, ...asked }, named)
      expect(first.status).toBe(200)
      await change()
      const client = localClient()
      const calls = watchCalls(client)
      const handle = makeHandler(client)
      expect(await post(handle, { ...body, ...asked }, named)).toEqual(first)
      const reads = calls.map(({ command }) => command)
      expect(reads.filter((command) => command !== 'QueryCommand')).toEqual(['GetItemCommand', 'GetItemCommand'])
      expect(await post(handle, { ...body, ...asked }, keyed({ 'x-cio-delivery-id': `new ${what}` }))).toEqual(
        problem(code),
      )
      expect(await post(handle, { ...body, ...asked, tracking_id: what })).toEqual(problem(code))
    })

    test.each(changes)('in a batch, %s', async (what, code, asked, change) => {
      const path = '/api/batch-generate/acme'
      const requests = batch.requests.map((request) => ({ ...request, ...asked }))
      const named = keyed({ 'x-cio-idempotency-key': `closing ${what}` })
      const first = await post(makeHandler(), { ...batch, requests }, named, path)
      expect(first.body.results.map(({ status }: { status: number }) => status)).toEqual([200, 200])
      await change()
      const more = [...requests, { ...requests[0] }]
      const again = await post(makeHandler(), { ...batch, requests: more }, named, path)
      expect(again.body.results.slice(0, 2)).toEqual(first.body.results)
      expect(again.body.results[2]).toMatchObject({ index: 2, error: { code } })
    })

    test('its template is archived, but not while the table is down: that is a 503 and no refusal', async () => {
      const named = keyed({ 'x-cio-delivery-id': 'closing-down' })
      await post(makeHandler(), body, named)
      await settings.putTemplate(acme, templateOf('closing', { status: 'archived' }))
      const client = localClient({ maxAttempts: 1 })
      injectFaults(client, ({ command, input }) =>
        command === 'GetItemCommand' && Object(input).TableName === database.tables.events ? 'down' : undefined,
      )
      expect(await post(makeHandler(client), body, named)).toEqual(problem('service.unavailable'))
    })
  })

  test('costs one read of the key, one of the template and one write, and none beside', async () => {
    const client = localClient()
    const calls = watchCalls(client)
    const handle = makeHandler(client)
    const named = keyed({ 'x-cio-delivery-id': 'counted' })
    for (let again = 0; again < 3; again++) await post(handle, { template_id: 'welcome' }, named)
    const commands = ['GetItemCommand', 'QueryCommand', 'PutItemCommand', 'PutItemCommand', 'PutItemCommand']
    expect(calls.map(({ command }) => command)).toEqual(commands)
  })

  test('that is missing is never looked for', async () => {
    const client = localClient()
    const calls = watchCalls(client)
    await post(makeHandler(client), { template_id: 'draft' })
    expect(calls.map(({ command }) => command)).toEqual(['GetItemCommand', 'QueryCommand'])
  })

  test('is worth nothing to another org', async () => {
    const other = orgOf('other')
    const { key: otherKey } = await mintKey(other)
    await settings.putTemplate(other, templateOf('welcome'))
    await settings.putVariant(other, templateIdOf('welcome'), variantOf('theirs'))
    const handle = makeHandler()
    const name = { 'x-cio-delivery-id': 'same-name' }
    const ours = await post(handle, { template_id: 'welcome' }, keyed(name))
    const theirs = await post(
      handle,
      { template_id: 'welcome' },
      { 'x-api-key': otherKey, ...name },
      '/api/generate/other',
    )
    expect(theirs.body.copy.id).toBe('theirs')
    expect(theirs.body.serve_id).not.toBe(ours.body.serve_id)
  })

  test('that is missing makes every call a serve of its own', async () => {
    const handle = makeHandler()
    const ids = await Promise.all(Array.from({ length: 5 }, () => post(handle, { template_id: 'welcome' })))
    expect(new Set(ids.map(({ body }) => body.serve_id)).size).toBe(5)
  })
})

describe('a copy', () => {
  test('over the limit of the template still goes out and is marked', async () => {
    const { body } = await post(makeHandler(), { template_id: 'safe' })
    expect(body.copy.id).toBe('plain')
    expect(await storedServe(body.serve_id)).toMatchObject({ choice: 'fallback', oversize: true, probability: 1 })
  })

  test('whose Liquid is broken goes out without that text, and the log names the copy but no field', async () => {
    await settings.putTemplate(acme, templateOf('broken'))
    const vars = { subject: 'Hi {{ first_name', preheader: 'Hi {{ first_name }}' }
    await settings.putVariant(acme, templateIdOf('broken'), variantOf('bad', { vars }))
    const { body } = await post(makeHandler(), { template_id: 'broken', fields: { first_name: 'Ann' } })
    expect(body.copy.vars).toEqual({ subject: '', preheader: 'Hi Ann' })
    expect(logged).toEqual([
      { message: 'text left empty', fields: { org: 'acme', copyId: 'bad', variable: 'subject', reason: 'syntax' } },
    ])
  })

  test('is drawn with control at its share', async () => {
    const { body } = await post(
      makeHandler(database.client, () => 0.4),
      { template_id: 'welcome' },
    )
    expect(await storedServe(body.serve_id)).toMatchObject({
      arm: 'control',
      copyId: 'k',
      probability: 0.5,
      choice: 'drawn',
    })
  })
})

describe('a persistent split', () => {
  const people = Array.from({ length: 20 }, (_, at) => `Ann.${at}@X.org`)
  async function prepare(slug: string, personIdentifier: 'email' | 'id') {
    const org = orgOf(slug)
    await settings.putOrg({ org, name: slug, personIdentifier, currency: 'USD', webhookSignature: 'none' })
    await settings.putTemplate(org, templateOf('steady', { splitMode: 'persistent', controlShare: 0.5 }))
    for (const id of ['a', 'b', 'c']) await settings.putVariant(org, templateIdOf('steady'), variantOf(id))
    await settings.putVariant(org, templateIdOf('steady'), variantOf('k', { arm: 'control' }))
    const { key: orgKey } = await mintKey(org)
    return async (handle: ApiHandler, user_id: string): Promise<string> => {
      const body = { template_id: 'steady', user_id }
      return (await post(handle, body, { 'x-api-key': orgKey }, `/api/generate/${slug}`)).body.copy.id
    }
  }
  const copiesOf = (ask: (userId: string) => Promise<string>, spell: (text: string) => string) =>
    Promise.all(people.map((userId) => ask(spell(userId))))

  test('places a person whose e-mail address is spelled in several ways once, where the org joins on it', async () => {
    const ask = await prepare('mailers', 'email')
    const handle = makeHandler()
    const copies = await copiesOf((userId) => ask(handle, userId), String)
    expect(new Set(copies).size).toBe(4)
    expect(
      await copiesOf(
        (userId) => ask(makeHandler(), userId),
        (text) => ` ${text.toLowerCase()} `,
      ),
    ).toEqual(copies)
  })

  test('tells ids apart that differ in case, where the org joins on those', async () => {
    const ask = await prepare('numberers', 'id')
    const handle = makeHandler()
    const copies = await copiesOf((userId) => ask(handle, userId), String)
    expect(await copiesOf((userId) => ask(handle, userId), String)).toEqual(copies)
    expect(
      await copiesOf(
        (userId) => ask(handle, userId),
        (text) => text.toLowerCase(),
      ),
    ).not.toEqual(copies)
  })

  test('reads the org once in the time that settings are remembered', async () => {
    const ask = await prepare('savers', 'email')
    const client = localClient()
    const calls = watchCalls(client)
    const handle = makeHandler(client)
    for (const userId of people) await ask(handle, userId)
    const reads = calls.map(({ command }) => command).filter((command) => command !== 'PutItemCommand')
    expect(reads.toSorted()).toEqual(['GetItemCommand', 'GetItemCommand', 'QueryCommand'])
  })
})

describe('who may ask', () => {
  const refused = problem('auth.failed')

  test('unknown orgs, malformed ones, wrong, missing and revoked keys are all answered alike', async () => {
    const handle = makeHandler()
    const revoked = await mintKey()
    await settings.putApiKey(acme, { ...revoked.stored, revokedAtMs: nowMs })
    const expired = await mintKey()
    await settings.putApiKey(acme, { ...expired.stored, expiresAtMs: nowMs })
    const { key: strange } = mintApiKey(stage, { scopes: ['generate'], createdAtMs: 0 }, randomBytes)
    const { key: foreign } = await mintKey(orgOf('foreign'))
    const ask = (presented: string | undefined, path = '/api/generate/acme') =>
      post(handle, { template_id: 'welcome' }, presented === undefined ? {} : { 'x-api-key': presented }, path)
    const answers = await Promise.all([
      ask(undefined),
      ask('junk'),
      ask(strange),
      ask(foreign),
      ask(revoked.key),
      ask(expired.key),
      ask(key, '/api/generate/nobody'),
      ask(key, '/api/generate/NOT%20A%20SLUG'),
      ask(key, '/api/generate/foreign'),
    ])
    for (const one of answers) expect(one).toEqual(refused)
  })

  test('a key is judged before the body is looked at', async () => {
    expect(await post(makeHandler(), 'x'.repeat(maxGenerateBodyBytes + 1), { 'x-api-key': 'junk' })).toEqual(refused)
  })

  test('a key of another scope is told so', async () => {
    const { key: admin } = await mintKey(acme, ['admin', 'events'])
    expect(await post(makeHandler(), {}, { 'x-api-key': admin })).toEqual(problem('auth.forbidden'))
  })

  test('junk reads nothing, and a key that could be real reads once', async () => {
    const client = localClient()
    const calls = watchCalls(client)
    const handle = makeHandler(client)
    const flipped = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0')
    for (const junk of ['', 'jai_test', flipped, key.replace('jai_test', 'jai_prod')]) {
      expect(await post(handle, {}, { 'x-api-key': junk })).toEqual(refused)
    }
    expect(calls).toHaveLength(0)
    const { key: strange } = mintApiKey(stage, { scopes: ['generate'], createdAtMs: 0 }, randomBytes)
    for (let at = 0; at < 20; at++) await post(handle, {}, { 'x-api-key': strange })
    expect(calls.map(({ command }) => command)).toEqual(['GetItemCommand'])
  })

  test('a revoked key is refused within the time that keys are remembered', async () => {
    const { key: doomed, stored } = await mintKey()
    const handle = makeHandler()
    const ask = () => post(handle, { template_id: 'welcome' }, { 'x-api-key': doomed })
    expect((await ask()).status).toBe(200)
    await settings.putApiKey(acme, { ...stored, revokedAtMs: nowMs })
    nowMs += keyCacheMs
    expect(await ask()).toEqual(refused)
  })
})

describe('what is refused', () => {
  test.each<[ProblemCode, unknown]>([
    ['template.unknown', { template_id: 'nothing' }],
    ['template.inactive', { template_id: 'draft' }],
    ['copy.unknown', { template_id: 'welcome', copy_id: 'nothing' }],
    ['copy.unknown', { template_id: 'welcome', copy_id: 'old' }],
    ['copy.none_eligible', { template_id: 'narrow', attrs: { plan: 'free' } }],
    ['body.not_json', '{'],
    ['body.not_json', ''],
  ])('%s for %j', async (code, body) => {
    expect(await post(makeHandler(), body)).toEqual(problem(code))
  })

  test.each<[ProblemCode, string | Uint8Array]>([
    ['body.too_large', JSON.stringify({ template_id: 'welcome', fields: { a: 'x'.repeat(maxGenerateBodyBytes) } })],
    ['body.too_deep', `{"template_id":"welcome","fields":{"a":${'['.repeat(1_000)}${']'.repeat(1_000)}}}`],
    ['body.hostile_key', '{"template_id":"welcome","fields":{"__proto__":{"admin":true}}}'],
    ['body.invalid', '{"template_id":7}'],
  ])('%s with what was seen and what is allowed', async (code, body) => {
    const answered = await send(makeHandler(), 'POST', '/api/generate/acme', { headers: keyed(), body })
    expect(answered).toEqual(
      problem(code, [{ path: expect.any(String), message: expect.stringMatching(/seen.*allowed/i) }]),
    )
  })

  test('bytes that are not UTF-8, in base64', async () => {
    const body = Buffer.concat([Buffer.from('{"template_id":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])
    expect(await send(makeHandler(), 'POST', '/api/generate/acme', { headers: keyed(), body })).toEqual(
      problem('body.not_utf8'),
    )
  })

  test('a query of the wrong shape', async () => {
    const ask = (query: string) => send(makeHandler(), 'GET', '/api/generate/acme', { headers: keyed(), query })
    expect((await ask('user_id=1')).body.error).toMatchObject({
      code: 'query.invalid',
      details: [{ path: 'template_id' }],
    })
    expect((await ask('template_id=welcome&attrs.__proto__=1')).body.error.code).toBe('query.invalid')
  })

  test('nothing that is refused is stored', async () => {
    const before = (await storedServes()).length
    await post(makeHandler(), { template_id: 'narrow' }, keyed({ 'x-cio-delivery-id': 'refused' }))
    expect(await storedServes()).toHaveLength(before)
  })
})

test('a body in base64 is read like any other', async () => {
  const body = Buffer.from(JSON.stringify({ template_id: 'welcome', copy_id: 'a', fields: { first_name: 'Zoë 😀' } }))
  const answered = await send(makeHandler(), 'POST', '/api/generate/acme', { headers: keyed(), body })
  expect(answered.body.copy.vars.subject).toBe('Hi Zoë 😀 (a)')
})

describe('a table that is down', () => {
  const unavailable = problem('service.unavailable')

  test.each(['throttle', 'down', 'lost-answer'] as const)('(%s) is a 503 that asks to try again', async (fault) => {
    const client = localClient({ maxAttempts: 2 })
    injectFaults(client, () => fault)
    const answered = await post(makeHandler(client), { template_id: 'welcome' })
    expect(answered).toEqual(unavailable)
    expect(answered.headers['retry-after']).toBe('1')
    expect(logged.map(({ message }) => message)).toEqual(['request failed'])
    expect(JSON.stringify(logged)).not.toContain(key)
  })

  test('fails a batch as a whole when one of its serves could not be stored', async () => {
    const client = localClient({ maxAttempts: 1 })
    let puts = 0
    injectFaults(client, ({ command }) => (command === 'PutItemCommand' && puts++ === 1 ? 'throttle' : undefined))
    const requests = [{ template_id: 'welcome' }, { template_id: 'safe' }]
    const ask = () =>
      post(makeHandler(client), { requests }, keyed({ 'x-cio-delivery-id': 'torn' }), '/api/batch-generate/acme')
    expect(await ask()).toEqual(unavailable)
    expect((await ask()).status).toBe(200)
    expect((await storedServes()).filter(({ templateId }) => templateId === 'safe')).not.toHaveLength(0)
  })

  test('and never answers is a 503 within the budget', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const address = silent.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const handle = makeHandler(localClient({ ...callerTimeouts, endpoint: `http://127.0.0.1:${port}` }))
    const sinceMs = performance.now()
    expect(await post(handle, { template_id: 'welcome' })).toEqual(unavailable)
    expect(performance.now() - sinceMs).toBeLessThan(answerBudgetMs)
    silent.close()
  })
})

test('a deployed function with a wrong environment answers 503 instead of failing to start', async () => {
  expect(await post(handler, { template_id: 'welcome' })).toEqual(problem('service.unavailable'))
})

test('a call that took longer than a second is told of, answered or refused, and no other', async () => {
  const slow: string[] = []
  const noteSlow = async (org: string) => void slow.push(org)
  const after = (ms: number) => {
    let calls = 0
    return () => nowMs + (calls++ === 0 ? 0 : ms)
  }
  const body = { template_id: 'welcome', user_id: 'ann' }
  expect((await post(makeHandler(database.client, Math.random, { noteSlow, now: after(900) }), body)).status).toBe(200)
  expect(slow).toEqual([])
  expect((await post(makeHandler(database.client, Math.random, { noteSlow, now: after(1_100) }), body)).status).toBe(
    200,
  )
  const unknown = { template_id: 'nothing' }
  expect((await post(makeHandler(database.client, Math.random, { noteSlow, now: after(1_100) }), unknown)).status).toBe(
    404,
  )
  expect(slow).toEqual(['acme', 'acme'])
})

test('a call that cannot be read counts like one that can', async () => {
  const taken: number[] = []
  const share = { admit: () => undefined, take: (_org: unknown, tokens: number) => void taken.push(tokens) }
  const handle = makeHandler(database.client, Math.random, { share })
  expect((await post(handle, '{')).status).toBe(422)
  expect((await post(handle, { template_id: 'no such one' })).status).toBe(422)
  expect((await post(handle, { template_id: 'welcome' })).status).toBe(200)
  expect(taken).toEqual([1, 1, 1])
})
