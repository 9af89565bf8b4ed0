// Hands a request on to an emulator and its answer back, over kept-alive connections and without holding bodies.
import {
  Agent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { Readable } from 'node:stream'

export type Upstream = { readonly host: string; readonly port: number }
export type Passage = {
  readonly upstream: Upstream
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer | Readable | undefined
}
export type Forwarder = {
  /** Sends a request upstream; resolves with the answer, its body unread. */
  readonly send: (passage: Passage, caller?: ServerResponse) => Promise<IncomingMessage>
  readonly close: () => void
}

/** Headers of one connection only; the next hop makes its own. */
const HOP_HEADERS = ['connection', 'keep-alive', 'transfer-encoding', 'expect', 'proxy-connection']

export const makeForwarder = (): Forwarder => {
  const agent = new Agent({ keepAlive: true, maxSockets: 256, keepAliveMsecs: 5_000 })
  const attempt = (
    { upstream, method, path, headers, body }: Passage,
    caller: ServerResponse | undefined,
    again: boolean,
  ): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const outgoing = { ...headers }
      for (const name of HOP_HEADERS) delete outgoing[name]
      if (body instanceof Buffer) outgoing['content-length'] = String(body.length)
      const upstreamRequest = httpRequest(
        { agent, host: upstream.host, port: upstream.port, method, path, headers: outgoing },
        resolve,
      )
      upstreamRequest.setNoDelay(true)
      upstreamRequest.on('error', (error) => {
        // A kept-alive connection that the emulator closed meanwhile: nothing was done, so it may be sent once more.
        const stale = upstreamRequest.reusedSocket && 'code' in error && error.code === 'ECONNRESET'
        if (stale && again && !(body instanceof Readable))
          attempt({ upstream, method, path, headers, body }, caller, false).then(resolve, reject)
        else reject(error)
      })
      caller?.on('close', () => {
        if (!caller.writableFinished) upstreamRequest.destroy()
      })
      if (body instanceof Readable) body.pipe(upstreamRequest)
      else upstreamRequest.end(body)
    })
  return { send: (passage, caller) => attempt(passage, caller, true), close: () => agent.destroy() }
}

/** Streams an upstream's answer to the caller as it is. */
export const relay = (answer: IncomingMessage, response: ServerResponse): void => {
  const headers = { ...answer.headers }
  for (const name of HOP_HEADERS) delete headers[name]
  response.writeHead(answer.statusCode ?? 502, headers)
  answer.on('error', () => response.destroy())
  answer.pipe(response)
}

/** Reads a whole body; the emulators' own limits are far below the 32 MiB at which it gives up. */
export const readBody = (stream: Readable, limitBytes = 32 * 1_048_576): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= limitBytes) chunks.push(chunk)
    })
    stream.on('end', () =>
      bytes > limitBytes
        ? reject(new RangeError(`A body of ${bytes} bytes`))
        : resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    )
    stream.on('error', reject)
    stream.on('close', () => reject(new Error('The connection was closed before the body ended.')))
  })
