// A server that receives alerts: over TLS, with a certificate for `hooks.test` that is good for tests and nothing else.

import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'

export interface Hook {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface HookServer {
  readonly port: number
  readonly received: Hook[]
  /** How requests are answered from now on. */
  answer: (response: ServerResponse) => void
  readonly close: () => void
}

export async function startHookServer(): Promise<HookServer> {
  const received: Hook[] = []
  const server = createServer({ key: hookKey, cert: hookCertificate }, async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') })
    hooks.answer(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  const hooks: HookServer = { port, received, close, answer: (response) => void response.writeHead(204).end() }
  return hooks
}

/** Parameters of a stack that may post to such a server. */
export const hookParameters = () => ({ AlertTestHosts: 'hooks.test=127.0.0.1', AlertTestCa: hookCertificate })

export const hookCertificate = `-----BEGIN CERTIFICATE-----
MIIBlzCCAT6gAwIBAgIUK9jnFdTMAaCPG7KKPtl7vudRbyUwCgYIKoZIzj0EAwIw
FTETMBEGA1UEAwwKaG9va3MudGVzdDAgFw0yNjExMjUwNDA5NDBaGA8yMTI2MTEw
MTA0MDk0MFowFTETMBEGA1UEAwwKaG9va3MudGVzdDBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABJMemV5HlE4M0msWpoblKg7x1kkSb2dFZghh5+EtsHgtMFt+z53t
sF3kXQudB5lzYlsEZ8ukfleyIfZvyHyL4gGjajBoMB0GA1UdDgQWBBTblS6TLcGD
s1JGjxHUqOgrAIeHlTAfBgNVHSMEGDAWgBTblS6TLcGDs1JGjxHUqOgrAIeHlTAP
BgNVHRMBAf8EBTADAQH/MBUGA1UdEQQOMAyCCmhvb2tzLnRlc3QwCgYIKoZIzj0E
AwIDRwAwRAIgP1z9YKU8OMRZMLvCSOzNIjI7kNpjghy7qRcpSf2arcoCID/ov3qA
hgeh/4ng0HwzKu4Y+EPzNtZYildL9baFb8gD
-----END CERTIFICATE-----
`

const hookKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg2jK5yxgBXttbkwa6
Z3O2FsY3O/7enPWvhWzpwoApDtWhRANCAASTHpleR5RODNJrFqaG5SoO8dZJEm9n
RWYIYefhLbB4LTBbfs+d7bBd5F0LnQeZc2JbBGfLpH5XsiH2b8h8i+IB
-----END PRIVATE KEY-----
`
