// The bytes of a request as they were sent.
import type { ApiEvent } from './api.ts'

/** API Gateway hands the body over as text or as base64; signatures and sizes are of the bytes. */
export function bodyBytes(event: ApiEvent): Uint8Array {
  return Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8')
}
