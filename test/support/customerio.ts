// The stand-in for Customer.io with the demo account in it, and clients of its App API.
import { setTimeout as sleep } from 'node:timers/promises'
import { customerioCallsPerSecond } from '../../contract/limits.ts'
import type { Region } from '../../contract/org.ts'
import { type CustomerioApi, makeCustomerio } from '../../lambdas/clients/customerio.ts'
import { makePace } from '../../lambdas/clients/pace.ts'
import { type CustomerioStandIn, startCustomerio } from '../../local/customerio/stand-in.ts'

export interface TestCustomerio extends CustomerioStandIn {
  /** Calls the control port; answers its JSON. */
  readonly control: (method: string, path: string, body?: object) => Promise<unknown>
  readonly client: (options?: ClientOptions) => CustomerioApi
}

export interface ClientOptions {
  readonly region?: Region
  readonly apiKey?: string
  readonly attemptMs?: number
  readonly signal?: AbortSignal
  /** Told about every pause; none is made then. */
  readonly onPause?: (ms: number) => void
}

export const demoKey = 'app-key-production'
export const sandboxKey = 'app-key-sandbox'

/** Starts it on free ports. The caller closes it. */
export async function startTestCustomerio(account: object): Promise<TestCustomerio> {
  const standIn = await startCustomerio()
  const control = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${standIn.controlUrl}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
    return JSON.parse(text)
  }
  await control('PUT', '/account', account)
  // One for all clients, as in a function: a new one would not know of the calls before.
  const pace = makePace(customerioCallsPerSecond, Date.now, sleep)
  const client = ({ region = 'us', apiKey = demoKey, ...options }: ClientOptions = {}) =>
    makeCustomerio({
      baseUrl: region === 'us' ? standIn.usUrl : standIn.euUrl,
      apiKey,
      pace,
      signal: options.signal ?? AbortSignal.timeout(20_000),
      pause: async (ms, signal) => {
        if (options.onPause === undefined) await sleep(ms, undefined, { signal })
        else options.onPause(ms)
      },
      ...(options.attemptMs !== undefined && { attemptMs: options.attemptMs }),
    })
  return { ...standIn, control, client }
}
