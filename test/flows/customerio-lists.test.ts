// The lists to choose from, asked of the stand-in: what there is, and what is said when it cannot be had.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { demoAccount } from '../../commands/demo-customerio.ts'
import { actionsAnswerSchema, campaignsAnswerSchema, workspacesAnswerSchema } from '../../contract/customerio-lists.ts'
import type { Action } from '../../lambdas/flows/manage/call.ts'
import { type ListDeps, listActions, listCampaigns, listWorkspaces } from '../../lambdas/flows/setup/lists.ts'
import { orgOf } from '../support/copy-settings.ts'
import { demoKey, sandboxKey, startTestCustomerio, type TestCustomerio } from '../support/customerio.ts'
import { orgNamed } from '../support/managed.ts'

const apiUrl = 'https://ours.example'
let cio: TestCustomerio

beforeAll(async () => {
  const facts = { apiUrl, org: 'acme', template: 'welcome_email', apiKey: 'planted-api-key' }
  cio = await startTestCustomerio(demoAccount({ ...facts, appApiKey: demoKey, sandboxKey }))
})
afterEach(() => cio.control('DELETE', '/fault'))
afterAll(() => cio.close())

async function ask(action: (deps: ListDeps) => Action, campaign?: string, appApiKey: string | null = demoKey) {
  const deps: ListDeps = {
    apiUrl,
    findOrg: async () => orgNamed('acme'),
    readSecret: async () => (appApiKey === null ? {} : { appApiKey }),
    customerio: (region, apiKey) => cio.client({ region, apiKey, attemptMs: 200, onPause: () => undefined }),
  }
  const signal = AbortSignal.timeout(20_000)
  const who = { org: orgOf('acme'), who: 'user:ann', action: 'GET', signal, body: undefined, query: {} }
  return (await action(deps)({ ...who, path: { campaign } })).body
}

it('lists the workspaces, the campaigns and the actions, and says which action calls us', async () => {
  expect(workspacesAnswerSchema.parse(await ask(listWorkspaces))).toEqual({
    state: 'ok',
    seen: 'Customer.io has 2 workspaces.',
    what_to_do: '',
    workspaces: [
      { id: '131313', name: 'Production' },
      { id: '141414', name: 'Sandbox' },
    ],
  })
  expect(campaignsAnswerSchema.parse(await ask(listCampaigns)).campaigns).toEqual([
    { id: '23', name: 'Welcome', state: 'running' },
    { id: '24', name: 'Win back', state: 'running' },
  ])
  const { actions } = actionsAnswerSchema.parse(await ask(listActions, '23'))
  expect(actions.map(({ id, type, calls_us }) => [id, type, calls_us])).toEqual([
    ['41', 'webhook', true],
    ['42', 'email', false],
    ['43', 'email', false],
  ])
  expect(JSON.stringify(actions)).not.toContain('planted-api-key')
})

describe('tells beside an empty list', () => {
  it('that no key is stored', async () => {
    const answer = await ask(listCampaigns, undefined, null)
    expect(answer).toMatchObject({ state: 'waiting', campaigns: [], seen: expect.stringContaining('No App API key') })
  })

  it('that the key is good for nothing', async () => {
    const answer = await ask(listWorkspaces, undefined, 'mistyped')
    expect(answer).toMatchObject({ state: 'broken', workspaces: [], seen: expect.stringContaining('refused') })
  })

  it('that there is no such campaign, in the workspace or anywhere', async () => {
    expect(await ask(listActions, '99')).toMatchObject({ state: 'broken', actions: [] })
    const malformed = await ask(listActions, 'ann@person.test')
    expect(malformed).toMatchObject({ state: 'broken', actions: [], seen: expect.stringContaining('1 to 19 digits') })
    expect(JSON.stringify(malformed)).not.toContain('ann@person.test')
  })

  it.each([
    ['is over its limit', { mode: 'status', status: 429 }, /over its limit/],
    ['has a fault', { mode: 'status', status: 500 }, /fault of its own/],
    ['is slow', { mode: 'slow', delayMs: 5_000 }, /did not answer in time/],
    ['breaks off', { mode: 'cut' }, /connection to Customer.io broke/],
  ])('that Customer.io %s', async (_name, fault, sentence) => {
    await cio.control('PUT', '/fault', fault)
    const answer = await ask(listActions, '23')
    expect(answer).toMatchObject({ state: 'waiting', actions: [], seen: expect.stringMatching(sentence) })
  })
})
