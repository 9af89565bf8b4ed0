// The HTTP API of a running fixture: events, answers, limits, and functions that misbehave.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, jsonOf, type Started, startFixture } from './started.ts'

let fixture: Started
beforeAll(async () => {
  fixture = await startFixture()
}, 60_000)
afterAll(() => fixture.stop())

const echo = async (path: string, init: RequestInit = {}) => jsonOf(await fixture.fetchApi(path, init))

describe('the event', () => {
  it('has the shape of payload format 2.0', async () => {
    const { event } = await echo('/do/echo?a=1&b=x%20y&a=2', {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'X-Thing': 'q', cookie: 'a=1; b=2' },
      body: '{"x":"é"}',
    })
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'ANY /do/{what}',
      rawPath: '/do/echo',
      rawQueryString: 'a=1&b=x%20y&a=2',
      cookies: ['a=1', 'b=2'],
      headers: { 'x-thing': 'q', 'content-type': 'application/json', 'x-forwarded-proto': 'http' },
      queryStringParameters: { a: '1,2', b: 'x y' },
      pathParameters: { what: 'echo' },
      requestContext: {
        accountId: '000000000000',
        stage: '$default',
        routeKey: 'ANY /do/{what}',
        http: { method: 'PUT', path: '/do/echo', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' },
      },
      body: '{"x":"é"}',
      isBase64Encoded: false,
    })
    expect(event.requestContext.time).toMatch(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/)
    expect(event.headers).not.toHaveProperty('cookie')
  })

  it('carries bytes and untyped bodies as base64', async () => {
    const bytes = new Uint8Array([0, 255, 10])
    const { event } = await echo('/do/echo', { method: 'POST', body: bytes })
    expect(event).toMatchObject({ body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true })
  })

  it('has a decoded greedy parameter', async () => {
    const { event } = await echo('/static/a%20b/c')
    expect(event).toMatchObject({ pathParameters: { rest: 'a b/c' }, rawPath: '/static/a b/c' })
    expect(event).not.toHaveProperty('body')
  })
})

describe('a function', () => {
  it('gets only what the template and Lambda give it', async () => {
    const { environment, remainingMs, context } = await echo('/do/echo')
    expect(environment).toMatchObject({
      EVENTS: fixture.resources.Events,
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      TZ: ':UTC',
    })
    expect(environment).not.toHaveProperty('HOME')
    expect(remainingMs).toBeGreaterThan(1_000)
    expect(context).toMatchObject({ functionName: fixture.resources.Api, memoryLimitInMB: '256' })
  })

  it('is killed at its timeout, and the caller is told 503', async () => {
    const beganMs = Date.now()
    const answer = await fixture.fetchApi('/do/hang')
    expect([answer.status, await answer.json()]).toEqual([503, { message: 'Service Unavailable' }])
    expect(Date.now() - beganMs).toBeLessThan(4_000)
    const log = () => readFileSync(`${fixture.local.ready.logs}/${fixture.resources.Api}.log`, 'utf8')
    await eventually('the timeout in the log', async () =>
      log().includes('Task timed out after 2.00 seconds') ? true : undefined,
    )
    expect((await fixture.fetchApi('/do/pid')).status).toBe(200)
  })

  it('has its whole time before it also when its clock is off', async () => {
    const ask = (path: string, body: object) =>
      fetch(`${fixture.local.adminUrl}${path}`, { method: 'POST', body: JSON.stringify(body) })
    const anew = async (ms: number) => {
      await ask('/skew', { function: fixture.resources.Api, ms })
      await ask('/kill', { function: fixture.resources.Api, at: 'rest' })
      return (await echo('/do/echo')).remainingMs
    }
    try {
      for (const ms of [90_000, -90_000]) {
        const remainingMs = await anew(ms)
        expect(remainingMs).toBeGreaterThan(1_000)
        expect(remainingMs).toBeLessThanOrEqual(2_000)
      }
    } finally {
      await anew(0)
    }
  })

  it.each(['throw', 'exit'])('that fails (%s) is a 500', async (deed) => {
    const answer = await fixture.fetchApi(`/do/${deed}`)
    expect([answer.status, await answer.json()]).toEqual([500, { message: 'Internal Server Error' }])
  })

  it('works in several processes at once, up to the cap', async () => {
    const beganMs = Date.now()
    await Promise.all(Array.from({ length: 4 }, () => fixture.fetchApi('/do/sleep?ms=900')))
    expect(Date.now() - beganMs).toBeLessThan(3_000)
  })

  it('answers with status, headers, cookies and bytes', async () => {
    const answer = await fixture.fetchApi('/do/binary')
    expect(answer.status).toBe(201)
    expect(answer.headers.get('x-thing')).toBe('a')
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from([0, 255]))
  })
})

describe('API Gateway itself', () => {
  it('answers 404 where no route leads', async () => {
    const answer = await fixture.fetchApi('/nowhere')
    expect([answer.status, await answer.json()]).toEqual([404, { message: 'Not Found' }])
  })

  it('answers 413 above 10 MB', async () => {
    const answer = await fixture.fetchApi('/do/echo', { method: 'POST', body: Buffer.alloc(10 * 1_048_576 + 1) })
    expect([answer.status, await answer.json()]).toEqual([413, { message: 'Request Entity Too Large' }])
  })

  it('throttles a route by its own limit', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 5 }, async () => (await fixture.fetchApi('/limited')).status),
    )
    expect(statuses.filter((status) => status === 429)).toHaveLength(3)
  })

  it('writes an access log in the stage’s format', async () => {
    await fixture.fetchApi('/nowhere')
    await eventually('the line', async () =>
      readFileSync(`${fixture.local.ready.logs}/access.log`, 'utf8').includes('{"status":"404","route":"-"}')
        ? true
        : undefined,
    )
  })
})
