// The nightly recount, one org after the other: are counters the sum of outcomes, and what became of every event that was accepted?
// What is left when the time of a call is over the next call takes up; what was found is stored with the org, and so is that it
// was begun: an org whose recount ends the call, or is ended by it, comes after all others the next time.
import type { OrgSlug } from '../../contract/ids.ts'
import type { Org } from '../../contract/org.ts'
import type { RecountBegun, Recounted } from '../../contract/recounted.ts'
import { accountEvents, expectedOutcomes, type Kept, type StoredMessage } from '../domain/measuring/account-events.ts'
import type { Placed } from '../domain/measuring/place-outcomes.ts'
import { Accounts, sumAccounts } from '../domain/measuring/sum-accounts.ts'
import { inLanes } from './in-lanes.ts'
import type { Recount } from './recount-results.ts'

export interface RecountOrgsDeps {
  readonly listOrgs: () => Promise<readonly OrgSlug[]>
  readonly findOrg: (org: OrgSlug) => Promise<Org | undefined>
  readonly findRecounted: (org: OrgSlug) => Promise<Recounted | undefined>
  readonly saveRecounted: (org: OrgSlug, recounted: Recounted) => Promise<void>
  readonly findRecountBegun: (org: OrgSlug) => Promise<RecountBegun | undefined>
  readonly saveRecountBegun: (org: OrgSlug, begun: RecountBegun) => Promise<void>
  readonly recountResults: (org: OrgSlug) => Promise<Recount>
  readonly scanKept: (org: OrgSlug) => AsyncIterable<Kept>
  readonly readAt: (org: OrgSlug, places: readonly Placed[]) => Promise<readonly Placed[]>
  readonly now: () => number
  readonly onFailed: (org: OrgSlug, cause: unknown) => void
  /** What is known before the first org is begun, because a call that is ended in the midst of one tells nothing. */
  readonly onBegin: (known: RecountState) => void
}

export interface RecountState {
  /** As last stored, of all orgs that were ever recounted. */
  readonly stored: ReadonlyMap<OrgSlug, Recounted>
  readonly drift: number
  readonly unaccounted: number
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
/** Measured within seconds; a stream that is further behind has an alarm of its own. */
const settlingMs = 900_000
const deliveriesAtOnce = 40
const lanes = 4

/** `anew`: every org, also those that were recounted since last night. A failing org stops no other. */
export async function recountOrgs(deps: RecountOrgsDeps, untilMs: number, anew = false): Promise<RecountedOrgs> {
  const orgs = await deps.listOrgs()
  const stored = new Map<OrgSlug, Recounted>()
  const begun = new Map<OrgSlug, RecountBegun>()
  for (const org of orgs) {
    const known = await deps.findRecounted(org)
    if (known !== undefined) stored.set(org, known)
    const started = await deps.findRecountBegun(org)
    if (started !== undefined) begun.set(org, started)
  }
  const dueMs = anew ? Number.POSITIVE_INFINITY : lastNight(deps.now())
  const countedAt = (org: OrgSlug) => stored.get(org)?.countedAtMs ?? 0
  const turnOf = (org: OrgSlug) => Math.max(countedAt(org), begun.get(org)?.lastMs ?? 0)
  const due = orgs.filter((org) => countedAt(org) < dueMs).toSorted((a, b) => turnOf(a) - turnOf(b))
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
      const recounted = await recountOrg(deps, org)
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
  const all = [...stored.values()]
  // One that was never recounted waits since it was begun for the first time.
  const neverEnded = [...begun].flatMap(([org, { firstMs }]) => (stored.has(org) ? [] : [nowMs - firstMs]))
  return {
    stored,
    drift: sum(all.map(({ drift }) => drift)),
    unaccounted: sumAccounts(all.flatMap(({ days }) => days)).unaccounted,
    oldestMs: Math.max(0, ...neverEnded, ...all.map(({ countedAtMs }) => nowMs - countedAtMs)),
  }
}

export type RecountOrgDeps = Pick<RecountOrgsDeps, 'findOrg' | 'recountResults' | 'scanKept' | 'readAt' | 'now'>

/** What there is to find of one org. Reads all that is stored of it. */
export async function recountOrg(deps: RecountOrgDeps, org: OrgSlug): Promise<Recounted> {
  const countedAtMs = deps.now()
  const identifier = (await deps.findOrg(org))?.personIdentifier ?? 'id'
  const { drifts } = await deps.recountResults(org)
  const accounts = new Accounts(countedAtMs)
  const account = async (deliveries: readonly (readonly StoredMessage[])[]) => {
    const expected = deliveries.map((messages) => expectedOutcomes(messages, identifier))
    const found = await deps.readAt(org, expected.flat())
    for (const [at, messages] of deliveries.entries()) {
      const fates = accountEvents(messages, expected[at] ?? [], found, countedAtMs - settlingMs)
      for (const [index, { receivedAtMs }] of messages.entries())
        accounts.add(receivedAtMs, fates[index] ?? 'unaccounted')
    }
  }
  for await (const batch of batches(deps.scanKept(org), deliveriesAtOnce * lanes)) {
    for (const kept of batch) if (kept.kind === 'alone') accounts.add(kept.receivedAtMs, kept.fate)
    const deliveries = batch.flatMap((kept) => (kept.kind === 'delivery' ? [kept.messages] : []))
    await inLanes(inPieces(deliveries, deliveriesAtOnce), lanes, account)
  }
  return { countedAtMs, drift: drifts.length, days: accounts.list() }
}

/** The last time that it was one in the morning. */
function lastNight(nowMs: number): number {
  return Math.floor((nowMs - nightMs) / dayMs) * dayMs + nightMs
}

async function* batches<T>(items: AsyncIterable<T>, size: number): AsyncIterable<T[]> {
  let batch: T[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function inPieces<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
