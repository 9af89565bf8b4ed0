// One look at every org, one after the other.
import type { OrgSlug } from '../../../contract/ids.ts'
import { type EvaluateOrgDeps, evaluateOrg } from './evaluate-org.ts'
import { type StateDeps, stateReads } from './state-reads.ts'

type Sending = Pick<EvaluateOrgDeps, 'readAlerts' | 'fire' | 'rearm' | 'listDeliveries' | 'send'>

export interface EvaluateOrgsDeps extends StateDeps, Sending {
  readonly listOrgs: () => Promise<readonly OrgSlug[]>
  readonly onFailed: (org: OrgSlug, cause: unknown) => void
}

/** Alerts that are news, those that are over, and orgs that could not be looked at. */
export interface Evaluated {
  readonly fired: number
  readonly over: number
  readonly failed: number
}

/** What fails of one org keeps no other from being looked at; nothing of it is sent or re-armed. */
export async function evaluateOrgs(deps: EvaluateOrgsDeps): Promise<Evaluated> {
  const totals = { fired: 0, over: 0, failed: 0 }
  for (const org of await deps.listOrgs()) {
    try {
      const { fired, over } = await evaluateOrg({ ...deps, ...stateReads(deps) }, org)
      totals.fired += fired
      totals.over += over
    } catch (cause) {
      totals.failed++
      deps.onFailed(org, cause)
    }
  }
  return totals
}
