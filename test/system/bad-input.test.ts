// What callers get wrong: each has its clear error, and none leaves a trace in the counts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signAsCio } from '../support/cio-signer.ts'
import {
  call,
  cioEvent,
  type DemoStack,
  type HttpAnswer,
  readResults,
  startDemoStack,
  untilIdle,
} from '../support/local-stack.ts'

let stack: DemoStack
beforeAll(async () => {
  stack = await startDemoStack()
})
afterAll(() => stack?.local.stop())

const codeOf = ({ body }: HttpAnswer) => Reflect.get(Object(body.error), 'code')

function post(
  path: string,
  body: NonNullable<RequestInit['body']>,
  headers: Record<string, string> = {},
): Promise<HttpAnswer> {
  const all = { 'content-type': 'application/json', 'x-api-key': stack.apiKey, ...headers }
  return call(stack, path, { method: 'POST', headers: all, body })
}

const generatePath = '/api/generate/acme'
const good = JSON.stringify({ template_id: 'welcome_email', user_id: 'ann' })

describe('an unknown', () => {
  it.each([
    ['org', '/api/generate/nobody'],
    ['org that is no slug', '/api/generate/No%20Body'],
  ])('%s is answered like a wrong key', async (_what, path) => {
    const unknown = await post(path, good)
    const wrongKey = await post(generatePath, good, { 'x-api-key': 'jai_dev_nonsense' })
    expect([unknown.status, unknown.body]).toEqual([401, wrongKey.body])
    expect(codeOf(unknown)).toBe('auth.failed')
  })

  it('template is 404 with its code', async () => {
    const answer = await post(generatePath, JSON.stringify({ template_id: 'nothing' }))
    expect([answer.status, codeOf(answer)]).toEqual([404, 'template.unknown'])
  })

  it('template of results is 404 with its code', async () => {
    const path = '/api/orgs/acme/templates/nothing/results'
    const answer = await call(stack, path, { headers: { 'x-api-key': stack.adminKey } })
    expect([answer.status, codeOf(answer)]).toEqual([404, 'template.unknown'])
  })

  it('route is 404, and a known route with another method 405 with the methods that it has', async () => {
    const unknown = await call(stack, '/api/nothing')
    expect([unknown.status, codeOf(unknown)]).toEqual([404, 'route.unknown'])
    const other = await call(stack, generatePath, { method: 'DELETE' })
    expect([other.status, codeOf(other), other.headers.get('allow')]).toEqual([405, 'route.method', 'POST, GET'])
  })
})

describe('a body of generate that', () => {
  it.each([
    ['is empty', '', 'body.not_json'],
    ['is cut off', good.slice(0, -3), 'body.not_json'],
    ['is no object', '[1]', 'body.invalid'],
    ['lacks the template', '{"user_id":"ann"}', 'body.invalid'],
    ['has a template of the wrong type', '{"template_id":7}', 'body.invalid'],
    [
      'is nested deeply',
      `{"template_id":"welcome_email","fields":${'{"a":'.repeat(60)}1${'}'.repeat(61)}`,
      'body.too_deep',
    ],
    ['names a prototype', '{"template_id":"welcome_email","fields":{"__proto__":{"x":1}}}', 'body.hostile_key'],
    ['is huge', JSON.stringify({ template_id: 'welcome_email', fields: { x: 'y'.repeat(80_000) } }), 'body.too_large'],
    ['is not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 'body.not_utf8'],
  ])('%s is 422 with its code', async (_what, body, code) => {
    const answer = await post(generatePath, body)
    expect([answer.status, codeOf(answer)]).toEqual([422, code])
    expect(answer.headers.get('x-request-id')).toBeTruthy()
  })

  it('is wrong in several members says so of each', async () => {
    const answer = await post(generatePath, '{"template_id":7,"fields":3}')
    const details: unknown[] = Reflect.get(Object(answer.body.error), 'details')
    expect(details).toMatchObject([{ path: 'template_id' }, { path: 'fields' }])
  })
})

it.each(['/api/generate/acme', '/api/webhook/cio/acme'])(
  'a body above the 10 MB that the gateway passes on is answered by the gateway itself: %s',
  async (path) => {
    const answer = await post(path, 'x'.repeat(10 * 1_048_576 + 1))
    expect([answer.status, answer.body]).toEqual([413, { message: 'Request Entity Too Large' }])
  },
)

describe('a key', () => {
  it('without the scope is 403, and no key at all 401', async () => {
    const wrongScope = await post(generatePath, good, { 'x-api-key': stack.adminKey })
    expect([wrongScope.status, codeOf(wrongScope)]).toEqual([403, 'auth.forbidden'])
    const results = await call(stack, '/api/orgs/acme/templates/welcome_email/results', {
      headers: { 'x-api-key': stack.apiKey },
    })
    expect(results.status).toBe(403)
    expect((await call(stack, generatePath, { method: 'POST', body: good })).status).toBe(401)
  })
})

describe('the webhook', () => {
  const path = '/api/webhook/cio/acme'
  const signed = (body: string | Uint8Array<ArrayBuffer>, to = path) => {
    const timestamp = '1750000000'
    const signature = signAsCio(stack.signingKey, timestamp, body)
    return post(to, body, { 'x-cio-timestamp': timestamp, 'x-cio-signature': signature })
  }

  it.each<[string, string | Uint8Array<ArrayBuffer>]>([
    ['empty', ''],
    ['cut off', '{"event_id":"x"'],
    ['no object', '"text"'],
    ['not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
    ['nested deeply', '['.repeat(5_000) + ']'.repeat(5_000)],
    ['over 1 MiB', JSON.stringify({ event_id: 'big', data: 'x'.repeat(1_100_000) })],
    ['of wrong types', '{"event_id":"t1","object_type":"email","metric":"sent","timestamp":"abc","data":{}}'],
    ['naming a prototype', '{"event_id":"t2","__proto__":{"a":1}}'],
  ])('sets a signed body aside that is %s', async (_what, body) => {
    const answer = await signed(body)
    expect([answer.status, answer.body.status]).toEqual([200, 'quarantined'])
  })

  it('refuses what is not signed, or for an org that does not exist, alike', async () => {
    const body = JSON.stringify(
      cioEvent('email', 'sent', { delivery_id: 'm', identifiers: { id: 'a' } }, 1_750_000_000),
    )
    const unsigned = await post(path, body)
    const stranger = await signed(body, '/api/webhook/cio/nobody')
    expect([unsigned.status, stranger.status]).toEqual([401, 401])
    expect(unsigned.body).toEqual(stranger.body)
  })
})

it('none of it left a trace in the counts', async () => {
  await untilIdle(stack)
  const { arms, unsent, action, other } = await readResults(stack, '?from=2020-01-01&to=2030-01-01')
  const counted = arms.flatMap(({ counts }) => Object.values(counts)).reduce((sum, count) => sum + count, 0)
  expect([counted, unsent, action, other]).toEqual([0, { unmatched: 0 }, {}, {}])
})

it.each([
  ['from=yesterday', /yesterday.*YYYY-MM-DD/],
  ['metric=joy', /joy.*converted/],
])(
  'results refuse a question that makes no sense, saying what was seen and what is allowed: %s',
  async (query, said) => {
    const path = `/api/orgs/acme/templates/welcome_email/results?${query}`
    const answer = await call(stack, path, { headers: { 'x-api-key': stack.adminKey } })
    expect([answer.status, codeOf(answer)]).toEqual([422, 'query.invalid'])
    expect(JSON.stringify(answer.body)).toMatch(said)
  },
)
