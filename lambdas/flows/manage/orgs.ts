// Making an org, and reading the log of what was changed in one.
import type { ApiKey } from '../../../contract/api-key.ts'
import type { AuditEntry } from '../../../contract/audit.ts'
import type { OrgSlug } from '../../../contract/ids.ts'
import { pageSize } from '../../../contract/limits.ts'
import type { Org } from '../../../contract/org.ts'
import { orgRequestSchema } from '../../../contract/org-answers.ts'
import { orgLimits } from '../../../contract/rate-limit.ts'
import { Fault } from '../../domain/api/fault.ts'
import { mintApiKey } from '../../domain/settings/api-key.ts'
import { makeOrg } from '../../domain/settings/make-org.ts'
import { showKey } from '../../domain/settings/show-key.ts'
import { showLimits, showSettings } from '../../domain/settings/show-settings.ts'
import { type Action, type OperatorAction, readBody } from './call.ts'

export interface OrgsDeps {
  /** The org, its first key and the entry, or none of them. `exists`: there is such an org. */
  readonly createOrg: (org: Org, key: ApiKey, audit: AuditEntry) => Promise<'stored' | 'exists'>
  /** Newest first, from `next` on. */
  readonly listAudit: (
    org: OrgSlug,
    limit: number,
    next?: string,
  ) => Promise<{ readonly entries: readonly AuditEntry[]; readonly next?: string | undefined }>
  readonly apiUrl: string
  readonly stage: string
  readonly now: () => number
  readonly randomBytes: (count: number) => Uint8Array
}

export function createOrg(deps: OrgsDeps): OperatorAction {
  return async (call) => {
    const asked = readBody(orgRequestSchema, call)
    const org = makeOrg(asked.org, asked.name)
    const terms = { scopes: ['admin' as const], createdAtMs: deps.now(), name: 'First key' }
    const { key, stored } = mintApiKey(deps.stage, terms, deps.randomBytes)
    const settings = showSettings(org, deps.apiUrl)
    const entry = {
      atMs: deps.now(),
      who: call.who,
      action: call.action,
      what: 'settings',
      before: null,
      after: settings,
    }
    if ((await deps.createOrg(org, stored, entry)) === 'exists') throw new Fault('org.exists')
    return {
      body: { settings: { ...settings, limits: showLimits(orgLimits) }, admin_key: { key, ...showKey(stored) } },
    }
  }
}

export function readAudit({ listAudit }: OrgsDeps): Action {
  return async ({ org, query }) => {
    if (query.next !== undefined && !/^\d{13}#[0-9a-f]{12}$/.test(query.next)) {
      throw new Fault('query.invalid', [{ path: 'next', message: 'Allowed: what the page before answered as `next`.' }])
    }
    const page = await listAudit(org, pageSize, query.next)
    const entries = page.entries.map(({ atMs, ...entry }) => ({ at: new Date(atMs).toISOString(), ...entry }))
    return { body: { entries, next: page.next ?? null } }
  }
}
