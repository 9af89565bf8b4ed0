// API keys of an org: made and shown once, listed without themselves, revoked.
import type { ApiKey } from '../../../contract/api-key.ts'
import type { AuditEntry } from '../../../contract/audit.ts'
import type { OrgSlug } from '../../../contract/ids.ts'
import { keyRequestSchema } from '../../../contract/key-answers.ts'
import { maxKeys, maxLiveKeys } from '../../../contract/limits.ts'
import { Fault } from '../../domain/api/fault.ts'
import { mintApiKey } from '../../domain/settings/api-key.ts'
import { isLive, showKey } from '../../domain/settings/show-key.ts'
import { type Action, type Call, readBody } from './call.ts'

export interface KeysDeps {
  readonly listApiKeys: (org: OrgSlug) => Promise<readonly ApiKey[]>
  readonly countMadeKeys: (org: OrgSlug) => Promise<number>
  readonly changeApiKey: (
    org: OrgSlug,
    before: ApiKey | undefined,
    after: ApiKey,
    audit: AuditEntry,
    made?: number,
  ) => Promise<'stored' | 'changed'>
  readonly stage: string
  readonly now: () => number
  /** Fit for secrets. */
  readonly randomBytes: (count: number) => Uint8Array
}

export function listKeys({ listApiKeys }: KeysDeps): Action {
  return async ({ org }) => {
    const keys = (await listApiKeys(org)).toSorted((a, b) => b.createdAtMs - a.createdAtMs)
    return { body: { keys: keys.map(showKey) } }
  }
}

export function makeKey(deps: KeysDeps): Action {
  return async (call) => {
    const asked = readBody(keyRequestSchema, call)
    const scopes = [...new Set(asked.scopes)].sort()
    const made = await deps.countMadeKeys(call.org)
    const live = (await deps.listApiKeys(call.org)).filter((key) => isLive(key, deps.now()))
    const alike = live.filter((key) => key.scopes.toSorted().join() === scopes.join())
    if (alike.length >= maxLiveKeys || live.length >= maxKeys) throw new Fault('key.too_many')
    const expiresAtMs = asked.expires_at ? Date.parse(asked.expires_at) : undefined
    const terms = {
      scopes,
      createdAtMs: deps.now(),
      ...(asked.name !== undefined && { name: asked.name }),
      ...(expiresAtMs !== undefined && { expiresAtMs }),
    }
    const { key, stored } = mintApiKey(deps.stage, terms, deps.randomBytes)
    await write(deps, call, undefined, stored, made)
    return { body: { key, ...showKey(stored) } }
  }
}

/** Revoking again changes nothing. */
export function revokeKey(deps: KeysDeps): Action {
  return async (call) => {
    const known = (await deps.listApiKeys(call.org)).find(({ keyId }) => keyId === call.path.key)
    if (known === undefined) throw new Fault('key.unknown')
    if (known.revokedAtMs !== undefined) return { body: showKey(known) }
    const revoked = { ...known, revokedAtMs: deps.now() }
    await write(deps, call, known, revoked)
    return { body: showKey(revoked) }
  }
}

async function write(
  deps: KeysDeps,
  { org, who, action }: Call,
  before: ApiKey | undefined,
  after: ApiKey,
  made?: number,
) {
  const entry: AuditEntry = {
    atMs: deps.now(),
    who,
    action,
    what: `key:${after.keyId}`,
    before: before === undefined ? null : showKey(before),
    after: showKey(after),
  }
  if ((await deps.changeApiKey(org, before, after, entry, made)) === 'changed') throw new Fault('settings.changed')
}
