// Customer.io's signature: lower-case hex HMAC-SHA256 over `v0:<timestamp>:<raw body>`, the key as UTF-8 text.
import { createHmac, timingSafeEqual } from 'node:crypto'

/** The two headers as they arrived; repeated headers arrive joined by a comma and fit neither shape. */
export interface SignedRequest {
  readonly timestamp: string | undefined
  readonly signature: string | undefined
  readonly body: Uint8Array
}

export type Verdict = 'valid' | 'unsigned' | 'malformed' | 'too_old' | 'mismatch'

const hexDigestLength = 64

/** Whether the headers are there and could be a signature at all; `nowMs` counts only when there is a `maxAgeSeconds`. */
export function checkSignatureHeaders(
  { timestamp, signature }: SignedRequest,
  nowMs: number,
  maxAgeSeconds: number | undefined,
): Exclude<Verdict, 'mismatch'> {
  if (timestamp === undefined || signature === undefined) return 'unsigned'
  if (!/^\d{1,16}$/.test(timestamp) || Buffer.byteLength(signature) !== hexDigestLength) return 'malformed'
  const ageSeconds = Math.floor(nowMs / 1_000) - Number(timestamp)
  return maxAgeSeconds !== undefined && ageSeconds > maxAgeSeconds ? 'too_old' : 'valid'
}

/** Whether one of the keys signed the request. Every key is tried, each compared in constant time. */
export function matchesSignature({ timestamp, signature, body }: SignedRequest, keys: readonly string[]): boolean {
  const given = Buffer.from(signature ?? '')
  let matches = false
  for (const key of keys) {
    const expected = Buffer.from(createHmac('sha256', key).update(`v0:${timestamp}:`).update(body).digest('hex'))
    if (expected.length === given.length && timingSafeEqual(expected, given)) matches = true
  }
  return matches
}
