// The JSON of a request, looked through before anything reads it. Checks go from cheap to dear: size, encoding, syntax,
// nesting and member names. The shape is for others to judge.
import { Fault } from '../domain/api/fault.ts'
import { inspectJson } from '../domain/events/inspect-json.ts'
import type { ApiEvent } from './api.ts'
import { bodyBytes } from './body.ts'

export interface BodyManners {
  /** Reads a text again that was found sound, given its value. */
  readonly reread?: (text: string, value: unknown) => unknown
  /** The problem of a body that is larger. */
  readonly tooLarge?: 'body.too_large' | 'body.too_large_events'
  /** Members and elements, all levels together. */
  readonly maxNodes?: number
}

/** The body of a request, parsed. @throws Fault `body.too_large`, `.not_utf8`, `.not_json`, `.too_deep` or `.hostile_key` */
export function readJsonBody(event: ApiEvent, maxBytes: number, manners: BodyManners = {}): unknown {
  const bytes = bodyBytes(event)
  if (bytes.byteLength > maxBytes) {
    const message = `Seen: ${bytes.byteLength} bytes. Allowed: at most ${maxBytes} bytes.`
    throw new Fault(manners.tooLarge ?? 'body.too_large', [{ path: '', message }])
  }
  const text = decode(bytes)
  const value = parse(text)
  const [worst, ...others] = inspectJson(value, manners.maxNodes)
  if (worst === undefined) return manners.reread?.(text, value) ?? value
  const code = worst.code === 'body.hostile_key' ? 'body.hostile_key' : 'body.too_deep'
  throw new Fault(
    code,
    [worst, ...others].map(({ message }) => ({ path: '', message })),
  )
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new Fault('body.not_utf8', [], cause)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Fault('body.not_json', [], cause)
  }
}
