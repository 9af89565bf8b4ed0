// Who is signed in: the authorization code flow with PKCE against the stage's OpenID provider. Tokens live in this tab's
// session storage, so that a reload keeps the place, and are renewed by the refresh token before they end.
import { UserManager } from 'oidc-client-ts'
import * as z from 'zod/mini'
import { signedInPath } from '../../contract/member.ts'
import type { Config } from '../config.ts'
import { type Claims, readClaims } from './memberships.ts'

export interface SignedIn extends Claims {
  readonly email: string
}

export interface Session {
  /** Undefined: nobody is signed in. */
  readonly current: () => Promise<SignedIn | undefined>
  /** Goes to the provider and comes back to where the person was. */
  readonly signIn: () => Promise<void>
  /** Takes the provider's answer; resolves with the path that the person came from. */
  readonly finishSignIn: () => Promise<string>
  readonly signOut: () => Promise<void>
  /** A token for the API; `renew` asks for a new one first. Undefined: the person must sign in again. */
  readonly token: (renew?: 'renew') => Promise<string | undefined>
}

const stateSchema = z.object({ returnTo: z.string() })
/** A path of this console and of no other site. */
const ownPath = /^\/(?![/\\])/

export function makeSession({ issuer, clientId }: Config): Session {
  const home = `${location.origin}/`
  const manager = new UserManager({
    authority: issuer,
    client_id: clientId,
    redirect_uri: `${location.origin}${signedInPath}`,
    post_logout_redirect_uri: home,
    scope: 'openid email',
    automaticSilentRenew: true,
  })
  const renew = async () => manager.signinSilent().catch(() => null)
  const user = async () => {
    const kept = await manager.getUser()
    return kept?.expired === true ? renew() : kept
  }
  return {
    async current() {
      const found = await user()
      if (found === null) return undefined
      return { ...readClaims(found.access_token), email: found.profile.email ?? '' }
    },
    signIn: () =>
      manager.signinRedirect({ state: { returnTo: `${location.pathname}${location.search}${location.hash}` } }),
    async finishSignIn() {
      const state = stateSchema.safeParse((await manager.signinRedirectCallback()).state)
      return state.success && ownPath.test(state.data.returnTo) ? state.data.returnTo : '/'
    },
    async signOut() {
      // Access tokens end by themselves; a provider that cannot be reached must not keep anybody signed in here.
      await manager.revokeTokens(['refresh_token']).catch(() => undefined)
      // Cognito wants `logout_uri` where the standard says `post_logout_redirect_uri`; each ignores the other's.
      await manager.signoutRedirect({ extraQueryParams: { client_id: clientId, logout_uri: home } })
    },
    async token(how) {
      const found = how === 'renew' ? await renew() : await user()
      return found?.access_token
    },
  }
}
