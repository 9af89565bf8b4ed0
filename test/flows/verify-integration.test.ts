// What is said of a template's campaign at the stand-in: as the setup document has it, and with each thing amiss.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoAccount } from '../../commands/demo-customerio.ts'
import { actionIdSchema, sourceRefSchema } from '../../contract/ids.ts'
import type { Integration } from '../../contract/integration.ts'
import { verifyIntegrations } from '../../lambdas/flows/verify-integration.ts'
import { demoKey, sandboxKey, startTestCustomerio, type TestCustomerio } from '../support/customerio.ts'
import { integration } from '../support/placed.ts'

const generateUrl = 'https://ours.example/api/generate/acme'
const secretHeader = 'ja_dev_planted_key'
const facts = { apiUrl: 'https://ours.example', org: 'acme', template: 'welcome_email', apiKey: secretHeader }
const demo: Campaigns = JSON.parse(JSON.stringify(demoAccount({ ...facts, appApiKey: demoKey, sandboxKey })))
const ids = (...values: string[]) => values.map((value) => actionIdSchema.parse(value))
const connected = integration({
  webhookActionIds: ids('41'),
  controlActionIds: ids('42'),
  treatmentActionIds: ids('43'),
})
let cio: TestCustomerio

interface Campaigns {
  campaigns: { state: string; actions: Record<string, unknown>[] }[]
}

beforeAll(async () => {
  cio = await startTestCustomerio(demo)
})
afterAll(() => cio.close())

async function verify(settings: Integration | undefined, change?: (account: Campaigns) => void, apiKey = demoKey) {
  const account = structuredClone(demo)
  change?.(account)
  await cio.control('PUT', '/account', account)
  const { findings } = await verifyIntegrations(cio.client({ apiKey }), settings ? [settings] : [], generateUrl)
  return { states: findings.map(({ state }) => state).join(' '), text: findings.map(({ seen }) => seen).join(' ') }
}
const action = (change: Record<string, unknown>) => (account: Campaigns) => {
  Object.assign(account.campaigns[0]?.actions[0] ?? {}, change)
}

describe('a campaign', () => {
  it('set up as the document says is well, and no header is shown', async () => {
    const { states, text } = await verify(connected)
    expect([states, text]).toEqual(['ok ok ok', expect.stringContaining('Campaign 23 "Welcome" is running.')])
    expect(text).not.toContain(secretHeader)
  })

  const faults: [string, Integration | undefined, ((account: Campaigns) => void) | undefined, string, RegExp][] = [
    ['that is not connected', undefined, undefined, 'waiting', /No campaign is connected/],
    [
      'that does not exist',
      { ...connected, source: sourceRefSchema.parse('campaign:99') },
      undefined,
      'broken waiting waiting',
      /no campaign 99/,
    ],
    [
      'that was stopped',
      connected,
      (account) => Object.assign(account.campaigns[0] ?? {}, { state: 'stopped' }),
      'waiting ok ok',
      /is stopped/,
    ],
    [
      'without a saved action, of which one calls us',
      { ...connected, webhookActionIds: [] },
      undefined,
      'ok waiting ok',
      /Action 41 calls us/,
    ],
    [
      'whose action is not there',
      { ...connected, webhookActionIds: ids('77') },
      undefined,
      'ok broken ok',
      /no action 77/,
    ],
    [
      'whose action is a message',
      { ...connected, webhookActionIds: ids('42') },
      undefined,
      'ok broken ok',
      /of type email, not webhook/,
    ],
    [
      'whose action calls another org',
      connected,
      action({ url: 'https://ours.example/api/generate/acmee' }),
      'ok broken ok',
      /generate\/acmee, not https/,
    ],
    ['whose action gets', connected, action({ method: 'get' }), 'ok broken ok', /uses GET, not POST/],
    [
      'whose action sends no key',
      connected,
      action({ headers: '[{"name":"Content-Type","value":"application/json"}]' }),
      'ok broken ok',
      /no X-Api-Key header/,
    ],
    [
      'whose action has headers that cannot be read',
      connected,
      action({ headers: 'X-Api-Key: x' }),
      'ok broken ok',
      /no X-Api-Key.*not say that it sends JSON/,
    ],
    [
      'whose action names another template',
      connected,
      action({ body: '{"template_id":"welcome_email_2"}' }),
      'ok broken ok',
      /does not name welcome_email/,
    ],
    ['whose action is a draft', connected, action({ sending_state: 'draft' }), 'ok broken ok', /set to "draft"/],
    [
      'whose control is not there',
      { ...connected, controlActionIds: ids('42', '78') },
      undefined,
      'ok ok broken',
      /no action 78/,
    ],
    [
      'whose control is the webhook',
      { ...connected, controlActionIds: ids('41') },
      undefined,
      'ok ok broken',
      /is a webhook, not a message/,
    ],
    [
      'that is a newsletter',
      { ...connected, source: sourceRefSchema.parse('newsletter:7') },
      undefined,
      'ok',
      /only campaigns can be looked up/,
    ],
  ]
  it.each(faults)('%s', async (_name, settings, change, states, sentence) => {
    const seen = await verify(settings, change)
    expect([seen.states, seen.text]).toEqual([states, expect.stringMatching(sentence)])
    expect(seen.text).not.toContain(secretHeader)
  })

  it('of another workspace than the key is not found, and the sentence says where to look', async () => {
    expect(await verify(connected, undefined, sandboxKey)).toMatchObject({ states: 'broken waiting waiting' })
  })

  it('of a template that has several is told apart from the others', async () => {
    await cio.control('PUT', '/account', demo)
    const second = { ...connected, source: sourceRefSchema.parse('campaign:99') }
    const { findings } = await verifyIntegrations(cio.client(), [connected, second], generateUrl)
    const told = findings.map(({ id, state }) => `${id} ${state}`)
    expect(told).toContain('integration.campaign@campaign:23 ok')
    expect(told).toContain('integration.campaign@campaign:99 broken')
    expect(new Set(told).size).toBe(6)
  })

  it('is not called broken when Customer.io does not answer', async () => {
    await cio.control('PUT', '/fault', { mode: 'status', status: 500 })
    const client = cio.client({ onPause: () => undefined })
    const { findings, conclusive } = await verifyIntegrations(client, [connected], generateUrl)
    await cio.control('DELETE', '/fault')
    expect([findings, conclusive]).toMatchObject([[{ state: 'waiting' }], false])
    expect(findings[0]?.seen).toContain('status 500')
  })
})
