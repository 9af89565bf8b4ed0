// What somebody else names is called only on the public internet: whatever form an address has, wherever a name leads, and
// whatever the other side answers.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeGuardedPost } from '../../lambdas/clients/guarded-post.ts'
import { isPublicAddress, readDestination } from '../../lambdas/domain/alerts/public-address.ts'
import { readTestHosts } from '../../lambdas/domain/alerts/test-hosts.ts'
import { type HookServer, hookCertificate, startHookServer } from '../support/hook-server.ts'

let hooks: HookServer
let calls: string[]
beforeAll(async () => {
  hooks = await startHookServer()
})
beforeEach(() => {
  calls = []
  hooks.received.length = 0
  hooks.answer = (response) => void response.writeHead(204).end()
})
afterAll(() => hooks.close())

const noTests = { addresses: new Map<string, string>() }
const tests = { addresses: readTestHosts('hooks.test=127.0.0.1'), ca: hookCertificate }
const resolveTo =
  (...addresses: string[]) =>
  async (host: string) => {
    calls.push(host)
    return addresses
  }
const readPublic = (text: string) => readDestination(text, () => false)

describe('a destination', () => {
  it.each([
    'https://127.0.0.1/hook',
    'https://2130706433/hook',
    'https://0177.0.0.1/hook',
    'https://0x7f.1/hook',
    'https://127.1/hook',
    'https://0/hook',
    'https://[::1]/hook',
    'https://[::127.0.0.1]/hook',
    'https://[::a9fe:a9fe]/hook',
    'https://[4000::1]/hook',
    'https://[::ffff:127.0.0.1]/hook',
    'https://[::ffff:7f00:1]/hook',
    'https://[64:ff9b::7f00:1]/hook',
    'https://[64:ff9b::169.254.169.254]/hook',
    'https://[2002:7f00:1::]/hook',
    'https://[fe80::1]/hook',
    'https://[fd00::1]/hook',
    'https://[ff02::1]/hook',
    'https://169.254.169.254/latest/meta-data',
    'https://10.1.2.3/',
    'https://172.16.0.1/',
    'https://192.168.0.1/',
    'https://100.64.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://localhost/',
    'https://api.localhost/',
    'https://printer.local/',
    'https://metadata.google.internal/',
    'https://intranet/',
    'http://example.com/',
    'ftp://example.com/',
    'https://user:secret@example.com/',
    'https://example.com:8443/',
    'https://hooks.test:8443/',
    'no address',
  ])('%s is refused', (text) => expect(readPublic(text)).toMatchObject({ ok: false }))

  it.each([
    'https://example.com/hook?a=b',
    'https://93.184.216.34/',
    'https://[2606:2800:220:1::1]/',
    'https://8.8.8.8/',
  ])('%s is taken', (text) => expect(readPublic(text)).toMatchObject({ ok: true }))

  it('that is a test server is taken where the stage names it', () =>
    expect(readDestination('https://hooks.test:8443/', (host) => host === 'hooks.test')).toMatchObject({ ok: true }))
})

