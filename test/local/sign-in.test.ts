// What stands for the user pool: people sign in with code and PKCE, and their tokens satisfy the service's own check.
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeTokenCheck } from '../../lambdas/runtime/token-check.ts'
import { makeSignIn } from '../../local/emulators/sign-in.ts'
import { openUsers, type Users } from '../../local/emulators/users.ts'
import { listen } from '../../local/gate/gate.ts'

const clientId = 'client-1'
const redirectUrl = 'http://127.0.0.1:1/console'
let server: Server
let issuer = ''
let users: Users

/** Calls one of Cognito's administrative operations; answers its status. */
async function administer(operation: string, body: Record<string, string>): Promise<number> {
  let status = 0
  const response = { writeHead: (code: number) => (status = code), end: () => undefined }
  await users.serve(operation, { UserPoolId: 'pool', ...body }, response as never)
  return status
}

beforeAll(async () => {
  users = openUsers(undefined, 'pool', ['operators'])
  let listener = (_request: never, response: { end: () => void }) => response.end()
  server = createServer((request, response) => listener(request as never, response))
  issuer = `http://127.0.0.1:${await listen(server, 0)}`
  listener = makeSignIn({ issuer, clientId, redirectUrls: [redirectUrl], logoutUrls: [redirectUrl], users }) as never
  await administer('CreateGroup', { GroupName: 'org:acme:admin' })
  await administer('AdminCreateUser', { Username: 'Admin@Acme.test' })
  await administer('AdminSetUserPassword', { Username: 'admin@acme.test', Password: 'right' })
  await administer('AdminAddUserToGroup', { Username: 'admin@acme.test', GroupName: 'org:acme:admin' })
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** Follows redirects within the provider with its cookies until it sends the browser away or shows a page. */
async function browse(url: string, cookies: Map<string, string>, init: RequestInit = {}): Promise<Response> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } })
  for (const line of response.headers.getSetCookie()) {
    const [name = '', value = ''] = line.split(';')[0]?.split('=') ?? []
    cookies.set(name, value)
  }
  const next = response.headers.get('location')
  if (next === null || next.startsWith(redirectUrl)) return response
  return browse(new URL(next, issuer).href, cookies)
}

async function signIn(password: string) {
  const verifier = randomBytes(32).toString('base64url')
  const asked = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUrl,
    response_type: 'code',
    scope: 'openid email',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  const cookies = new Map<string, string>()
  const page = await browse(`${issuer}/oauth2/authorize?${asked}`, cookies)
  const action = /action="([^"]+)"/.exec(await page.text())?.[1] ?? ''
  const body = new URLSearchParams({ email: 'admin@acme.test', password })
  const done = await browse(`${issuer}${action}`, cookies, { method: 'POST', body })
  const code = new URL(done.headers.get('location') ?? redirectUrl).searchParams.get('code')
  return { done, code, verifier }
}

async function redeem(fields: Record<string, string>): Promise<{ status: number; body: Record<string, string> }> {
  const body = new URLSearchParams({ client_id: clientId, ...fields })
  const response = await fetch(`${issuer}/oauth2/token`, { method: 'POST', body })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

it('gives somebody who signs in a token that the service accepts, and another for the refresh token', async () => {
  const { code, verifier } = await signIn('right')
  const fields = {
    grant_type: 'authorization_code',
    code: code ?? '',
    code_verifier: verifier,
    redirect_uri: redirectUrl,
  }
  const first = await redeem(fields)
  const refresh_token = first.body.refresh_token ?? ''
  const second = await redeem({ grant_type: 'refresh_token', refresh_token })
  const check = makeTokenCheck({ issuer, clientId, now: Date.now })
  for (const { status, body } of [first, second]) {
    expect(status).toBe(200)
    const facts = await check(body.access_token ?? '')
    expect(facts?.groups).toEqual(['org:acme:admin'])
    expect(await check(body.id_token ?? '')).toBeUndefined()
  }
})

it('gives no token without the verifier of the challenge', async () => {
  const { code } = await signIn('right')
  const fields = { grant_type: 'authorization_code', code: code ?? '', redirect_uri: redirectUrl }
  expect((await redeem({ ...fields, code_verifier: 'x'.repeat(43) })).status).toBe(400)
})

it('shows the form again for a wrong password', async () => {
  const { done, code } = await signIn('wrong')
  expect([done.status, code]).toEqual([401, null])
})

it('says what exists already and what does not', async () => {
  expect(await administer('AdminCreateUser', { Username: 'admin@acme.test' })).toBe(400)
  expect(await administer('CreateGroup', { GroupName: 'operators' })).toBe(400)
  expect(await administer('AdminAddUserToGroup', { Username: 'admin@acme.test', GroupName: 'nobody' })).toBe(400)
  expect(await administer('AdminCreateUser', { UserPoolId: 'another', Username: 'x@y.test' })).toBe(400)
})
