// Counts anew what a changed setting counts otherwise: walks the deliveries of the sources concerned and measures each, in
// two passes, a page at a time, saving where it is. A delivery that cannot be measured is set aside and tried again at the
// end. Whoever finds that another went on stops; whatever is done twice changes nothing.
import type { OrgSlug } from '../../contract/ids.ts'
import type { Integration } from '../../contract/integration.ts'
import { maxSetAside, type Restatement, type RestatementCursor } from '../../contract/restatement.ts'
import type { ResultScope } from '../../contract/result-cell.ts'
import { sourceShards } from '../../contract/tables.ts'
import type { SubjectRef } from '../domain/measuring/group-subjects.ts'
import { waitBefore } from '../domain/measuring/restate.ts'
import type { Measured } from './measure-subjects.ts'

export interface RemeasureDeps {
  readonly find: (org: OrgSlug, id: string) => Promise<Restatement | undefined>
  readonly save: (org: OrgSlug, before: Restatement, progress: Partial<Restatement>) => Promise<Restatement | undefined>
  readonly finish: (org: OrgSlug, before: Restatement) => Promise<'done' | 'lost'>
  readonly listIntegrations: (org: OrgSlug) => Promise<readonly Integration[]>
  readonly nextDay: (org: OrgSlug, scopes: readonly ResultScope[], day: string) => Promise<string | undefined>
  readonly readPage: (
    org: OrgSlug,
    cursor: RestatementCursor,
  ) => Promise<{ readonly deliveries: readonly string[]; readonly after?: string }>
  readonly measure: (org: OrgSlug, subjects: readonly SubjectRef[]) => Promise<Measured>
  readonly now: () => number
}

/**
 * `more`: to be taken up again, after a while when it says so. `lost`: somebody else has it. `aside`: everything else is
 * counted anew; what could not be measured, with what stood in the way of the first, is tried again by the schedule.
 */
export type Remeasured =
  | { readonly kind: 'done' | 'gone' | 'lost' }
  | { readonly kind: 'more'; readonly waitMs: number }
  | { readonly kind: 'aside'; readonly deliveries: number; readonly cause: unknown }

/** Goes on with one restatement until it is done or the time is up. @throws when more than single deliveries fail */
export async function remeasureSources(
  deps: RemeasureDeps,
  org: OrgSlug,
  id: string,
  untilMs: number,
): Promise<Remeasured> {
  let current = await deps.find(org, id)
  if (current === undefined) return { kind: 'gone' }
  const sources = await sourcesOf(deps, org, current)
  while (deps.now() < untilMs) {
    const waitMs = waitBefore(current, deps.now())
    if (waitMs > 0) return { kind: 'more', waitMs }
    if (current.pass === 3) return measureAside(deps, org, current)
    const cursor = current.cursor ?? (await firstDay(deps, org, sources, sources[0], ''))
    const step = cursor && (await measurePage(deps, org, sources, cursor))
    const deliveries = current.deliveries + (step?.measured ?? 0)
    const aside = addAside(current.aside, step?.failed ?? [])
    if (step?.next === undefined && current.pass === 2 && aside.length === 0) {
      return { kind: await deps.finish(org, current) }
    }
    current = await deps.save(org, current, { ...progressOf(current, step?.next, aside), deliveries })
    if (current === undefined) return { kind: 'lost' }
  }
  return { kind: 'more', waitMs: 0 }
}

/** A source with everything that its results stand under: its own name while unmapped, then its template's. */
interface RestatedSource {
  readonly source: string
  readonly scopes: readonly ResultScope[]
}

/** In a fixed order, so that a cursor finds its place again. */
async function sourcesOf(deps: RemeasureDeps, org: OrgSlug, { what }: Restatement): Promise<RestatedSource[]> {
  const mapped = what.kind === 'source' ? [what] : await deps.listIntegrations(org)
  return mapped
    .map(({ source, templateId }) => ({ source, scopes: [`~${source}`, templateId] }))
    .toSorted((a, b) => (a.source < b.source ? -1 : 1))
}

