// The org's settings: read, and changed. Secrets are written between two writes of the org: the first keeps everybody
// else away from them, the second tells of them, so that no answer ever claims a key that is not stored.
import type { ApiKey } from '../../../contract/api-key.ts'
import type { AuditEntry } from '../../../contract/audit.ts'
import type { OrgSlug } from '../../../contract/ids.ts'
import type { Integration } from '../../../contract/integration.ts'
import { secretHoldMs } from '../../../contract/limits.ts'
import type { Org } from '../../../contract/org.ts'
import type { OrgLimits } from '../../../contract/rate-limit.ts'
import type { OrgSecret } from '../../../contract/secrets.ts'
import { type SettingsChange, settingsChangeSchema } from '../../../contract/settings.ts'
import { Fault } from '../../domain/api/fault.ts'
import { restatedByOrg } from '../../domain/measuring/restate.ts'
import {
  changeOrg,
  changeSecret,
  nextRevision,
  tellSecret,
  touchesSecret,
} from '../../domain/settings/change-settings.ts'
import { showLimits, showSettings } from '../../domain/settings/show-settings.ts'
import { type Action, type Call, checkIfMatch, etagOf, type Reply, readBody } from './call.ts'
import { type TellDeps, tellRestatements } from './tell-restatements.ts'

export interface SettingsDeps extends TellDeps {
  readonly findOrg: (org: OrgSlug, signal?: AbortSignal) => Promise<Org | undefined>
  /** Writes `after` over `before`, and the entry with it. `changed`: something else stands there; nothing was written. */
  readonly changeOrg: (before: Org, after: Org, audit?: AuditEntry) => Promise<'stored' | 'changed'>
  /** The limits in force. */
  readonly readRateLimits: (org: OrgSlug, signal?: AbortSignal) => Promise<OrgLimits>
  readonly listApiKeys: (org: OrgSlug) => Promise<readonly ApiKey[]>
  readonly listIntegrations: (org: OrgSlug) => Promise<readonly Integration[]>
  readonly secrets: {
    /** The secret as it stands now; empty when none was ever stored. */
    readonly read: (org: OrgSlug, signal?: AbortSignal) => Promise<OrgSecret>
    /** Begins nothing once the signal is aborted: a write after the answer could meet the next one. */
    readonly write: (org: OrgSlug, secret: OrgSecret, signal?: AbortSignal) => Promise<void>
  }
  readonly apiUrl: string
  readonly now: () => number
}

export function readSettings(deps: SettingsDeps): Action {
  return async (call) => reply(await getOrg(deps, call), deps, call)
}

export function putSettings(deps: SettingsDeps): Action {
  return async (call) => {
    const change = readBody(settingsChangeSchema, call)
    const before = await getOrg(deps, call)
    checkIfMatch(call, before.revision)
    const fixed = change.person_identifier !== undefined && (await mayHaveEvents(deps, before))
    const after = changeOrg(before, change, fixed)
    const stored = touchesSecret(change)
      ? await storeWithSecret(deps, call, before, change, after)
      : await store(deps, call, before, before, after)
    return reply(stored, deps, call)
  }
}

/** The org of a call; whoever got here has proven that it exists, so its absence is a passing fault. */
async function getOrg({ findOrg }: SettingsDeps, { org, signal }: Call): Promise<Org> {
  const found = await findOrg(org, signal)
  if (found === undefined) throw new Fault('auth.failed')
  return found
}

/** Whether anything is set up by which events of people could have come. */
async function mayHaveEvents({ listApiKeys, listIntegrations }: SettingsDeps, org: Org): Promise<boolean> {
  if (org.webhookSignature === 'required') return true
  const [keys, integrations] = await Promise.all([listApiKeys(org.org), listIntegrations(org.org)])
  return integrations.length > 0 || keys.some(({ scopes }) => scopes.some((scope) => scope !== 'admin'))
}

async function storeWithSecret(
  deps: SettingsDeps,
  call: Call,
  before: Org,
  change: SettingsChange,
  changed: Org,
): Promise<Org> {
  const nowMs = deps.now()
  if ((before.secretsHeldUntilMs ?? 0) > nowMs) throw new Fault('settings.changed')
  const held: Org = { ...before, revision: nextRevision(before), secretsHeldUntilMs: nowMs + secretHoldMs }
  if ((await deps.changeOrg(before, held)) === 'changed') throw new Fault('settings.changed')
  const standing = await deps.secrets.read(call.org, call.signal)
  const next = changeSecret(standing, change)
  call.signal.throwIfAborted()
  await deps.secrets.write(call.org, next, call.signal)
  const { secretsHeldUntilMs: _, ...free } = tellSecret(changed, standing, next, nowMs)
  return store(deps, call, before, held, { ...free, revision: nextRevision(held) })
}

/** `shown` is the org as it was before the change began, for the audit log. */
async function store(deps: SettingsDeps, call: Call, shown: Org, before: Org, after: Org): Promise<Org> {
  const entry: AuditEntry = {
    atMs: deps.now(),
    who: call.who,
    action: call.action,
    what: 'settings',
    before: showSettings(shown, deps.apiUrl),
    after: showSettings(after, deps.apiUrl),
  }
  if ((await deps.changeOrg(before, after, entry)) === 'changed') throw new Fault('settings.changed')
  await tellRestatements(deps, call.org, restatedByOrg(before, after))
  return after
}

async function reply(org: Org, { apiUrl, readRateLimits }: SettingsDeps, { signal }: Call): Promise<Reply> {
  const limits = showLimits(await readRateLimits(org.org, signal))
  return { body: { ...showSettings(org, apiUrl), limits }, etag: etagOf(org.revision) }
}
