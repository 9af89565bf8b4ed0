import { once } from 'node:events'
import { createServer } from 'node:http'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { orgSlugSchema } from '../../contract/ids.ts'
import { secretCacheMs, secretRefetchMs } from '../../contract/limits.ts'
import { makeOrgSecrets, type OrgSecrets } from '../../lambdas/clients/org-secrets.ts'

const org = orgSlugSchema.parse('acme')
/** What the stub answers: a secret's text, or an error's name. */
let answer: { readonly text: string } | { readonly error: string; readonly status?: number }
let asked: string[] = []
let nowMs = 0
let secrets: OrgSecrets

const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    asked.push(JSON.parse(body).SecretId)
    response.setHeader('content-type', 'application/x-amz-json-1.1')
    if ('text' in answer) return response.end(JSON.stringify({ SecretString: answer.text }))
    response.statusCode = answer.status ?? 400
    return response.end(JSON.stringify({ __type: answer.error, message: 'no' }))
  })
})

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
})

afterAll(() => server.close())

beforeEach(() => {
  asked = []
  nowMs = 1_000_000
  answer = { text: '{"signingKey":"one"}' }
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new SecretsManagerClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'local',
    credentials,
    maxAttempts: 1,
  })
  secrets = makeOrgSecrets(client, 'stage/orgs/', () => nowMs)
})

const set = (signingKey: string) => {
  answer = { text: JSON.stringify({ signingKey }) }
}

describe('keeps a secret', () => {
  test('for five minutes and not a millisecond longer', async () => {
    expect(await secrets.get(org)).toEqual({ signingKey: 'one' })
    set('two')
    nowMs += secretCacheMs - 1
    expect(await secrets.get(org)).toEqual({ signingKey: 'one' })
    nowMs += 1
    expect(await secrets.get(org)).toEqual({ signingKey: 'two' })
    expect(asked).toEqual(['stage/orgs/acme', 'stage/orgs/acme'])
  })

  test('for each org its own', async () => {
    await secrets.get(org)
    await secrets.get(orgSlugSchema.parse('other'))
    expect(asked).toEqual(['stage/orgs/acme', 'stage/orgs/other'])
  })

  test('fetched once for many who ask at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => secrets.get(org)))
    expect(asked).toHaveLength(1)
  })
})

describe('fails, and asks again next time, when the secret', () => {
  test.each([
    ['is missing', { error: 'ResourceNotFoundException' }],
    ['may not be read', { error: 'AccessDeniedException' }],
    ['is throttled', { error: 'ThrottlingException' }],
    ['store is down', { error: 'InternalServiceError', status: 500 }],
    ['is no JSON', { text: 'signingKey=sesame' }],
    ['is a list', { text: '[]' }],
    ['has an empty key', { text: '{"signingKey":""}' }],
    ['has a key that is a number', { text: '{"signingKey":5}' }],
    ['is empty', { text: '' }],
  ])('%s', async (_name, failing) => {
    answer = failing
    const error = await secrets.get(org).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(String(error)).not.toContain('sesame')
    set('one')
    expect(await secrets.get(org)).toEqual({ signingKey: 'one' })
  })
})

describe('a signature that does not fit', () => {
  /** A request that comes a second later than whatever happened before. */
  const comes = () => {
    nowMs += 1_000
    return nowMs
  }

  test('causes one fresh read, and no other for ten seconds: meanwhile nothing is decided', async () => {
    const seen = await secrets.get(org)
    const first = comes()
    set('two')
    expect(await secrets.refresh(org, seen, first)).toEqual({ signingKey: 'two' })
    nowMs = first + secretRefetchMs - 1
    await expect(secrets.refresh(org, await secrets.get(org), nowMs)).rejects.toThrow('not be read again so soon')
    expect(asked).toHaveLength(2)
    nowMs += 1
    set('three')
    expect(await secrets.refresh(org, await secrets.get(org), nowMs)).toEqual({ signingKey: 'three' })
    expect(asked).toHaveLength(3)
  })

  test('is wrong when the keys were read after it came, which costs no other read', async () => {
    const cameAtMs = nowMs
    expect(await secrets.refresh(org, await secrets.get(org), cameAtMs)).toBeUndefined()
    const later = comes()
    const newer = await secrets.refresh(org, await secrets.get(org), later)
    expect(newer).toEqual({ signingKey: 'one' })
    expect(newer && (await secrets.refresh(org, newer, later))).toBeUndefined()
    expect(asked).toHaveLength(2)
  })

  test('is not called wrong by a read that began before it came', async () => {
    const reading = secrets.get(org)
    const cameAtMs = comes()
    set('two')
    const seen = await reading
    expect(await secrets.refresh(org, seen, cameAtMs)).toEqual({ signingKey: 'two' })
  })

  test('causes one read for many at once, and all of them get the newer key', async () => {
    const seen = await secrets.get(org)
    const cameAtMs = comes()
    set('two')
    const newer = await Promise.all(Array.from({ length: 20 }, () => secrets.refresh(org, seen, cameAtMs)))
    expect(newer).toEqual(Array(20).fill({ signingKey: 'two' }))
    expect(await secrets.refresh(org, seen, cameAtMs)).toEqual({ signingKey: 'two' })
    expect(asked).toHaveLength(2)
  })

  test('is left undecided for ten seconds when the fresh read fails, without asking again, and the kept key still serves', async () => {
    const seen = await secrets.get(org)
    const cameAtMs = comes()
    answer = { error: 'AccessDeniedException' }
    await expect(secrets.refresh(org, seen, cameAtMs)).rejects.toThrow()
    await expect(secrets.refresh(org, seen, cameAtMs)).rejects.toThrow('not be read again so soon')
    expect(asked).toHaveLength(2)
    expect(await secrets.get(org)).toBe(seen)
    nowMs += secretRefetchMs
    set('two')
    expect(await secrets.refresh(org, seen, nowMs)).toEqual({ signingKey: 'two' })
  })

  test('reads at most once in ten seconds however many there are', async () => {
    await secrets.get(org)
    for (let at = 0; at < 60; at++) {
      const cameAtMs = comes()
      await secrets.refresh(org, await secrets.get(org), cameAtMs).catch(() => undefined)
    }
    expect(asked).toHaveLength(7)
  })
})
