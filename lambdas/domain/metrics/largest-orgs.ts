// The orgs that a stage's load comes from: few, because each is a series of its own that is paid by the month.
import type { OrgSlug } from '../../../contract/ids.ts'
import type { Recounted } from '../../../contract/recounted.ts'

const most = 10

/** By events of the latest month, the largest first. */
export function largestOrgs(stored: ReadonlyMap<OrgSlug, Recounted>): { org: OrgSlug; accepted: number }[] {
  const sums = [...stored].map(([org, { days }]) => {
    const latest = days.filter(({ day }) => day !== 'earlier')
    return { org, accepted: latest.reduce((sum, { accepted }) => sum + accepted, 0) }
  })
  return sums.toSorted((a, b) => b.accepted - a.accepted).slice(0, most)
}
