// One look at every org, one after the other: what it should be told, and whether Customer.io's calls for it are refused.
import type { OrgSlug } from '../../../contract/ids.ts'
import type { Sighting } from '../../domain/health/health-facts.ts'
import { isRefusedForHours } from '../../domain/health/refused-hours.ts'
import { type EvaluateOrgDeps, evaluateOrg } from './evaluate-org.ts'
import { type StateDeps, stateReads } from './state-reads.ts'

type Sending = Pick<EvaluateOrgDeps, 'readAlerts' | 'fire' | 'rearm' | 'listDeliveries' | 'send'>

export interface EvaluateOrgsDeps extends StateDeps, Sending {
  readonly listOrgs: () => Promise<readonly OrgSlug[]>
  readonly listSightings: (org: OrgSlug) => Promise<readonly Sighting[]>
  readonly onRefused: (org: OrgSlug) => void
  readonly onFailed: (org: OrgSlug, cause: unknown) => void
}

/** Alerts that are news, those that are over; orgs that could not be looked at, and orgs that have been refused for hours. */
export interface Evaluated {
  readonly fired: number
  readonly over: number
  readonly failed: number
  readonly refused: number
}

/** What fails of one org keeps no other from being looked at; nothing of it is sent or re-armed. */
export async function evaluateOrgs(deps: EvaluateOrgsDeps): Promise<Evaluated> {
  const totals = { fired: 0, over: 0, failed: 0, refused: 0 }
  for (const org of await deps.listOrgs()) {
    const [alerts, refused] = await Promise.allSettled([
      evaluateOrg({ ...deps, ...stateReads(deps) }, org),
      isRefused(deps, org),
    ])
    if (alerts.status === 'fulfilled') {
      totals.fired += alerts.value.fired
      totals.over += alerts.value.over
    }
    if (refused.status === 'fulfilled' && refused.value) {
      totals.refused++
      deps.onRefused(org)
    }
    const failures = [alerts, refused].filter((each) => each.status === 'rejected')
    for (const { reason } of failures) deps.onFailed(org, reason)
    if (failures.length > 0) totals.failed++
  }
  return totals
}

async function isRefused({ findOrg, listSightings, now }: EvaluateOrgsDeps, org: OrgSlug): Promise<boolean> {
  const [settings, sightings] = await Promise.all([findOrg(org), listSightings(org)])
  return isRefusedForHours(sightings, settings?.customerio?.signingKey?.sinceMs, now())
}
