// A stand-in for Customer.io on this machine: its App API on one port per region, and a control port for whoever plays the
// people and the pages of Customer.io. A test double of a third party; it knows nothing of what is deployed.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { readBody } from '../gate/forward.ts'
import { listen } from '../gate/gate.ts'
import { type Json, tryJson } from '../json.ts'
import { type Account, emptyAccount } from './account.ts'
import { type AppAnswer, refusal } from './app-answer.ts'
import { answerApp } from './app-api.ts'
import { makeControlListener } from './control.ts'
import type { StandInFault, StandInState } from './state.ts'

export type CustomerioStandIn = {
  /** The App API of each region, and the control port. */
  readonly usUrl: string
  readonly euUrl: string
  readonly controlUrl: string
  readonly close: () => Promise<void>
}

/** Customer.io's documented limit for most calls. */
const CALLS_A_SECOND = 10

/** Starts it on free ports with an empty account. */
export const startCustomerio = async (): Promise<CustomerioStandIn> => {
  const state: StandInState = { account: emptyAccount(), fault: undefined }
  const isOver = makeLimit(CALLS_A_SECOND)
  const servers = [
    createServer(appListener(state, 'us', isOver)),
    createServer(appListener(state, 'eu', isOver)),
    createServer(makeControlListener(state)),
  ]
  const [us, eu, control] = await Promise.all(servers.map((server) => listen(server, 0)))
  const url = (port: number | undefined) => `http://127.0.0.1:${port}`
  const close = async () => {
    await Promise.all(
      servers.map((server) => {
        server.closeAllConnections()
        return new Promise((done) => server.close(done))
      }),
    )
  }
  return { usUrl: url(us), euUrl: url(eu), controlUrl: url(control), close }
}

const appListener =
  (state: StandInState, region: string, isOver: (key: string) => boolean): RequestListener =>
  (request, response) => {
    readBody(request)
      .then(async (bytes) => {
        const fault = meetFault(state)
        if (fault?.mode === 'slow') await new Promise((done) => setTimeout(done, fault.delayMs ?? 60_000).unref())
        if (fault?.mode === 'cut') return cut(response)
        if (fault?.mode === 'status') return send(response, refusal(fault.status ?? 500, 'a fault that was asked for'))
        return send(response, answer(state.account, region, request, bytes, isOver))
      })
      .catch(() => response.destroy())
  }

const answer = (
  account: Account,
  region: string,
  request: IncomingMessage,
  bytes: Buffer,
  isOver: (key: string) => boolean,
): AppAnswer => {
  const key = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
  const workspace = key === undefined ? undefined : account.keys.get(key)
  if (key === undefined || workspace === undefined || account.region !== region) return refusal(401, 'unauthorized')
  if (isOver(key)) return refusal(429, 'Your request is over the 10-per-second limit.')
  const url = new URL(request.url ?? '/', 'http://localhost')
  const body: Json | undefined = bytes.length === 0 ? undefined : tryJson(bytes.toString('utf8'))
  if (bytes.length > 0 && body === undefined) return refusal(400, 'malformed JSON')
  const nowSeconds = Math.floor(Date.now() / 1_000)
  const method = request.method ?? 'GET'
  return answerApp(account, { method, path: url.pathname, query: url.searchParams, body, workspace, nowSeconds })
}

const meetFault = (state: StandInState): StandInFault | undefined => {
  const { fault } = state
  if (fault?.times !== undefined) state.fault = fault.times > 1 ? { ...fault, times: fault.times - 1 } : undefined
  return fault
}

/** Half an answer, and then nothing. */
const cut = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000 })
  response.write('{"workspaces":[', () => response.destroy())
}

const send = (response: ServerResponse, { status, body }: AppAnswer): void => {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

/** Whether a key's call is one too many within the last second. */
const makeLimit = (callsASecond: number) => {
  const calls = new Map<string, number[]>()
  return (key: string): boolean => {
    const now = Date.now()
    const recent = (calls.get(key) ?? []).filter((atMs) => now - atMs < 1_000)
    const isOver = recent.length >= callsASecond
    calls.set(key, isOver ? recent : [...recent, now])
    return isOver
  }
}
