// Tokens of people: JSON Web Tokens of one issuer for one client. Signature, issuer, expiry and use are checked here, by
// `jose`; what a token's groups allow is for others to say. The library is loaded with the first token.
import type { JWTVerifyGetKey } from 'jose'
import { tokenKeysTimeoutMs } from '../../contract/limits.ts'
import { accessClaimsSchema } from '../../contract/member.ts'

export interface TokenCheckDeps {
  readonly issuer: string
  readonly clientId: string
  readonly now: () => number
}

export interface TokenFacts {
  readonly subject: string
  readonly groups: readonly string[]
}

/** What a good access token says; undefined for any other. @throws when the issuer's keys cannot be fetched */
export type CheckToken = (token: string) => Promise<TokenFacts | undefined>

/** jose's names for what says nothing about the token: the issuer did not answer, or not as it should. */
const passingFaults = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'])

/** The issuer's keys are kept for ten minutes and fetched anew, at most every 30 s, for a key id that is not among them. */
export function makeTokenCheck({ issuer, clientId, now }: TokenCheckDeps): CheckToken {
  let keys: JWTVerifyGetKey | undefined
  return async (token) => {
    const { createRemoteJWKSet, errors, jwtVerify } = await import('jose')
    const url = new URL(`${issuer}/.well-known/jwks.json`)
    keys ??= createRemoteJWKSet(url, { timeoutDuration: tokenKeysTimeoutMs })
    const checks = { issuer, algorithms: ['RS256'], requiredClaims: ['exp'], currentDate: new Date(now()) }
    const payload = await jwtVerify(token, keys, checks).then(
      (verified) => verified.payload,
      (error: unknown) => {
        if (error instanceof errors.JOSEError && !passingFaults.has(error.code)) return undefined
        throw error
      },
    )
    const claims = accessClaimsSchema.safeParse(payload)
    if (!claims.success || claims.data.client_id !== clientId) return undefined
    return { subject: claims.data.sub, groups: claims.data['cognito:groups'] ?? [] }
  }
}
