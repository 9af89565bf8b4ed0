// Whether an org exists and what it has set, from memory for a moment.
import type { OrgSlug } from '../../contract/ids.ts'
import { settingsCacheMs, unknownOrgCacheMs } from '../../contract/limits.ts'
import type { Org } from '../../contract/org.ts'
import { makeCache } from './cache.ts'

export type FindOrg = (org: OrgSlug) => Promise<Org | undefined>

const maxKnownOrgs = 1_000
const maxUnknownOrgs = 5_000

/** Keeps what it read for `settingsCacheMs`; orgs that do not exist for a moment, apart, so junk displaces nobody. */
export function makeOrgLookup(findOrg: FindOrg, now: () => number): FindOrg {
  const known = makeCache<Org>({ maxEntries: maxKnownOrgs, lifeMs: settingsCacheMs, now })
  const unknown = makeCache<true>({ maxEntries: maxUnknownOrgs, lifeMs: unknownOrgCacheMs, now })
  return async (org) => {
    if (unknown.find(org)) return undefined
    const found = await known.load(org, () => findOrg(org))
    if (found === undefined) unknown.keep(org, true)
    return found
  }
}
