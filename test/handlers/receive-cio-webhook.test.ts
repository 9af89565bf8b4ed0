import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { Context } from 'aws-lambda'
import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { orgSlugSchema } from '../../contract/ids.ts'
import { secretCacheMs, secretRefetchMs } from '../../contract/limits.ts'
import type { Org } from '../../contract/org.ts'
import { webhookAnswerSchema } from '../../contract/reporting-event.ts'
import type { OrgSecret } from '../../contract/secrets.ts'
import { messageEventSchema } from '../../contract/stored-event.ts'
import { makeOrgSecrets } from '../../lambdas/clients/org-secrets.ts'
import { classifyBody } from '../../lambdas/domain/events/classify-body.ts'
import {
  handler,
  makeReceiveCioWebhook,
  type ReceiveCioWebhookDeps,
} from '../../lambdas/handlers/receive-cio-webhook.ts'
import type { ApiEvent } from '../../lambdas/runtime/api.ts'
import { makeNoteSource } from '../../lambdas/runtime/note-source.ts'
import { makeOnceAMinute } from '../../lambdas/runtime/once-a-minute.ts'
import { webhookHandler } from '../../lambdas/runtime/webhook-answer.ts'
import { messageKey, personEventKey } from '../../lambdas/store/event-keys.ts'
import { makeEventStore, readStoredBody } from '../../lambdas/store/events.ts'
import { digestOf, makeQuarantine } from '../../lambdas/store/quarantine.ts'
import examples from '../data/customerio-examples.json' with { type: 'json' }
import { type CioPost, cioBody, cioPost } from '../support/cio-signer.ts'
import { checkDocumented } from '../support/documented.ts'
import { localClient, makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { injectFaults, type SdkFault } from '../support/sdk-faults.ts'

const org = orgSlugSchema.parse('acme')
const signed: Org = { org, name: 'Acme', personIdentifier: 'id', currency: 'USD', webhookSignature: 'required' }
const unsigned: Org = { ...signed, webhookSignature: 'none' }
const key = 'a signing key, £5'
let database: TestDatabase
let logged: string[] = []
let refused: string[] = []
let sources: string[] = []

beforeAll(async () => {
  database = await makeTables()
})

beforeEach(() => {
  logged = []
  refused = []
  sources = []
})

interface Answered {
  readonly status: number | undefined
  readonly headers: Record<string, unknown>
  readonly body: { readonly status?: string; readonly event_id?: string; readonly error?: { readonly code: string } }
}

function depsWith(
  over: Partial<ReceiveCioWebhookDeps> = {},
  faults?: (index: number) => SdkFault | undefined,
): ReceiveCioWebhookDeps {
  const client = faults ? localClient({ maxAttempts: 2 }) : database.client
  if (faults) injectFaults(client, ({ index }) => faults(index))
  return {
    findOrg: async (slug) => (slug === org ? signed : undefined),
    secrets: { get: async () => ({ signingKey: key }), refresh: async () => undefined },
    events: makeEventStore(client, database.tables.events),
    quarantine: makeQuarantine(client, database.tables.events),
    noteSource: async (of, source) => void sources.push(`${of} ${source}`),
    noteSignature: async (of, why) => void refused.push(`${of} ${why}`),
    now: () => 1_692_633_432_500,
    log: (level, message, fields) => logged.push(JSON.stringify({ level, message, ...fields })),
    ...over,
  }
}

async function call(handle: typeof handler, event: ApiEvent): Promise<Answered> {
  // biome-ignore lint/suspicious/noExplicitAny: the handler reads nothing of the context
  const answer = await handle(event, {} as any as Context)
  checkDocumented('POST /api/webhook/cio/{org}', answer.statusCode, answer.body)
  return { status: answer.statusCode, headers: answer.headers ?? {}, body: JSON.parse(answer.body ?? '') }
}

async function post(request: CioPost, deps = depsWith(), budgetMs?: number): Promise<Answered> {
  return call(
    webhookHandler(deps.log, () => makeReceiveCioWebhook(deps), budgetMs),
    cioPost(request),
  )
}

const fails = (what: string) => async () => {
  throw new Error(what)
}
const bodyOf = (delivery: string, data: Record<string, unknown> = {}) => cioBody({}, { delivery_id: delivery, ...data })

describe('accepts', () => {
  test('the published signed body', async () => {
    const { signing_key_utf8, raw_body, x_cio_signature, x_cio_timestamp } = examples.signature
    const deps = depsWith({
      secrets: { get: async () => ({ signingKey: signing_key_utf8 }), refresh: async () => undefined },
    })
    const headers = { 'x-cio-signature': x_cio_signature, 'x-cio-timestamp': String(x_cio_timestamp) }
    const answer = await post({ body: raw_body, headers }, deps)
    expect(answer).toMatchObject({ status: 200, body: { status: 'accepted', event_id: '01E2EMRMM6TZ12TF9WGZN0WJQT' } })
    expect(answer.headers).toMatchObject({
      'x-request-id': 'request-1',
      'content-type': expect.stringContaining('json'),
    })
    expect(webhookAnswerSchema.safeParse(answer.body).success).toBe(true)
  })

  const published = [
    ...Object.entries(examples.documented),
    ...examples.observed.map((body, at) => [`observed ${at}`, body] as const),
  ]
  test.each(published)('the published example %s, signed or, while no key is stored, not', async (name, example) => {
    const body = JSON.stringify({ ...example, event_id: `${example.event_id}-${name}` })
    expect(await post({ body, key })).toMatchObject({ status: 200, body: { status: 'accepted' } })
    const again = await post({ body: Buffer.from(body) }, depsWith({ findOrg: async () => unsigned }))
    expect(again).toMatchObject({ status: 200, body: { status: 'duplicate' } })
  })

  test('one of twenty at once and calls the others duplicates', async () => {
    const body = bodyOf('at-once')
    const answers = await Promise.all(Array.from({ length: 20 }, () => post({ body, key })))
    expect(answers.map((answer) => answer.body.status).toSorted()).toEqual(['accepted', ...Array(19).fill('duplicate')])
  })

  test('an event whose first answer was lost between us and the table', async () => {
    const answer = await post(
      { body: bodyOf('lost-answer'), key },
      depsWith({}, (index) => (index === 0 ? 'lost-answer' : undefined)),
    )
    expect(answer).toMatchObject({ status: 200, body: { status: 'duplicate' } })
  })
})

test('answers another body under a stored id as a conflict and keeps both, byte for byte', async () => {
  const [first, second] = [bodyOf('clash'), bodyOf('clash', { subject: 'another' })]
  await post({ body: first, key })
  for (let again = 0; again < 2; again++) {
    expect(await post({ body: second, key })).toMatchObject({
      status: 200,
      body: { status: 'conflict', event_id: '01E4C8BES5XT87ZWRJFTB35YJ3' },
    })
  }
  expect(await keptAs(first)).toBe('event')
  const found = await makeQuarantine(database.client, database.tables.events).find(org, digestOf(Buffer.from(second)))
  expect(found).toMatchObject({ reasons: [{ code: 'event.conflict' }] })
  expect(found && Buffer.from(found.bytes).toString()).toBe(second)
})

test('names a body set aside by its event id or else by its digest', async () => {
  expect((await post({ body: '{"event_id":"e-1"}', key })).body).toEqual({ status: 'quarantined', event_id: 'e-1' })
  expect((await post({ body: 'oops', key })).body).toEqual({
    status: 'quarantined',
    event_id: digestOf(Buffer.from('oops')),
  })
})

describe('after a change of keys', () => {
  const rotating = (steps: readonly OrgSecret[]) => {
    let step = 0
    return { get: async () => steps[step] ?? {}, refresh: async () => steps[++step] }
  }

  /** The secret as it is deployed, over a store that counts its reads and a clock that stands. */
  const keptSecret = (first: OrgSecret) => {
    let stored = first
    let reads = 0
    const clock = { nowMs: 1_692_633_432_500 }
    const client = new SecretsManagerClient({ region: 'local' })
    const answerStored = async () => {
      reads++
      return { output: { SecretString: JSON.stringify(stored), $metadata: {} }, response: {} }
    }
    client.middlewareStack.add(() => answerStored, { step: 'initialize' })
    const now = () => clock.nowMs
    const put = (secret: OrgSecret) => {
      stored = secret
    }
    const deps = depsWith({ now, secrets: makeOrgSecrets(client, 'stage/', now) })
    return { deps, clock, put, readsSoFar: () => reads }
  }

  test('events of the new key pass at once, and of the previous one still', async () => {
    const deps = depsWith({ secrets: rotating([{ signingKey: key }, { signingKey: 'new', previousSigningKey: key }]) })
    expect(await post({ body: bodyOf('rotate-1'), key }, deps)).toMatchObject({ status: 200 })
    expect(await post({ body: bodyOf('rotate-2'), key: 'new' }, deps)).toMatchObject({ status: 200 })
    expect(await post({ body: bodyOf('rotate-3'), key }, deps)).toMatchObject({ status: 200 })
  })

  test('by the clock: the new key passes at once, the old one until it is gone for five minutes', async () => {
    const { deps, clock, put, readsSoFar } = keptSecret({ signingKey: key })
    const statusOf = async (by: string) => (await post({ body: bodyOf('clock'), key: by }, deps)).status

    expect([await statusOf(key), readsSoFar()]).toEqual([200, 1])
    put({ signingKey: 'second', previousSigningKey: key })
    clock.nowMs += 1
    expect([await statusOf('second'), await statusOf(key), readsSoFar()]).toEqual([200, 200, 2])
    put({ signingKey: 'third', previousSigningKey: 'second' })
    clock.nowMs += secretRefetchMs - 1
    expect([await statusOf('third'), await statusOf('nonsense'), readsSoFar()]).toEqual([503, 503, 2])
    clock.nowMs += 1
    expect([await statusOf('third'), await statusOf('second'), readsSoFar()]).toEqual([200, 200, 3])
    clock.nowMs += 1
    expect([await statusOf(key), await statusOf('nonsense'), readsSoFar()]).toEqual([503, 503, 3])
    clock.nowMs += secretRefetchMs
    expect([await statusOf(key), await statusOf('nonsense'), readsSoFar()]).toEqual([401, 401, 4])
    put({ signingKey: 'fourth' })
    clock.nowMs += secretCacheMs - 1
    expect([await statusOf('third'), readsSoFar()]).toEqual([200, 4])
    clock.nowMs += 1
    expect([await statusOf('fourth'), readsSoFar()]).toEqual([200, 5])
  })

  test('junk that used up the fresh read makes no genuine event wait an hour', async () => {
    const { deps, clock, put, readsSoFar } = keptSecret({ signingKey: key })
    const statusOf = async (by: string) => (await post({ body: bodyOf('after-junk'), key: by }, deps)).status
    expect(await statusOf(key)).toBe(200)
    clock.nowMs += 1_000
    expect([await statusOf('junk'), readsSoFar()]).toEqual([401, 2])
    put({ signingKey: 'new' })
    clock.nowMs += 1_000
    expect([await statusOf('new'), readsSoFar()]).toEqual([503, 2])
    clock.nowMs += secretRefetchMs
    expect([await statusOf('new'), readsSoFar()]).toEqual([200, 3])
  })

  test('the first event of an instance is decided by the read that it causes', async () => {
    const { deps, readsSoFar } = keptSecret({ signingKey: key })
    expect((await post({ body: bodyOf('first'), key: 'junk' }, deps)).status).toBe(401)
    expect(readsSoFar()).toBe(1)
  })

  test('events of a key that was taken back are refused', async () => {
    const deps = depsWith({ secrets: rotating([{ signingKey: key }, { signingKey: 'new' }, { signingKey: 'new' }]) })
    expect(await post({ body: bodyOf('rotate-4'), key: 'new' }, deps)).toMatchObject({ status: 200 })
    expect(await post({ body: bodyOf('rotate-5'), key }, deps)).toMatchObject({ status: 401 })
  })
})

describe('leaves nothing but 200, 401 and 503:', () => {
  const otherKey = 'other'
  const headers = (over: Record<string, string | undefined>) => ({ key, headers: over })
  const secrets = (
    get: () => Promise<OrgSecret>,
    refresh: () => Promise<OrgSecret | undefined> = async () => undefined,
  ) => ({
    deps: () => depsWith({ secrets: { get, refresh } }),
  })
  const faulty = (fault: SdkFault, from = 0) => ({
    deps: () => depsWith({}, (index) => (index >= from ? fault : undefined)),
    budgetMs: 400,
  })
  interface Case {
    readonly request?: Partial<CioPost>
    readonly deps?: () => ReceiveCioWebhookDeps
    readonly budgetMs?: number
  }
  const poison = { request: { key, body: 'poison' } }
  const cases: readonly (readonly [number, string, Case])[] = [
    [503, 'the org store throws', { deps: () => depsWith({ findOrg: fails('down') }) }],
    [503, 'the org store hangs', { deps: () => depsWith({ findOrg: () => new Promise(() => {}) }), budgetMs: 50 }],
    [401, 'an unknown org', { request: { org: 'nobody' } }],
    [401, 'an org that is no slug', { request: { org: '../acme#d' } }],
    [401, 'an org in upper case', { request: { org: 'ACME' } }],
    [503, 'a secret that is missing', secrets(fails('ResourceNotFoundException'))],
    [503, 'a secret that may not be read', secrets(fails('AccessDeniedException'))],
    [503, 'a secret store that throttles', secrets(fails('ThrottlingException'))],
    [503, 'a secret that is garbage', secrets(fails('the secret is not JSON of the expected shape'))],
    [503, 'a secret without a key', secrets(async () => ({ appApiKey: 'x' }))],
    [
      503,
      'a fresh secret without a key',
      secrets(
        async () => ({ signingKey: 'old' }),
        async () => ({}),
      ),
    ],
    [503, 'a fresh secret that cannot be read', secrets(async () => ({ signingKey: 'old' }), fails('down'))],
    [
      503,
      'a key that no kept one fits while the secret may not be read again',
      secrets(async () => ({ signingKey: 'old' }), fails('not again so soon')),
    ],
    [503, 'a secret store that hangs', { ...secrets(() => new Promise(() => {})), budgetMs: 50 }],
    [401, 'another key', { request: { key: otherKey } }],
    [401, 'no signature', { request: headers({ 'x-cio-signature': undefined }) }],
    [401, 'no timestamp', { request: headers({ 'x-cio-timestamp': undefined }) }],
    [401, 'no headers of the signature at all', { request: { headers: {} } }],
    [401, 'no signature and no secret either', { request: { headers: {} }, ...secrets(fails('missing')) }],
    [401, 'two signatures', { request: headers({ 'x-cio-signature': `${'a'.repeat(64)},${'a'.repeat(64)}` }) }],
    [401, 'a timestamp that is no number', { request: headers({ 'x-cio-timestamp': 'now' }) }],
    [401, 'another timestamp', { request: headers({ 'x-cio-timestamp': '1692633433' }) }],
    [401, 'a signature in upper case', { request: headers({ 'x-cio-signature': 'A'.repeat(64) }) }],
    [401, 'a signature of other characters', { request: headers({ 'x-cio-signature': 'é'.repeat(32) }) }],
    [
      401,
      'a signature older than the org allows',
      {
        request: { timestamp: '1692633131', key },
        deps: () => depsWith({ findOrg: async () => ({ ...signed, maxSignatureAgeSeconds: 300 }) }),
      },
    ],
    [200, 'an old signature otherwise', { request: { timestamp: '1', key } }],
    [200, 'an empty body', { request: { key, body: '' } }],
    [200, 'a body that is not UTF-8', { request: { key, body: Buffer.from([255, 254]) } }],
    [200, 'a body that is not JSON', { request: { key, body: '{' } }],
    [200, 'a body that is a list', { request: { key, body: '[]' } }],
    [
      200,
      'a body nested 100,000 deep',
      { request: { key, body: `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}` } },
    ],
    [200, 'a body with a hostile name', { request: { key, body: '{"__proto__":{"event_id":"x"}}' } }],
    [200, 'a body of 5 MB', { request: { key, body: randomBytes(3_900_000).toString('base64') }, budgetMs: 15_000 }],
    [
      200,
      'an event that is incompressible and large',
      { request: { key, body: bodyOf('big', { content: randomBytes(600_000).toString('base64') }) } },
    ],
    [503, 'a table that throttles', { ...faulty('throttle') }],
    [503, 'a table that hangs', { ...faulty({ delayMs: 1_500 }) }],
    [503, 'a table that is down', { ...faulty('down') }],
    [503, 'a table that loses every answer', { ...faulty('lost-answer'), request: { key, body: 'lost poison' } }],
    [
      503,
      'a table that is not there',
      { deps: () => ({ ...depsWith(), events: makeEventStore(database.client, 'nowhere') }) },
    ],
    [
      200,
      'a table that refuses this one item',
      { deps: () => depsWith({ events: { append: async () => 'unstorable' } }) },
    ],
    [
      503,
      'a table that refuses every item',
      {
        deps: () =>
          depsWith({
            events: { append: async () => 'unstorable' },
            quarantine: { setAside: fails('ValidationException') },
          }),
      },
    ],
    [503, 'a quarantine that fails', { ...poison, deps: () => depsWith({ quarantine: { setAside: fails('down') } }) }],
    [
      503,
      'a quarantine that hangs',
      { ...poison, deps: () => depsWith({ quarantine: { setAside: () => new Promise(() => {}) } }), budgetMs: 50 },
    ],
    [
      503,
      'a quarantine that fails between head and time',
      { request: { key, body: 'half poison' }, ...faulty('down', 1) },
    ],
    [
      503,
      'a conflict that cannot be set aside',
      { deps: () => depsWith({ events: { append: async () => 'conflict' }, quarantine: { setAside: fails('down') } }) },
    ],
    [
      503,
      'a clock that throws',
      {
        deps: () =>
          depsWith({
            now: () => {
              throw new Error('no time')
            },
          }),
      },
    ],
    [
      503,
      'a log that throws',
      {
        request: { key: otherKey },
        deps: () =>
          depsWith({
            log: () => {
              throw new Error('no paper')
            },
          }),
      },
    ],
    // biome-ignore lint/suspicious/noExplicitAny: what a bug could throw
    [503, 'a throw of nothing', { deps: () => depsWith({ findOrg: () => Promise.reject(undefined) as any }) }],
  ]
  test.each(cases)('%i for %s', async (status, name, { request, deps = () => depsWith(), budgetMs }) => {
    const wanted = { body: bodyOf(name.replaceAll(' ', '_').replaceAll(',', '')), ...(request ?? { key }) }
    const answer = await post(wanted, deps(), budgetMs)
    expect(answer.status).toBe(status)
    expect(answer.headers['x-request-id']).toBe('request-1')
    if (status === 503)
      expect(answer).toMatchObject({
        headers: { 'retry-after': '1' },
        body: { error: { code: 'service.unavailable' } },
      })
    if (status === 401) expect(answer.body).toEqual((await post({ org: 'nobody', body: '' })).body)
  })

  test.each([
    [503, 'a wrong environment at the cold start', cioPost({ body: '{}' })],
    // biome-ignore lint/suspicious/noExplicitAny: what API Gateway never sends
    [503, 'an event that is none', {} as any],
  ])('%i for %s', async (status, _name, event) => {
    const line = console.log
    console.log = () => {}
    try {
      expect((await call(handler, event)).status).toBe(status)
    } finally {
      console.log = line
    }
  })

  test('503 as long as it cannot be prepared, and 200 once it can', async () => {
    let broken = true
    const handle = webhookHandler(depsWith().log, () => {
      if (broken) throw new Error('STAGE is missing')
      return makeReceiveCioWebhook(depsWith())
    })
    const event = cioPost({ body: bodyOf('prepared'), key })
    expect((await call(handle, event)).status).toBe(503)
    broken = false
    expect((await call(handle, event)).status).toBe(200)
  })
})

describe('whatever is posted', () => {
  const random = fc.oneof(
    fc.json().map(Buffer.from),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc
      .tuple(fc.constantFrom('event_id', 'object_type', 'metric', 'timestamp', 'data'), fc.jsonValue())
      .map(([name, value]) => Buffer.from(cioBody({ [name]: value }))),
    fc
      .tuple(fc.constantFrom('delivery_id', 'identifiers', 'campaign_id', 'machine', 'journey_id'), fc.jsonValue())
      .map(([name, value]) => Buffer.from(cioBody({ metric: 'unsubscribed' }, { [name]: value }))),
  )

  test('a 200 means that it is stored or set aside byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(random, fc.constantFrom(key, 'wrong', undefined), async (body, by) => {
        const answer = await post({ body, ...(by !== undefined && { key: by }) })
        expect(answer.status).toBe(by === key ? 200 : 401)
        if (answer.status === 200)
          expect(await keptAs(body)).toMatch(
            answer.body.status === 'quarantined' || answer.body.status === 'conflict' ? 'quarantine' : 'event',
          )
      }),
      { numRuns: 250 },
    )
  })

  test('the log holds codes and sizes, and nothing of bodies, people or signatures', async () => {
    await post({ body: cioBody({ timestamp: 'x' }, { delivery_id: 'secret-delivery' }), key })
    await post({ body: bodyOf('secret-delivery'), key: 'wrong' })
    await post({ body: bodyOf('secret-delivery'), key }, depsWith({ findOrg: fails('test@example.com') }))
    expect(logged).toHaveLength(3)
    expect(logged.join()).not.toMatch(/secret-delivery|test@example|0200102|[0-9a-f]{64}/)
    expect(logged.join()).toMatch(/event.invalid.*signature.mismatch/)
  })
})

