// Posts to an address that somebody else chose. The name is resolved here, every address that it leads to must be public, and
// the connection goes to one that was looked at: a name cannot lead elsewhere in between. No redirect is followed, little
// is read of the answer, and none of it is kept.
import { lookup } from 'node:dns/promises'
import { request } from 'node:https'
import { isIP, isIPv4 } from 'node:net'
import { isPublicAddress } from '../domain/alerts/public-address.ts'

/** Time for everything: the name, the connection, the answer's first bytes. */
const attemptMs = 5_000
/** Of an answer only the status counts; more than this ends the connection. */
const maxAnswerBytes = 16_384

export interface TestHosts {
  /** Names of test servers, each with the address that it stands for; empty unless a stage is told otherwise. */
  readonly addresses: ReadonlyMap<string, string>
  /** Who vouches for their certificates, besides the authorities that Node knows. */
  readonly ca?: string | undefined
}

/** The HTTP status, or why there was none. */
export type Posted = { readonly status: number } | { readonly problem: string }

export type GuardedPost = (url: URL, headers: Readonly<Record<string, string>>, body: string) => Promise<Posted>

export type Resolve = (host: string) => Promise<readonly string[]>

export const resolveByDns: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address)

export function makeGuardedPost(resolve: Resolve, testHosts: TestHosts, withinMs = attemptMs): GuardedPost {
  return async (url, headers, body) => {
    if (url.protocol !== 'https:') return { problem: 'refused: not https' }
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
    const test = testHosts.addresses.get(host)
    const signal = AbortSignal.timeout(withinMs)
    try {
      const found = test === undefined ? await within(signal, isIP(host) === 0 ? resolve(host) : [host]) : [test]
      // Functions outside a VPC have IPv4 only.
      const address = found.find(isIPv4) ?? found[0]
      if (address === undefined) return { problem: 'the name leads nowhere' }
      if (test === undefined && !found.every(isPublicAddress)) return { problem: 'refused: not a public address' }
      return await post(url, address, headers, body, signal, test === undefined ? undefined : testHosts.ca)
    } catch (error) {
      return { problem: describe(error, signal, withinMs) }
    }
  }
}

function post(
  url: URL,
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
  ca: string | undefined,
): Promise<Posted> {
  const { promise, resolve, reject } = Promise.withResolvers<Posted>()
  const family = isIP(address)
  let status: number | undefined
  /** Once there is a status it is what counts, however the connection ends. */
  const end = (error: Error) => (status === undefined ? reject(error) : resolve({ status }))
  const sent = request(
    url,
    {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      // A connection of its own to the address that was looked at; the certificate must still be of the name.
      agent: false,
      lookup: (_host, { all }, done) => (all ? done(null, [{ address, family }]) : done(null, address, family)),
      signal,
      ...(ca !== undefined && { ca }),
    },
    (answer) => {
      let bytes = 0
      status = answer.statusCode ?? 0
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength
        if (bytes > maxAnswerBytes) answer.destroy()
      })
      answer.on('error', () => undefined)
      answer.on('close', () => end(new Error('closed')))
    },
  )
  sent.on('error', end)
  // Without this a connection that is taken over by another protocol would end without a word.
  sent.on('upgrade', (answer, socket) => {
    status = answer.statusCode ?? 0
    socket.destroy()
  })
  sent.on('close', () => end(new Error('closed')))
  sent.end(body)
  return promise
}

/** Resolving cannot be ended, but need not be waited for. */
async function within<T>(signal: AbortSignal, work: Promise<T> | T): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(signal.reason))
  return Promise.race([work, promise])
}

/** The kind of fault, without what the other side may have put into its words. */
function describe(error: unknown, signal: AbortSignal, withinMs: number): string {
  if (signal.aborted) return `no answer within ${withinMs / 1_000} s`
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /^[A-Z0-9_]{1,60}$/.test(code) ? `no connection: ${code}` : 'no connection'
}
