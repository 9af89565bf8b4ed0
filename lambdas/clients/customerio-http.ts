// One call to Customer.io's App API: paced, bounded in time and size, tried again when that is safe. Knows no resource.

import { refusalSchema } from '../../contract/customerio.ts'
import { customerioAttemptMs, maxCustomerioAnswerBytes } from '../../contract/limits.ts'
import { CioFailure } from '../domain/health/cio-failure.ts'
import type { Pace } from './pace.ts'

export interface CioHttpDeps {
  /** `https://api.customer.io`, without a slash at the end. */
  readonly baseUrl: string
  readonly apiKey: string
  readonly pace: Pace
  /** Ends every call, and every pause. */
  readonly signal: AbortSignal
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  readonly attemptMs?: number
}

export interface CioCall {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly body?: unknown
}

/** How long to wait before each retry. Over the limit, a whole second has to pass. */
const retryPausesMs = [250, 1_000] as const
const overLimitPauseMs = 1_100
const maxSaidCharacters = 200

/** @throws CioFailure, when it goes wrong for good or too often */
export async function askCustomerio(deps: CioHttpDeps, call: CioCall): Promise<unknown> {
  for (const pauseMs of retryPausesMs) {
    const result = await attempt(deps, call)
    if (!(result instanceof CioFailure)) return result.json
    if (!mayRetry(call, result)) throw result
    await rest(deps, result.code === 'busy' ? overLimitPauseMs : pauseMs, result)
  }
  const last = await attempt(deps, call)
  if (last instanceof CioFailure) throw last
  return last.json
}

/** What may have been done already is not asked for twice, unless asking twice does it once. */
function mayRetry({ method }: CioCall, { code }: CioFailure): boolean {
  if (code === 'busy') return true
  return method !== 'POST' && (code === 'faulty' || code === 'slow' || code === 'cut')
}

async function rest({ pause, signal }: CioHttpDeps, ms: number, failure: CioFailure): Promise<void> {
  await pause(ms, signal).catch(() => undefined)
  if (signal.aborted) throw failure
}

async function attempt(deps: CioHttpDeps, call: CioCall): Promise<{ readonly json: unknown } | CioFailure> {
  await deps.pace.turn()
  const timeout = AbortSignal.timeout(deps.attemptMs ?? customerioAttemptMs)
  try {
    const response = await fetch(urlOf(deps.baseUrl, call), {
      method: call.method,
      headers: {
        authorization: `Bearer ${deps.apiKey}`,
        accept: 'application/json',
        ...(call.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      // The key goes to Customer.io and nowhere else.
      redirect: 'error',
      signal: AbortSignal.any([deps.signal, timeout]),
    })
    const text = await readText(response)
    return response.ok ? parse(text) : failureOf(response.status, text, deps.apiKey)
  } catch (error) {
    if (error instanceof CioFailure) return error
    return new CioFailure(timeout.aborted || deps.signal.aborted ? 'slow' : 'cut')
  }
}

/** Unencoded `+`, `@` and `&` in a query are answered with an empty list; this encodes them. */
function urlOf(baseUrl: string, { path, query = {} }: CioCall): string {
  const named = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const search = new URLSearchParams(named).toString()
  return `${baseUrl}${path}${search === '' ? '' : `?${search}`}`
}

/** @throws when it breaks off; CioFailure when it is too large */
async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > maxCustomerioAnswerBytes) throw new CioFailure('unreadable', { status: response.status })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parse(text: string): { readonly json: unknown } | CioFailure {
  try {
    return { json: text === '' ? {} : JSON.parse(text) }
  } catch {
    return new CioFailure('unreadable')
  }
}

function failureOf(status: number, text: string, apiKey: string): CioFailure {
  const facts = { status, said: saidIn(text, apiKey) }
  if (status === 401) return new CioFailure('refused', facts)
  if (status === 403) return new CioFailure('forbidden', facts)
  if (status === 404) return new CioFailure('missing', facts)
  if (status === 429) return new CioFailure('busy', facts)
  return new CioFailure(status >= 500 ? 'faulty' : 'rejected', facts)
}

/** Customer.io's words in either of its shapes, without the key should they quote it. */
function saidIn(text: string, apiKey: string): string | undefined {
  const json = parse(text)
  const parsed = refusalSchema.safeParse(json instanceof CioFailure ? undefined : json.json)
  if (!parsed.success) return undefined
  const said = 'meta' in parsed.data ? parsed.data.meta.error : parsed.data.errors[0]?.detail
  return said
    ?.replaceAll(apiKey, '…')
    .replaceAll(/\p{Cc}/gu, ' ')
    .slice(0, maxSaidCharacters)
}
