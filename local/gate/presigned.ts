// Addresses that were signed beforehand: whoever holds one is nobody's function, so unlike other calls their signature is
// checked, and with it what it fixes: the method, the object, the headers, the time.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Credentials } from './caller.ts'

export const isPresigned = (url: string): boolean => /[?&]X-Amz-Signature=/.test(url)

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** Why S3 would refuse the address, as code and message; undefined when it would not. */
export const presignedFault = (
  { method = 'GET', url = '/', headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  { secretAccessKey }: Credentials,
  nowMs: number,
): { code: string; message: string } | undefined => {
  const [path = '/', search = ''] = url.split('?', 2)
  const pairs = search.split('&')
  const given = new URLSearchParams(search)
  const [date, scope] = [given.get('X-Amz-Date') ?? '', (given.get('X-Amz-Credential') ?? '').split('/').slice(1)]
  const signedAtMs = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (!(nowMs < signedAtMs + Number(given.get('X-Amz-Expires')) * 1_000))
    return { code: 'AccessDenied', message: 'Request has expired' }
  const signed = given.get('X-Amz-SignedHeaders') ?? ''
  const canonical = [
    method,
    path,
    pairs
      .filter((pair) => !pair.startsWith('X-Amz-Signature='))
      .toSorted()
      .join('&'),
    ...signed.split(';').map((name) => `${name}:${String(headers[name] ?? '').trim()}`),
    '',
    signed,
    'UNSIGNED-PAYLOAD',
  ].join('\n')
  const digest = createHash('sha256').update(canonical).digest('hex')
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`)
  const expected = hmac(key, ['AWS4-HMAC-SHA256', date, scope.join('/'), digest].join('\n'))
  const seen = Buffer.from(given.get('X-Amz-Signature') ?? '', 'hex')
  return seen.length === expected.length && timingSafeEqual(seen, expected)
    ? undefined
    : { code: 'SignatureDoesNotMatch', message: 'The request signature we calculated does not match the one provided.' }
}
