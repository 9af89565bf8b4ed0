// An S3 request on its way through the gate: what s3rver leaves out (If-Match, conditional writes, aborted uploads, the
// framing of streamed uploads, 403 instead of 404 for who may not list) is done here.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { makeChunkDecoder } from './aws-chunked.ts'
import type { Caller, Check } from './check.ts'
import type { Forwarder, Upstream } from './forward.ts'
import { readBody, relay } from './forward.ts'
import { decide } from './policy.ts'
import { isPresigned, presignedFault } from './presigned.ts'
import { answerRefusal, answerS3Error } from './refusal.ts'
import { type S3Address, s3Address, s3Demands } from './s3-demands.ts'

type S3PassageDeps = {
  readonly check: Check
  readonly forwarder: Forwarder
  readonly upstream: () => Upstream
  readonly abortUpload: (bucket: string, uploadId: string) => Promise<void>
}

const bare = (etag: string | undefined): string => (etag ?? '').trim().replace(/^W\//, '').replaceAll('"', '')
const headerOf = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}

/** What s3rver is sent: path style, unsigned, unconditional, and without the framing of a streamed body. */
const rewritten = (
  request: IncomingMessage,
  { bucket, key, query }: S3Address,
): { path: string; headers: IncomingHttpHeaders; body: Readable | undefined } => {
  const headers: IncomingHttpHeaders = { ...request.headers, host: '127.0.0.1' }
  for (const name of ['authorization', 'if-match', 'x-amz-security-token', 'x-amz-checksum-mode']) delete headers[name]
  const params = new URLSearchParams(
    [...query].filter(
      ([name]) =>
        !/^(x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token)|response-.+)$/i.test(name),
    ),
  )
  const search = params.toString()
  const path = `/${bucket}${key === '' ? '' : `/${key.split('/').map(encodeURIComponent).join('/')}`}${search === '' ? '' : `?${search}`}`
  const hasBody = request.method === 'PUT' || request.method === 'POST'
  if (!headerOf(headers, 'x-amz-content-sha256')?.startsWith('STREAMING-'))
    return { path, headers, body: hasBody ? request : undefined }
  const length = headerOf(headers, 'x-amz-decoded-content-length')
  const encoding = headerOf(headers, 'content-encoding')?.replace(/,?\s*aws-chunked\s*,?/, '')
  for (const name of ['content-length', 'content-encoding', 'x-amz-trailer', 'x-amz-decoded-content-length'])
    delete headers[name]
  const plain = {
    ...headers,
    'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
    ...(length === undefined ? {} : { 'content-length': length }),
    ...(encoding ? { 'content-encoding': encoding } : {}),
  }
  return { path, headers: plain, body: request.pipe(makeChunkDecoder()) }
}

export const makeS3Passage = ({ check, forwarder, upstream, abortUpload }: S3PassageDeps) => {
  const etagNow = async (path: string): Promise<string | undefined> => {
    const answer = await forwarder.send({
      upstream: upstream(),
      method: 'HEAD',
      path: path.split('?')[0] ?? path,
      headers: { host: '127.0.0.1' },
      body: undefined,
    })
    answer.resume()
    return answer.statusCode === 200 ? answer.headers.etag : undefined
  }

  /** The precondition of a write that fails now, if any. Checked just before the write, so two writers at once may both pass. */
  const failedWriteCondition = async (request: IncomingMessage, path: string): Promise<boolean> => {
    const wanted = headerOf(request.headers, 'if-match')
    const unwanted = headerOf(request.headers, 'if-none-match')
    if (wanted === undefined && unwanted === undefined) return false
    const etag = await etagNow(path)
    return (
      (unwanted === '*' && etag !== undefined) ||
      (wanted !== undefined && (etag === undefined || (wanted !== '*' && bare(etag) !== bare(wanted))))
    )
  }

  return async (request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void> => {
    const method = request.method ?? 'GET'
    const address = s3Address(request.url ?? '/', request.headers.host ?? '')
    const { bucket, key, query } = address
    // A browser asks first, with no credentials: the bucket's own rules answer.
    if (method === 'OPTIONS') {
      const { path, headers } = rewritten(request, address)
      return relay(await forwarder.send({ upstream: upstream(), method, path, headers, body: undefined }), response)
    }
    if (caller !== undefined && isPresigned(request.url ?? '')) {
      const fault = presignedFault(request, caller.credentials, Date.now())
      if (fault !== undefined) return answerS3Error(response, 403, fault.code, fault.message)
    }
    const multiDelete = method === 'POST' && key === '' ? await readBody(request) : undefined
    const { operation, demands } = s3Demands(
      method,
      address,
      headerOf(request.headers, 'x-amz-copy-source'),
      multiDelete?.toString('utf8') ?? '',
    )
    const verdict = await check(response, 's3', caller, operation, demands)
    if (verdict === 'answered') return
    if (operation === 'AbortMultipartUpload') {
      await abortUpload(bucket, query.get('uploadId') ?? '')
      response.writeHead(204).end()
      return
    }
    const { path, headers, body } = rewritten(request, address)
    const writes = operation === 'PutObject' && !query.has('partNumber') && !query.has('uploads')
    if (writes && (await failedWriteCondition(request, path)))
      return answerS3Error(
        response,
        412,
        'PreconditionFailed',
        'At least one of the pre-conditions you specified did not hold',
      )
    const answer = await forwarder.send(
      { upstream: upstream(), method, path, headers, body: multiDelete ?? body },
      response,
    )
    const reads = operation === 'GetObject' || operation === 'GetObjectVersion'
    const ifMatch = headerOf(request.headers, 'if-match')
    if (
      reads &&
      ifMatch !== undefined &&
      ifMatch !== '*' &&
      (answer.statusCode === 200 || answer.statusCode === 206) &&
      bare(answer.headers.etag) !== bare(ifMatch)
    ) {
      answer.destroy()
      return answerS3Error(
        response,
        412,
        'PreconditionFailed',
        'At least one of the pre-conditions you specified did not hold',
      )
    }
    if (reads && answer.statusCode === 404 && caller !== undefined) {
      // S3 hides whether an object exists from who may not list its bucket.
      const resource = `arn:aws:s3:::${bucket}`
      if (
        !decide(caller.role.statements, 's3:ListBucket', resource, {
          's3:prefix': [key],
          'aws:SecureTransport': ['true'],
        }).allowed
      ) {
        answer.resume()
        return answerRefusal(
          response,
          's3',
          { functionName: caller.functionName, roleName: caller.role.name },
          's3:ListBucket',
          resource,
          false,
        )
      }
    }
    // s3rver gives a header that the address asks for only to who signs otherwise.
    const disposition = query.get('response-content-disposition')
    if (reads && disposition !== null) answer.headers['content-disposition'] = disposition
    if (verdict === 'lost') {
      answer.resume()
      answer.on('end', () => response.destroy())
    } else relay(answer, response)
  }
}
