// The stand-in's control port: what people do on Customer.io's pages, what happens to messages, and faults on demand. Not
// part of Customer.io's API.
import type { RequestListener, ServerResponse } from 'node:http'
import { readBody } from '../gate/forward.ts'
import { findNumber, isRecord, type Json, type JsonRecord, recordAt, textAt, tryJson } from '../json.ts'
import { readAccount } from './account.ts'
import { happen } from './happen.ts'
import type { StandInFault, StandInState } from './state.ts'

type Command = (body: JsonRecord) => Json | Promise<Json>

export const makeControlListener = (state: StandInState): RequestListener => {
  const commands: Readonly<Record<string, Command>> = {
    /** Sets workspaces, keys and campaigns, and reporting webhooks if any are given; messages stay. */
    'PUT /account': (body) => {
      const given = readAccount(body)
      const { webhooks, messages } = state.account
      state.account = {
        ...given,
        webhooks: body.reporting_webhooks === undefined ? webhooks : given.webhooks,
        messages,
      }
      return {}
    },
    /** Reporting webhooks as Customer.io's pages show them, signing keys included. */
    'GET /reporting_webhooks': () =>
      [...state.account.webhooks.values()].map(({ resource, signingKey }) => ({
        ...resource,
        signing_key: signingKey,
      })),
    /** `{workspace, event, deliver}`: `deliver: false` keeps it from every webhook, as an outage too long would. */
    'POST /events': async (body) => {
      const { event, delivered } = await happen(
        state.account,
        textAt(body, 'workspace'),
        recordAt(body, 'event'),
        body.deliver !== false,
      )
      return { event, delivered }
    },
    'PUT /fault': (body) => {
      state.fault = faultOf(body)
      return {}
    },
    'DELETE /fault': () => {
      state.fault = undefined
      return {}
    },
  }
  return (request, response) => {
    const command = commands[`${request.method} ${request.url}`]
    if (command === undefined) return send(response, 404, { message: `Known: ${Object.keys(commands).join(', ')}` })
    readBody(request)
      .then(async (bytes) => {
        const body = bytes.length === 0 ? {} : tryJson(bytes.toString('utf8'))
        if (!isRecord(body)) return send(response, 400, { message: 'The body is not a JSON object.' })
        return send(response, 200, await command(body))
      })
      .catch((error: unknown) => send(response, 400, { message: String(error) }))
  }
}

const faultOf = (body: JsonRecord): StandInFault => {
  const mode = textAt(body, 'mode')
  if (mode !== 'status' && mode !== 'slow' && mode !== 'cut')
    throw new Error(`mode must be status, slow or cut, not ${mode}`)
  const [status, delayMs, times] = [findNumber(body, 'status'), findNumber(body, 'delayMs'), findNumber(body, 'times')]
  return {
    mode,
    ...(status !== undefined && { status }),
    ...(delayMs !== undefined && { delayMs }),
    ...(times !== undefined && { times }),
  }
}

const send = (response: ServerResponse, status: number, value: Json): void => {
  const body = JSON.stringify(value)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
