// What Customer.io's word on an App API key says of the org's settings: is the key good, the region right, the workspace there.
import type { Finding } from '../../../contract/check.ts'
import type { Workspace } from '../../../contract/customerio.ts'
import type { Region } from '../../../contract/org.ts'
import { type CioFailure, explainFailure } from './cio-failure.ts'

export interface KeySettings {
  readonly region: Region
  /** The workspace that the org chose, by id or by name. */
  readonly workspace: string | undefined
}

/** `elsewhere`: the other region takes the key that this one refuses. */
export type KeyAnswer =
  | { readonly kind: 'no-key' }
  | { readonly kind: 'workspaces'; readonly workspaces: readonly Workspace[] }
  | { readonly kind: 'elsewhere'; readonly region: Region }
  | { readonly kind: 'failed'; readonly failure: CioFailure; readonly passing: boolean }

const regionNames = { us: 'US', eu: 'EU' } as const
const keyLight = { id: 'customerio.key', title: 'Customer.io App API key and region' } as const
const workspaceLight = { id: 'customerio.workspace', title: 'Customer.io workspace' } as const

/** Two lights: the key with its region, and the workspace. */
export function judgeSettings(settings: KeySettings, answer: KeyAnswer): Finding[] {
  return [judgeKey(settings, answer), judgeWorkspace(settings, answer)]
}

function judgeKey({ region }: KeySettings, answer: KeyAnswer): Finding {
  switch (answer.kind) {
    case 'no-key':
      return {
        ...keyLight,
        state: 'waiting',
        seen: 'No App API key is stored yet.',
        what_to_do:
          'At Customer.io, open Workspace settings, API and Webhook Credentials, App API Keys; create a key named JustAI and store it here.',
      }
    case 'workspaces':
      return {
        ...keyLight,
        state: 'ok',
        seen: `Customer.io's ${regionNames[region]} region accepts the key.`,
        what_to_do: '',
      }
    case 'elsewhere':
      return {
        ...keyLight,
        state: 'broken',
        seen: `The key is good in Customer.io's ${regionNames[answer.region]} region, but the settings say ${regionNames[region]}.`,
        what_to_do: `Set the region to ${answer.region}.`,
      }
    case 'failed':
      return { ...keyLight, state: answer.passing ? 'waiting' : 'broken', ...explainFailure(answer.failure) }
  }
}

function judgeWorkspace({ workspace }: KeySettings, answer: KeyAnswer): Finding {
  if (answer.kind !== 'workspaces') {
    const seen = 'Customer.io has not told which workspaces there are.'
    return { ...workspaceLight, state: 'waiting', seen, what_to_do: 'See to the App API key first.' }
  }
  const names = answer.workspaces.map(({ id, name }) => `${name ?? 'unnamed'} (${id})`)
  const listed = `The account has ${names.length === 0 ? 'no workspace' : names.slice(0, 20).join(', ')}.`
  if (workspace === undefined) {
    const what_to_do = 'Choose the workspace in which the App API key was created.'
    return { ...workspaceLight, state: 'waiting', seen: `No workspace is chosen yet. ${listed}`, what_to_do }
  }
  const chosen = answer.workspaces.find(({ id, name }) => id === workspace || name === workspace)
  if (chosen === undefined) {
    return {
      ...workspaceLight,
      state: 'broken',
      seen: `The chosen workspace is not in the account of this key. ${listed}`,
      what_to_do: 'Choose one of these, or store a key that was created in the workspace that you mean.',
    }
  }
  return {
    ...workspaceLight,
    state: 'ok',
    seen: `The account has the workspace ${chosen.name ?? chosen.id}. A key does not tell which workspace it is of: the campaign's light shows that.`,
    what_to_do: '',
  }
}