/** The first page after a day of a source, or of the sources that follow. */
async function firstDay(
  deps: RemeasureDeps,
  org: OrgSlug,
  sources: readonly RestatedSource[],
  from: RestatedSource | undefined,
  afterDay: string,
): Promise<RestatementCursor | undefined> {
  if (from === undefined) return undefined
  const day = await deps.nextDay(org, from.scopes, afterDay)
  if (day !== undefined) return { source: from.source, day, shard: 0, after: '' }
  return firstDay(deps, org, sources, sources[sources.indexOf(from) + 1], '')
}

/** Where it stands after a page. The second pass looks at what the first set aside anyway. */
function progressOf(
  { pass }: Restatement,
  next: RestatementCursor | undefined,
  aside: readonly string[],
): Partial<Restatement> {
  if (next === undefined && pass === 1) return { pass: 2, aside: [] }
  return { ...(next === undefined ? { pass: 3 } : { cursor: next }), aside: [...aside] }
}

/** Measures one page; answers how many deliveries it had, which could not be measured, and which page is next. */
async function measurePage(
  deps: RemeasureDeps,
  org: OrgSlug,
  sources: readonly RestatedSource[],
  cursor: RestatementCursor,
): Promise<{ measured: number; failed: readonly Failed[]; next: RestatementCursor | undefined }> {
  const { deliveries, after } = await deps.readPage(org, cursor)
  const failed = await measureEach(deps, org, deliveries)
  const next = after === undefined ? await pageAfter(deps, org, sources, cursor) : { ...cursor, after }
  return { measured: deliveries.length - failed.length, failed, next }
}

interface Failed {
  readonly id: string
  readonly cause: unknown
}

/** Measures deliveries together and, of those that failed, each by itself: one that is bad takes others with it. */
async function measureEach(deps: RemeasureDeps, org: OrgSlug, deliveries: readonly string[]): Promise<Failed[]> {
  if (deliveries.length === 0) return []
  const refOf = (id: string): SubjectRef => ({ kind: 'delivery', id, joins: true })
  const together = await deps.measure(org, deliveries.map(refOf))
  const failed: Failed[] = []
  for (const { subject } of together.failed) {
    const [alone] = (await deps.measure(org, [refOf(subject.id)])).failed
    if (alone !== undefined) failed.push({ id: subject.id, cause: alone.cause })
  }
  return failed
}

/** @throws when it is too many for a fault of single deliveries */
function addAside(aside: readonly string[] = [], failed: readonly Failed[]): string[] {
  const all = [...new Set([...aside, ...failed.map(({ id }) => id)])]
  if (all.length <= maxSetAside) return all
  throw new Error(`more than ${maxSetAside} deliveries could not be measured`, { cause: failed[0]?.cause })
}

/** What is left once everything else is counted anew. */
async function measureAside(deps: RemeasureDeps, org: OrgSlug, current: Restatement): Promise<Remeasured> {
  const failed = await measureEach(deps, org, current.aside ?? [])
  const [first] = failed
  if (first === undefined) return { kind: await deps.finish(org, current) }
  const saved = await deps.save(org, current, { aside: failed.map(({ id }) => id) })
  return saved === undefined ? { kind: 'lost' } : { kind: 'aside', deliveries: failed.length, cause: first.cause }
}

/** Of the next shard, day or source. A source that is mapped no longer is left out, and the walk goes on behind it. */
async function pageAfter(
  deps: RemeasureDeps,
  org: OrgSlug,
  sources: readonly RestatedSource[],
  { source, day, shard }: RestatementCursor,
): Promise<RestatementCursor | undefined> {
  if (shard + 1 < sourceShards) return { source, day, shard: shard + 1, after: '' }
  const same = sources.find((each) => each.source === source)
  if (same !== undefined) return firstDay(deps, org, sources, same, day)
  return firstDay(
    deps,
    org,
    sources,
    sources.find((each) => each.source > source),
    '',
  )
}
