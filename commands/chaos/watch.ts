// Stands where Customer.io stands: hands every call on, and writes down what each reporting webhook was answered and when.
import { createServer, request as httpRequest, type Server } from 'node:http'

export interface Answered {
  /** 0: the connection ended without an answer. */
  readonly status: number
  readonly startMs: number
  readonly tookMs: number
}

export interface Watch {
  readonly url: string
  /** Of the reporting webhook alone. */
  readonly answers: readonly Answered[]
  /** The event ids that were acknowledged by 200. */
  readonly acknowledged: ReadonlySet<string>
  readonly close: () => void
}

/** Listens in front of an API on a free port. A connection that breaks behind it breaks before it, too. */
export async function watchCalls(apiUrl: string): Promise<Watch> {
  const answers: Answered[] = []
  const acknowledged = new Set<string>()
  const { hostname, port } = new URL(apiUrl)
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const startMs = Date.now()
      const { method, url: path, headers } = request
      const isWebhook = path?.startsWith('/api/webhook/cio/') === true
      const answered = (status: number) => answers.push({ status, startMs, tookMs: Date.now() - startMs })
      const onward = httpRequest({ hostname, port, method, path, headers }, (answer) => {
        const status = answer.statusCode ?? 0
        if (isWebhook) {
          answered(status)
          const id = /"event_id":"([^"]+)"/.exec(body.toString())?.[1]
          if (status === 200 && id !== undefined) acknowledged.add(id)
        }
        response.writeHead(status, answer.headers)
        answer.pipe(response)
      })
      onward.on('error', () => {
        if (isWebhook) answered(0)
        response.destroy()
      })
      onward.end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port to listen on')
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://127.0.0.1:${address.port}`, answers, acknowledged, close }
}
