// What a stand-in account at Customer.io holds: workspaces with their App API keys, campaigns, reporting webhooks and
// messages. In memory; filled by whoever drives it.
import { randomBytes } from 'node:crypto'
import { isRecord, type Json, type JsonRecord, listAt, recordAt, textAt } from '../json.ts'

/** A reporting webhook. The signing key is shown to people in Customer.io's pages and never by its API. */
export type Webhook = { readonly workspace: string; readonly signingKey: string; readonly resource: JsonRecord }
export type Message = {
  readonly workspace: string
  readonly resource: JsonRecord
  readonly createdSeconds: number
  readonly metrics: Readonly<Record<string, number>>
}
export type Campaign = {
  readonly workspace: string
  readonly resource: JsonRecord
  readonly actions: readonly JsonRecord[]
}

export type Account = {
  readonly region: string
  readonly workspaces: readonly JsonRecord[]
  /** App API key -> the workspace it was made in. */
  readonly keys: ReadonlyMap<string, string>
  readonly campaigns: readonly Campaign[]
  /** By id. */
  readonly webhooks: Map<number, Webhook>
  /** By delivery id, in the order they were made. */
  readonly messages: Map<string, Message>
}

export const emptyAccount = (): Account => ({
  region: 'us',
  workspaces: [],
  keys: new Map(),
  campaigns: [],
  webhooks: new Map(),
  messages: new Map(),
})

/**
 * Reads `{region, workspaces, keys: [{key, workspace}], campaigns: [{workspace, …, actions}], reporting_webhooks:
 * [{workspace, signing_key, …}]}`; what it lacks is empty.
 */
export const readAccount = (given: Json): Account => ({
  ...emptyAccount(),
  region: textAt(given, 'region'),
  workspaces: listAt(given, 'workspaces').filter(isRecord),
  keys: new Map(listAt(given, 'keys').map((entry) => [textAt(entry, 'key'), textAt(entry, 'workspace')])),
  campaigns: listAt(given, 'campaigns').map((entry) => {
    const { workspace: _workspace, actions: _actions, ...resource } = recordAt(entry)
    return { workspace: textAt(entry, 'workspace'), resource, actions: listAt(entry, 'actions').filter(isRecord) }
  }),
  webhooks: new Map(
    listAt(given, 'reporting_webhooks').map((entry, at) => {
      const { workspace: _workspace, signing_key: _key, ...resource } = recordAt(entry)
      const [workspace, signingKey] = [textAt(entry, 'workspace'), textAt(entry, 'signing_key')]
      return [at + 1, { workspace, signingKey, resource: { ...resource, id: at + 1, type: 'webhook' } }]
    }),
  ),
})

/** Makes a signing key as Customer.io's pages show one. */
export const makeSigningKey = (): string => randomBytes(32).toString('hex')

/** The campaign as the API lists it: its actions by id and type only. */
export const campaignResource = ({ resource, actions }: Campaign): JsonRecord => ({
  ...resource,
  actions: actions.map((action) => ({ id: action.id ?? null, type: action.type ?? null })),
})
