// What the verify button says of a key, a region and a workspace, asked of the stand-in.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { demoAccount, demoWorkspace } from '../../commands/demo-customerio.ts'
import type { Finding } from '../../contract/check.ts'
import type { Region } from '../../contract/org.ts'
import { verifySettings } from '../../lambdas/flows/verify-settings.ts'
import { demoKey, sandboxKey, startTestCustomerio, type TestCustomerio } from '../support/customerio.ts'

const facts = { apiUrl: 'https://ours.example', org: 'acme', template: 'welcome_email', apiKey: 'ours' }
let cio: TestCustomerio

beforeEach(async () => {
  cio = await startTestCustomerio(demoAccount({ ...facts, appApiKey: demoKey, sandboxKey }))
})
afterEach(() => cio.close())

async function verify(region: Region, workspace: string | undefined, apiKey = demoKey): Promise<readonly Finding[]> {
  return (await verifyWhole(region, workspace, apiKey)).findings
}
function verifyWhole(region: Region, workspace: string | undefined, apiKey = demoKey) {
  const ask = (of: Region) => cio.client({ region: of, apiKey, attemptMs: 200, onPause: () => undefined })
  return verifySettings(ask, { region, workspace })
}
const states = (findings: readonly Finding[]) => findings.map(({ state }) => state)

describe('says of the settings', () => {
  it('that all is well, and that a key does not tell its workspace', async () => {
    const findings = await verify('us', demoWorkspace.id)
    expect(states(findings)).toEqual(['ok', 'ok'])
    expect(findings[1]?.seen).toContain('Production')
    expect(findings.every(({ what_to_do }) => what_to_do === '')).toBe(true)
  })

  it('that no key is stored', async () => {
    const { findings } = await verifySettings(undefined, { region: 'us', workspace: undefined })
    expect(states(findings)).toEqual(['waiting', 'waiting'])
    expect(findings[0]?.what_to_do).toContain('App API Keys')
  })

  it('that the region is the other one', async () => {
    const findings = await verify('eu', demoWorkspace.id)
    expect(states(findings)).toEqual(['broken', 'waiting'])
    expect(findings[0]).toMatchObject({
      seen: expect.stringContaining('US region'),
      what_to_do: 'Set the region to us.',
    })
  })

  it('that the key is good nowhere', async () => {
    const { findings, conclusive } = await verifyWhole('us', demoWorkspace.id, 'mistyped')
    expect(conclusive).toBe(true)
    expect(states(findings)).toEqual(['broken', 'waiting'])
    expect(findings[0]?.seen).toMatch(/refused the App API key.*unauthorized/)
  })

  it('which workspaces there are when another is chosen, or none', async () => {
    const [, other] = await verify('us', '999')
    expect(other).toMatchObject({
      state: 'broken',
      seen: expect.stringContaining('Production (131313), Sandbox (141414)'),
    })
    const [, none] = await verify('us', undefined)
    expect(none).toMatchObject({ state: 'waiting', seen: expect.stringContaining('Sandbox') })
  })
})

it('tells which campaigns run, for health to look for those without a template', async () => {
  const verified = await verifySettings((region) => cio.client({ region }), { region: 'us', workspace: undefined })
  expect(verified).toMatchObject({ conclusive: true, extra: { runningCampaigns: ['23', '24'] } })
})

describe('says what happened, and calls nothing broken, when Customer.io', () => {
  it.each([
    ['is over its limit', { mode: 'status', status: 429 }, /over its limit/],
    ['has a fault', { mode: 'status', status: 500 }, /fault of its own \(status 500\)/],
    ['is slow', { mode: 'slow', delayMs: 5_000 }, /did not answer in time/],
    ['breaks off', { mode: 'cut' }, /connection to Customer.io broke/],
  ])('%s', async (_name, fault, sentence) => {
    await cio.control('PUT', '/fault', fault)
    const { findings, conclusive } = await verifyWhole('us', demoWorkspace.id)
    expect(states(findings)).toEqual(['waiting', 'waiting'])
    // Not kept: the earlier word stands.
    expect(conclusive).toBe(false)
    expect(findings[0]).toMatchObject({
      seen: expect.stringMatching(sentence),
      what_to_do: expect.stringContaining('Nothing was changed'),
    })
  })
})