/** Where a body lies, having been found there with every byte. */
async function keptAs(body: string | Buffer): Promise<'event' | 'quarantine' | 'nowhere'> {
  const bytes = Buffer.from(body)
  const found = await makeQuarantine(database.client, database.tables.events).find(org, digestOf(bytes))
  if (found && Buffer.compare(found.bytes, bytes) === 0) return 'quarantine'
  const classified = classifyBody(bytes)
  if (classified.kind !== 'event') return 'nowhere'
  const { subject, eventId, digest } = classified
  const { pk, sk } =
    subject.kind === 'delivery'
      ? messageKey(org, subject.deliveryId, eventId)
      : personEventKey(org, subject.person, eventId)
  const { Item } = await database.client.send(
    new GetItemCommand({ TableName: database.tables.events, Key: { pk: { S: pk }, sk: { S: sk } } }),
  )
  const stored = messageEventSchema.safeParse(Item && unmarshall(Item))
  if (!stored.success) return 'nowhere'
  return readStoredBody(stored.data) === bytes.toString() || stored.data.digest === digest ? 'event' : 'nowhere'
}

test('tells health what a stored event was sent from, once it is stored', async () => {
  const say = (delivery: string, data: object) =>
    post({ body: bodyOf(delivery, { campaign_id: undefined, ...data }), key })
  await say('of-campaign', { campaign_id: 24 })
  await say('of-newsletter', { newsletter_id: 7 })
  await say('of-nothing', {})
  await post({ body: bodyOf('unsigned-one', { campaign_id: 99 }) })
  await post({ body: '{', key })
  expect(sources).toEqual(['acme campaign:24', 'acme newsletter:7'])
})

