// Asks Customer.io whether the org's App API key, region and workspace are right. Changes nothing anywhere.
import type { Finding } from '../../contract/check.ts'
import type { Region, Workspace } from '../../contract/customerio.ts'
import { CioFailure, isPassing } from '../domain/cio-failure.ts'
import { judgeSettings, type KeyAnswer, type KeySettings } from '../domain/judge-settings.ts'

/** Lists the workspaces of the org's key, as one region's API answers. Undefined: no key is stored. */
export type ListWorkspaces = ((region: Region) => Promise<readonly Workspace[]>) | undefined

export async function verifySettings(listWorkspaces: ListWorkspaces, settings: KeySettings): Promise<Finding[]> {
  return judgeSettings(settings, await askForKey(listWorkspaces, settings.region))
}

async function askForKey(listWorkspaces: ListWorkspaces, region: Region): Promise<KeyAnswer> {
  if (listWorkspaces === undefined) return { kind: 'no-key' }
  try {
    return { kind: 'workspaces', workspaces: await listWorkspaces(region) }
  } catch (failure) {
    if (!(failure instanceof CioFailure)) throw failure
    const other = region === 'us' ? 'eu' : 'us'
    if (failure.code === 'refused' && (await isTaken(listWorkspaces, other)))
      return { kind: 'elsewhere', region: other }
    return { kind: 'failed', failure, passing: isPassing(failure) }
  }
}

async function isTaken(listWorkspaces: NonNullable<ListWorkspaces>, region: Region): Promise<boolean> {
  try {
    await listWorkspaces(region)
    return true
  } catch (failure) {
    if (!(failure instanceof CioFailure)) throw failure
    return false
  }
}