describe('a call', () => {
  it.each([
    ['127.0.0.1'],
    ['93.184.216.34', '10.0.0.1'],
    ['::1'],
    ['::7f00:1'],
    ['4000::1'],
    ['::ffff:10.0.0.1'],
    ['64:ff9b::a00:1'],
    ['169.254.169.254'],
    ['fd12::1'],
    ['100.100.0.1'],
  ])('of a name that leads to %s is not made', async (...addresses) => {
    const post = makeGuardedPost(resolveTo(...addresses), noTests)
    const url = new URL(`https://rebound.example:${hooks.port}/`)
    expect(await post(url, {}, '{}')).toEqual({ problem: 'refused: not a public address' })
    expect(hooks.received).toEqual([])
  })

  it('of an address that is not public is not made, and asks no name server', async () => {
    const post = makeGuardedPost(resolveTo('93.184.216.34'), noTests)
    const url = new URL(`https://127.0.0.1:${hooks.port}/`)
    expect(await post(url, {}, '{}')).toEqual({ problem: 'refused: not a public address' })
    expect(calls).toEqual([])
  })

  it('without TLS is not made', async () =>
    expect(await makeGuardedPost(resolveTo('93.184.216.34'), noTests)(new URL('http://example.com'), {}, '')).toEqual({
      problem: 'refused: not https',
    }))

  it('goes to the address that was looked at, with a certificate of the name', async () => {
    const post = makeGuardedPost(resolveTo('93.184.216.34'), tests)
    const url = new URL(`https://hooks.test:${hooks.port}/hook?x=1`)
    expect(await post(url, { 'x-own': 'yes' }, '{"a":1}')).toEqual({ status: 204 })
    expect(hooks.received).toMatchObject([
      { path: '/hook?x=1', body: '{"a":1}', headers: { host: `hooks.test:${hooks.port}`, 'x-own': 'yes' } },
    ])
    const other = makeGuardedPost(resolveTo(), { ...tests, addresses: readTestHosts('other.test=127.0.0.1') })
    expect(await other(new URL(`https://other.test:${hooks.port}/`), {}, '')).toEqual({
      problem: 'no connection: ERR_TLS_CERT_ALTNAME_INVALID',
    })
  })

  it('follows no redirect', async () => {
    hooks.answer = (response) =>
      void response.writeHead(302, { location: `https://hooks.test:${hooks.port}/secret` }).end()
    const post = makeGuardedPost(resolveTo(), tests)
    expect(await post(new URL(`https://hooks.test:${hooks.port}/`), {}, '')).toEqual({ status: 302 })
    expect(hooks.received.map(({ path }) => path)).toEqual(['/'])
  })

  it('reads little of an answer that does not end, and waits for none that does not come', async () => {
    const post = makeGuardedPost(resolveTo(), tests, 700)
    const url = new URL(`https://hooks.test:${hooks.port}/`)
    hooks.answer = (response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write('x'.repeat(10_000)), 5)
      response.on('close', () => clearInterval(timer))
    }
    expect(await post(url, {}, '')).toEqual({ status: 200 })
    hooks.answer = () => undefined
    expect(await post(url, {}, '')).toEqual({ problem: 'no answer within 0.7 s' })
    const never = makeGuardedPost(() => new Promise(() => undefined), noTests, 300)
    expect(await never(new URL('https://example.com'), {}, '')).toEqual({ problem: 'no answer within 0.3 s' })
  })
})

describe('an answer', () => {
  const within = async (answer: HookServer['answer']) => {
    hooks.answer = answer
    return makeGuardedPost(resolveTo(), tests, 700)(new URL(`https://hooks.test:${hooks.port}/`), {}, '')
  }

  it('that takes the connection for another protocol is no success, and is not waited for', async () =>
    expect(
      await within(({ socket }) => {
        socket?.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n')
      }),
    ).toEqual({ status: 101 }))

  it('that has begun counts by its status, although the rest comes slowly or never', async () => {
    expect(await within((response) => void response.writeHead(200).write('x'))).toEqual({ status: 200 })
    const breaksOff: HookServer['answer'] = (response) => {
      response.writeHead(202, { 'content-length': 100 }).write('x')
      setTimeout(() => response.destroy(), 50)
    }
    expect(await within(breaksOff)).toEqual({ status: 202 })
  })

  it('that never begins, whatever is hinted before it, is none', async () =>
    expect(
      await within(({ socket }) => {
        const timer = setInterval(() => socket?.write('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'), 20)
        socket?.on('close', () => clearInterval(timer))
      }),
    ).toEqual({ problem: 'no answer within 0.7 s' }))

  it.each([
    [
      'has headers without end',
      `HTTP/1.1 200 OK\r\n${`x-a: ${'y'.repeat(1_000)}\r\n`.repeat(100)}`,
      'HPE_HEADER_OVERFLOW',
    ],
    ['is no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', 'HPE_INVALID_CONSTANT'],
  ])('that %s is none', async (_, text, code) =>
    expect(await within(({ socket }) => void socket?.write(text))).toEqual({ problem: `no connection: ${code}` }),
  )
})

it.each(['8.8.8.8', '2606:4700::1'])('%s is public', (address) => expect(isPublicAddress(address)).toBe(true))