test('a table that hangs for what is noted does not make a stored event come again', async () => {
  const log = depsWith().log
  const write = async (...given: readonly unknown[]) => {
    const signal = given.findLast((one): one is AbortSignal => one instanceof AbortSignal)
    await once(signal ?? new AbortController().signal, 'abort')
    throw new Error('aborted')
  }
  const deps = depsWith({
    noteSource: makeNoteSource({ write, now: Date.now, log }),
    noteSignature: makeOnceAMinute({ write, now: Date.now, log }),
  })
  const { status, body } = await post({ body: bodyOf('noted-late'), key }, deps)
  expect([status, body.status]).toEqual([200, 'accepted'])
  expect(logged.filter((line) => line.includes('noted'))).toHaveLength(2)
})

describe('tells health of refusals', () => {
  test('of an org that it knows and for the signature alone, and of nothing else', async () => {
    await post({ body: bodyOf('refused') })
    await post({ body: bodyOf('refused'), key: 'another' })
    await post({ body: bodyOf('refused'), key, headers: { 'x-cio-signature': 'short' } })
    await post({ body: bodyOf('refused'), key, org: 'nobody' })
    await post({ body: bodyOf('not-refused'), key })
    expect(refused).toEqual([
      'acme signature.unsigned',
      'acme signature.mismatch',
      'acme signature.malformed',
      'acme signature.valid',
    ])
  })
})
