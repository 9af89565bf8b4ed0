// Serves the distribution over plain HTTP: files with the headers of the template, and what belongs to an origin of its own
// handed on. It caches and compresses nothing.
import { type IncomingMessage, type RequestListener, type ServerResponse, request as sendRequest } from 'node:http'
import { extname } from 'node:path'
import type { DeployedFiles } from './deployed-files.ts'
import type { Behaviour, Distribution } from './distribution.ts'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

export const makeDistributionListener = ({ rootObject, behaviours }: Distribution): RequestListener => {
  const behaviourOf = (path: string): Behaviour | undefined =>
    behaviours.find(({ pathPattern }) => path.startsWith(pathPattern.replace(/\*$/, '')) || pathPattern === '*')
  return (request, response) => {
    response.on('error', () => undefined)
    const [path = '/'] = (request.url ?? '/').split('?')
    const behaviour = behaviourOf(path)
    if (behaviour === undefined || !behaviour.methods.includes(request.method ?? '')) return refuse(response, behaviour)
    if (behaviour.origin.kind === 'http') return handOn(request, response, behaviour.origin.url, behaviour.headers)
    const uri = behaviour.rewrite(path === '/' ? `/${rootObject}` : path)
    sendFile(request, response, behaviour, behaviour.origin.files, uri)
  }
}

const sendFile = (
  request: IncomingMessage,
  response: ServerResponse,
  behaviour: Behaviour,
  files: DeployedFiles,
  uri: string,
): void => {
  const file = files.get(decoded(uri.slice(1)))
  if (file === undefined) {
    refuse(response, behaviour)
    return
  }
  response.writeHead(200, {
    ...behaviour.headers,
    'content-type': CONTENT_TYPES[extname(uri)] ?? 'application/octet-stream',
    'content-length': file.body.length,
    ...(file.cacheControl !== undefined && { 'cache-control': file.cacheControl }),
  })
  response.end(request.method === 'HEAD' ? undefined : file.body)
}

/** What S3 says to a distribution that may read objects but list none. */
const refuse = (response: ServerResponse, behaviour: Behaviour | undefined): void => {
  response.writeHead(403, { ...behaviour?.headers, 'content-type': 'text/plain' }).end('Access Denied')
}

const handOn = (
  request: IncomingMessage,
  response: ServerResponse,
  origin: string,
  headers: Readonly<Record<string, string>>,
): void => {
  const { host: _, ...rest } = request.headers
  const onward = sendRequest(
    `${origin}${request.url}`,
    { method: request.method ?? 'GET', headers: rest },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...headers })
      answer.pipe(response)
    },
  )
  onward.on('error', () => {
    if (!response.headersSent) response.writeHead(502)
    response.end()
  })
  response.on('close', () => onward.destroy())
  request.pipe(onward)
}

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
