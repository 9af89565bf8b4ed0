// Asks Customer.io whether the org's App API key, region and workspace are right. Changes nothing anywhere.
import type { Campaign, Workspace } from '../../contract/customerio.ts'
import type { Region } from '../../contract/org.ts'
import { CioFailure, isPassing } from '../domain/health/cio-failure.ts'
import { judgeSettings, type KeyAnswer, type KeySettings } from '../domain/health/judge-settings.ts'
import type { Verified } from './setup/keep-findings.ts'

/** Customer.io as one region's API answers the org's key. */
export interface Account {
  listWorkspaces(): Promise<Workspace[]>
  listCampaigns(): Promise<Campaign[]>
}

/** Without a key there is nobody to ask. */
export type AskRegion = ((region: Region) => Account) | undefined

const maxRunningCampaigns = 100

/** Never throws for what Customer.io answers: that is in the findings. */
export async function verifySettings(ask: AskRegion, settings: KeySettings): Promise<Verified> {
  const answer = await askForKey(ask, settings.region)
  const findings = judgeSettings(settings, answer)
  if (ask === undefined || answer.kind !== 'workspaces') {
    return { findings, conclusive: answer.kind === 'elsewhere' || (answer.kind === 'failed' && !answer.passing) }
  }
  return { findings, conclusive: true, extra: { runningCampaigns: await runningIn(ask(settings.region)) } }
}

async function askForKey(ask: AskRegion, region: Region): Promise<KeyAnswer> {
  if (ask === undefined) return { kind: 'no-key' }
  try {
    return { kind: 'workspaces', workspaces: await ask(region).listWorkspaces() }
  } catch (failure) {
    if (!(failure instanceof CioFailure)) throw failure
    const other = region === 'us' ? 'eu' : 'us'
    if (failure.code === 'refused' && (await takesKey(ask(other)))) return { kind: 'elsewhere', region: other }
    return { kind: 'failed', failure, passing: isPassing(failure) }
  }
}

async function takesKey(account: Account): Promise<boolean> {
  return orWithout(account.listWorkspaces(), false, () => true)
}

/** By id; none when Customer.io does not say: they only help health to look for campaigns without a template. */
async function runningIn(account: Account): Promise<string[]> {
  return orWithout(account.listCampaigns(), [], (campaigns) =>
    campaigns
      .filter(({ state, active }) => state === 'running' || (!state && active === true))
      .map(({ id }) => id)
      .slice(0, maxRunningCampaigns),
  )
}

async function orWithout<T, R>(call: Promise<T>, without: R, read: (answer: T) => R): Promise<R> {
  try {
    return read(await call)
  } catch (failure) {
    if (!(failure instanceof CioFailure)) throw failure
    return without
  }
}
