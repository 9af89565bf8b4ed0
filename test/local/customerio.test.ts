// The stand-in for Customer.io answers in the shapes that Customer.io publishes, and limits, refuses and signs as it does.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { verifyRequestSignature } from 'customerio-node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type * as z from 'zod'
import { demoAccount, demoWorkspace } from '../../commands/demo-customerio.ts'
import { demoKey, sandboxKey, startTestCustomerio, type TestCustomerio } from '../support/customerio.ts'
import * as shapes from './customerio-shapes.ts'

const facts = { apiUrl: 'https://ours.example', org: 'acme', template: 'welcome_email', apiKey: 'ours' }
let cio: TestCustomerio

beforeEach(async () => {
  cio = await startTestCustomerio(demoAccount({ ...facts, appApiKey: demoKey, sandboxKey }))
})
afterEach(() => cio.close())

async function ask(path: string, init: RequestInit & { key?: string; base?: string } = {}) {
  const { key = demoKey, base = cio.usUrl, ...rest } = init
  const response = await fetch(`${base}${path}`, { ...rest, headers: { authorization: `Bearer ${key}` } })
  const body: unknown = await response.json()
  return { status: response.status, body }
}

const wanted = { name: 'JustAI', endpoint: 'https://ours.example/hook', events: ['email_sent'], disabled: true }
const post = (body: unknown) => ask('/v1/reporting_webhooks', { method: 'POST', body: JSON.stringify(body) })

describe('answers in the published shape', () => {
  const reads: [string, z.ZodType][] = [
    ['/v1/workspaces', shapes.workspacesSchema],
    ['/v1/campaigns', shapes.campaignsSchema],
    ['/v1/campaigns/23', shapes.oneCampaignSchema],
    ['/v1/campaigns/23/actions', shapes.actionsSchema],
    ['/v1/campaigns/23/actions/41', shapes.oneActionSchema],
    ['/v1/reporting_webhooks', shapes.reportingWebhooksSchema],
    ['/v1/campaigns/23/messages', shapes.messagesSchema],
  ]
  it.each(reads)('GET %s', async (path, schema) => {
    const timestamp = Math.floor(Date.now() / 1_000)
    const data = { delivery_id: 'shape', campaign_id: 23, action_id: 43, identifiers: { id: '1' } }
    const event = { object_type: 'email', metric: 'sent', timestamp, data }
    await cio.control('POST', '/events', { workspace: demoWorkspace.id, event })
    const { status, body } = await ask(path)
    expect(status).toBe(200)
    expect(schema.safeParse(body).error).toBeUndefined()
    expect(JSON.stringify(Object.values(Object(body))[0]).length).toBeGreaterThan(1)
  })

  it('POST, GET, PUT and DELETE of a reporting webhook, whose signing key is never told', async () => {
    const { status, body } = await post(wanted)
    expect([status, shapes.reportingWebhookSchema.safeParse(body).error]).toEqual([200, undefined])
    const path = `/v1/reporting_webhooks/${Reflect.get(Object(body), 'id')}`
    const put = { ...wanted, disabled: false }
    expect((await ask(path, { method: 'PUT', body: JSON.stringify(put) })).body).toMatchObject({ disabled: false })
    const shown = JSON.stringify(await cio.control('GET', '/reporting_webhooks'))
    const key = /"signing_key":"(\w{64})"/.exec(shown)?.[1]
    expect(key).toBeDefined()
    expect(JSON.stringify((await ask('/v1/reporting_webhooks')).body)).not.toContain(key)
    expect((await ask(path, { method: 'DELETE' })).status).toBe(200)
    expect((await ask(path)).status).toBe(404)
  })
})

describe('refuses in the published shape', () => {
  const refusals: [string, number, () => Promise<{ status: number; body: unknown }>][] = [
    ['a key that it does not know', 401, () => ask('/v1/workspaces', { key: 'nobody' })],
    ['a key of the other region', 401, () => ask('/v1/workspaces', { base: cio.euUrl })],
    ['a campaign that is not there', 404, () => ask('/v1/campaigns/99')],
    ['a campaign of another workspace', 404, () => ask('/v1/campaigns/23', { key: sandboxKey })],
    ['an id that is none', 400, () => ask('/v1/campaigns/x')],
    ['a webhook without events', 400, () => post({ ...wanted, events: [] })],
    ['a webhook with an unknown event', 400, () => post({ ...wanted, events: ['email_eaten'] })],
    ['more messages than a page holds', 400, () => ask('/v1/campaigns/23/messages?limit=1001')],
  ]
  it.each(refusals)('%s', async (_name, expected, call) => {
    const { status, body } = await call()
    expect(status).toBe(expected)
    expect(shapes.errorsSchema.safeParse(body).error).toBeUndefined()
  })

  it('the eleventh call within a second', async () => {
    const answers = await Promise.all(Array.from({ length: 11 }, () => ask('/v1/workspaces', { key: sandboxKey })))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused.map(({ body }) => body)).toEqual([
      { errors: [{ detail: 'Your request is over the 10-per-second limit.', status: '429' }] },
    ])
  })
})

describe('lets something happen', () => {
  it('reports it to every enabled webhook that asked for it, the first time, signed so that the official check agrees', async () => {
    const got: { headers: Record<string, unknown>; body: string }[] = []
    const receiver = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        got.push({ headers: request.headers, body })
        response.end('{}')
      })
    })
    await once(receiver.listen(0, '127.0.0.1'), 'listening')
    const address = receiver.address()
    const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/hook`
    await post({ ...wanted, endpoint, disabled: false, events: ['email_opened'] })
    await post({ ...wanted, endpoint, disabled: true, events: ['email_opened'] })
    const event = (metric: string) => ({
      object_type: 'email',
      metric,
      timestamp: 1_790_000_000,
      data: { delivery_id: 'signed', campaign_id: 23 },
    })
    const happen = (metric: string) =>
      cio.control('POST', '/events', { workspace: demoWorkspace.id, event: event(metric) })
    expect(await happen('sent')).toMatchObject({ delivered: [] })
    expect(await happen('opened')).toMatchObject({ delivered: [{ status: 200 }] })
    expect(await happen('opened')).toMatchObject({ delivered: [] })
    receiver.close()
    const [{ headers, body } = { headers: {}, body: '' }] = got
    const shown = JSON.stringify(await cio.control('GET', '/reporting_webhooks'))
    const keys = [...shown.matchAll(/"signing_key":"(\w{64})"/g)].map(([, key]) => String(key))
    const timestamp = Number(headers['x-cio-timestamp'])
    const signature = String(headers['x-cio-signature'])
    const fits = keys.filter((signingSecret) => verifyRequestSignature({ signingSecret, timestamp, body, signature }))
    expect([got.length, fits.length]).toEqual([1, 1])
  })
})
