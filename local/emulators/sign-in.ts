// Where people sign in: an OpenID provider that stands for a Cognito user pool. Authorization code with PKCE, refresh
// tokens, and access tokens whose claims are shaped as Cognito's.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import Provider, { type Configuration } from 'oidc-provider'
import { readBody } from '../gate/forward.ts'
import { makeSignInMemory } from './sign-in-memory.ts'
import type { Users } from './users.ts'

export type SignInProps = {
  readonly issuer: string
  readonly clientId: string
  readonly redirectUrls: readonly string[]
  readonly logoutUrls: readonly string[]
  readonly users: Users
}

const ACCESS_TOKEN_SECONDS = 1_800
const REFRESH_TOKEN_SECONDS = 14 * 86_400

/** Makes the listener of the provider; its keys live as long as it does. */
export const makeSignIn = (props: SignInProps): RequestListener => {
  const { issuer, users } = props
  const provider = new Provider(issuer, configuration(props))
  const serve = provider.callback()
  const interact = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { uid } = await provider.interactionDetails(request, response)
    if (request.method !== 'POST') return page(response, 200, form(uid, ''))
    const given = new URLSearchParams((await readBody(request)).toString('utf8'))
    const user = users.signIn(given.get('email') ?? '', given.get('password') ?? '')
    if (user === undefined) return page(response, 401, form(uid, 'The e-mail address or the password is wrong.'))
    await provider.interactionFinished(request, response, { login: { accountId: user.sub } })
  }
  return (request, response) => {
    if (!/^\/sign-in\/[\w-]+$/.test(request.url ?? '')) return void serve(request, response)
    interact(request, response).catch(() => page(response, 400, '<p>This sign-in has ended. Start again.</p>'))
  }
}

const configuration = ({ issuer, clientId, redirectUrls, logoutUrls, users }: SignInProps): Configuration => ({
  adapter: makeSignInMemory(),
  clients: [
    {
      client_id: clientId,
      redirect_uris: [...redirectUrls],
      post_logout_redirect_uris: [...logoutUrls],
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
    },
  ],
  routes: {
    authorization: '/oauth2/authorize',
    token: '/oauth2/token',
    userinfo: '/oauth2/userInfo',
    revocation: '/oauth2/revoke',
    end_session: '/logout',
    jwks: '/.well-known/jwks.json',
  },
  jwks: { keys: [signingKey()] },
  cookies: { keys: [randomBytes(24).toString('hex')] },
  pkce: { required: () => true },
  clientBasedCORS: () => true,
  issueRefreshToken: async () => true,
  ttl: {
    Interaction: 3_600,
    AccessToken: ACCESS_TOKEN_SECONDS,
    IdToken: ACCESS_TOKEN_SECONDS,
    RefreshToken: REFRESH_TOKEN_SECONDS,
    Session: REFRESH_TOKEN_SECONDS,
    Grant: REFRESH_TOKEN_SECONDS,
  },
  scopes: ['openid', 'email'],
  claims: { openid: ['sub', 'cognito:groups'], email: ['email'] },
  interactions: { url: (_context, { uid }) => `/sign-in/${uid}` },
  features: {
    devInteractions: { enabled: false },
    revocation: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    // Only a token for a resource is a JSON Web Token here; Cognito's always are.
    resourceIndicators: {
      enabled: true,
      defaultResource: () => issuer,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'openid email',
        accessTokenFormat: 'jwt',
        accessTokenTTL: ACCESS_TOKEN_SECONDS,
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
  extraTokenClaims: (_context, token) => ({
    token_use: 'access',
    'cognito:groups': 'accountId' in token ? [...(users.find(String(token.accountId))?.groups ?? [])] : [],
  }),
  findAccount: (_context, sub) => {
    const user = users.find(sub)
    if (user === undefined) return undefined
    const claims = { sub, email: user.email, 'cognito:groups': [...user.groups] }
    return { accountId: sub, claims: () => claims }
  },
  // Nobody is asked whether the console may know who they are.
  loadExistingGrant: async (context) => {
    const { client, session, provider } = context.oidc
    if (client === undefined || session?.accountId === undefined) return undefined
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
    grant.addOIDCScope('openid email')
    grant.addOIDCClaims(['sub', 'email', 'cognito:groups'])
    grant.addResourceScope(issuer, 'openid email')
    await grant.save()
    return grant
  },
})

const signingKey = () => ({
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
  kty: 'RSA' as const,
  use: 'sig',
  alg: 'RS256',
  kid: randomBytes(8).toString('hex'),
})

const form = (uid: string, problem: string): string => `<form method="post" action="/sign-in/${uid}">
<h1>Sign in</h1><p role="alert">${problem}</p>
<p><label>E-mail <input name="email" type="email" autocomplete="username" required autofocus></label></p>
<p><label>Password <input name="password" type="password" autocomplete="current-password" required></label></p>
<p><button>Sign in</button></p></form>`

const page = (response: ServerResponse, status: number, body: string): void => {
  const text = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign in</title><body>${body}</body></html>`
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
  response.end(text)
}
