// The nightly recount, one org after the other: are counters the sum of outcomes, and what became of every event that was accepted?
// What is left when the time of a call is over the next call takes up, in the midst of an org too; what was found is stored with the
// org, and so is when it was begun: an org whose recount ends the call, or is ended by it, comes after all others the next time.
import type { OrgSlug } from '../../../contract/ids.ts'
import type { RecountBegun, Recounted, RecountRun } from '../../../contract/recounted.ts'
import { sumAccounts } from '../../domain/measuring/sum-accounts.ts'
import { beginRun, continueRun, findRunUnderWay, type RecountRunDeps } from './recount-run.ts'

export interface RecountOrgsDeps extends RecountRunDeps {
  readonly listOrgs: () => Promise<readonly OrgSlug[]>
  readonly findRecounted: (org: OrgSlug) => Promise<Recounted | undefined>
  readonly saveRecounted: (org: OrgSlug, recounted: Recounted) => Promise<void>
  readonly findRecountBegun: (org: OrgSlug) => Promise<RecountBegun | undefined>
  readonly saveRecountBegun: (org: OrgSlug, begun: RecountBegun) => Promise<void>
  readonly onFailed: (org: OrgSlug, cause: unknown) => void
  /** What is known before the first org is begun, because a call that is ended in the midst of one tells nothing. */
  readonly onBegin: (known: RecountState) => void
}

export interface RecountState {
  /** As last stored, of all orgs that were ever recounted. */
  readonly stored: ReadonlyMap<OrgSlug, Recounted>
  readonly drift: number
  readonly unaccounted: number
  /** The orgs that those two were found of. */
  readonly wrong: readonly { readonly org: OrgSlug; readonly drift: number; readonly unaccounted: number }[]
  /** How long ago the org was recounted that waits longest. */
  readonly oldestMs: number
}

export interface RecountedOrgs extends RecountState {
  /** Recounted by this call, and still due when its time was over or something stood in the way. */
  readonly done: readonly OrgSlug[]
  readonly left: number
}

const dayMs = 86_400_000
/** One in the morning, UTC: the day before is complete. */
const nightMs = 3_600_000

/** `anew`: every org from the beginning, also those that were recounted since last night. A failing org stops no other. */
export async function recountOrgs(deps: RecountOrgsDeps, untilMs: number, anew = false): Promise<RecountedOrgs> {
  const orgs = await deps.listOrgs()
  const stored = new Map<OrgSlug, Recounted>()
  const begun = new Map<OrgSlug, RecountBegun>()
  const underWay = new Map<OrgSlug, RecountRun>()
  for (const org of orgs) {
    const known = await deps.findRecounted(org)
    if (known !== undefined) stored.set(org, known)
    const run = anew ? undefined : await findRunUnderWay(deps, org, known)
    if (run !== undefined) underWay.set(org, run)
    const started = await deps.findRecountBegun(org)
    if (started !== undefined) begun.set(org, started)
  }
  const dueMs = anew ? Number.POSITIVE_INFINITY : lastNight(deps.now())
  const countedAt = (org: OrgSlug) => stored.get(org)?.countedAtMs ?? 0
  const turnOf = (org: OrgSlug) => Math.max(countedAt(org), begun.get(org)?.lastMs ?? 0)
  const isDue = (org: OrgSlug) => countedAt(org) < dueMs || underWay.has(org)
  const due = orgs.filter(isDue).toSorted((a, b) => turnOf(a) - turnOf(b))
  const done: OrgSlug[] = []
  deps.onBegin(stateOf(stored, begun, deps.now()))
  for (const org of due) {
    if (deps.now() >= untilMs) break
    try {
      const nowMs = deps.now()
      const first = begun.get(org)?.firstMs ?? 0
      const started = { firstMs: first > countedAt(org) ? first : nowMs, lastMs: nowMs }
      await deps.saveRecountBegun(org, started)
      begun.set(org, started)
      const run = underWay.get(org) ?? (await beginRun(deps, org))
      const recounted = await continueRun(deps, org, run, untilMs)
      if (recounted === undefined) break
      await deps.saveRecounted(org, recounted)
      stored.set(org, recounted)
      done.push(org)
    } catch (cause) {
      deps.onFailed(org, cause)
    }
  }
  return { done, left: due.length - done.length, ...stateOf(stored, begun, deps.now()) }
}

function stateOf(
  stored: ReadonlyMap<OrgSlug, Recounted>,
  begun: ReadonlyMap<OrgSlug, RecountBegun>,
  nowMs: number,
): RecountState {
  const found = [...stored].map(([org, { drift, days }]) => {
    return { org, drift, unaccounted: sumAccounts(days).unaccounted }
  })
  // One that was never recounted waits since it was begun for the first time.
  const neverEnded = [...begun].flatMap(([org, { firstMs }]) => (stored.has(org) ? [] : [nowMs - firstMs]))
  return {
    stored,
    drift: sum(found.map(({ drift }) => drift)),
    unaccounted: sum(found.map(({ unaccounted }) => unaccounted)),
    wrong: found.filter(({ drift, unaccounted }) => drift + unaccounted > 0),
    oldestMs: Math.max(0, ...neverEnded, ...[...stored.values()].map(({ countedAtMs }) => nowMs - countedAtMs)),
  }
}

/** The last time that it was one in the morning. */
function lastNight(nowMs: number): number {
  return Math.floor((nowMs - nightMs) / dayMs) * dayMs + nightMs
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
