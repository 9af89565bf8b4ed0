// Somebody who signs tokens as the stage's user pool does: keys over HTTP, and tokens with whatever claims a test wants.
import { createServer } from 'node:http'
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose'

export interface TokenIssuer {
  readonly issuer: string
  readonly clientId: string
  /** A good access token of a member of these groups, changed as asked. */
  readonly token: (groups: readonly string[], changes?: TokenChanges) => Promise<string>
  /** How often the keys were fetched. */
  readonly fetches: () => number
  readonly close: () => Promise<void>
}

export interface TokenChanges {
  readonly claims?: Record<string, unknown>
  readonly issuedAtMs?: number
  readonly lifeSeconds?: number
  /** Signed with a key that the issuer does not publish, under the name of one that it does. */
  readonly forged?: true
}

const clientId = 'console'
const kid = 'key-1'

export async function startTokenIssuer(nowMs: () => number = Date.now): Promise<TokenIssuer> {
  const [real, other] = await Promise.all([generateKeyPair('RS256', { extractable: true }), generateKeyPair('RS256')])
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(real.publicKey)), kid, alg: 'RS256', use: 'sig' }] })
  let fetches = 0
  const server = createServer((request, response) => {
    fetches += 1
    response.writeHead(request.url === '/.well-known/jwks.json' ? 200 : 404, { 'content-type': 'application/json' })
    response.end(keys)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const sign = (claims: Record<string, unknown>, key: CryptoKey) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(key)
  return {
    issuer,
    clientId,
    token: (groups, { claims, issuedAtMs = nowMs(), lifeSeconds = 1_800, forged } = {}) => {
      const iat = Math.floor(issuedAtMs / 1_000)
      const standard = {
        iss: issuer,
        sub: 'ann',
        client_id: clientId,
        token_use: 'access',
        iat,
        exp: iat + lifeSeconds,
      }
      return sign({ ...standard, 'cognito:groups': groups, ...claims }, (forged ? other : real).privateKey)
    },
    fetches: () => fetches,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
