// What has to change so that the stored outcomes and results follow from the stored events. Pure: the same reads give the
// same plan, and a plan made when nothing is left to change is empty.
import { isDeepStrictEqual } from 'node:util'
import type { PersonIdentifier, TemplateId } from '../../contract/ids.ts'
import type { Integration } from '../../contract/integration.ts'
import type { ActionCall, Served, Unsent } from '../../contract/outcome.ts'
import type { CellChange } from '../../contract/result-cell.ts'
import { contribute } from './contribute.ts'
import { explainSend } from './explain-send.ts'
import { type Placed, placeOutcomes, type SubjectEvents } from './place-outcomes.ts'
import { sumCells } from './sum-cells.ts'

/** An outcome as stored, with the revision that a write of it must still find. */
export interface Stored extends Placed {
  readonly revision: string
}

/** One outcome to write: over the revision that was read, or where nothing stood. */
export interface OutcomeWrite {
  readonly placed: Placed
  readonly over: string | undefined
}

export interface OutcomePlan {
  readonly writes: readonly OutcomeWrite[]
  readonly removals: readonly Stored[]
  readonly cells: readonly CellChange[]
}

/** Kept free in a transaction for the persons' revisions. */
const spareActions = 10

/** Finds the integration of a source; undefined while none names it. */
export type FindIntegration = (source: string) => Integration | undefined

/**
 * Plans for everything that some subjects' events can change among the outcomes of the persons they concern. What does not
 * fit `maxActions` comes as a part: outcomes of other deliveries first, because only a subject's own outcomes, written
 * last, say that the rest was done.
 * @param stored every outcome of those persons, read after their revisions and before the events
 */
export function planPersons(
  subjects: readonly SubjectEvents[],
  stored: readonly Stored[],
  identifier: PersonIdentifier,
  findIntegration: FindIntegration,
  maxActions: number,
): OutcomePlan & { partial: boolean } {
  const wanted = subjects.flatMap((subject) => placeOutcomes(subject, identifier))
  const own = ownSubjects(subjects)
  const untouched = stored.filter((item) => !own.has(subjectOwner(item)))
  const explained = explainAll([...untouched, ...wanted], findIntegration)
  const storedByPlace = new Map(stored.map((item) => [placeName(item), item]))
  const wantedPlaces = new Set(explained.map(placeName))
  const writes = explained
    .map((placed) => ({ placed, before: storedByPlace.get(placeName(placed)) }))
    .filter(({ placed, before }) => !isDeepStrictEqual(before?.outcome, placed.outcome))
    .map(({ placed, before }) => ({ placed, over: before?.revision }))
  const removals = stored.filter((item) => own.has(subjectOwner(item)) && !wantedPlaces.has(placeName(item)))
  const cells = cellsOf(writes, removals, storedByPlace)
  const dependents = writes.filter(({ placed }) => !own.has(subjectOwner(placed)))
  if (writes.length + removals.length + cells.length + spareActions <= maxActions || dependents.length === 0) {
    return { writes, removals, cells, partial: false }
  }
  const part = dependents.slice(0, Math.floor((maxActions - spareActions) / 3))
  return { writes: part, removals: [], cells: cellsOf(part, [], storedByPlace), partial: true }
}

/**
 * Plans for a subject of which only engagement is new: each of its outcomes stands where its events put it, with the facts
 * that joined it unchanged. Undefined when that is not so, and the persons have to be looked at.
 */
export function planEngagement(
  subject: SubjectEvents,
  stored: readonly Stored[],
  identifier: PersonIdentifier,
): OutcomePlan | undefined {
  const storedByPlace = new Map(stored.map((item) => [placeName(item), item]))
  const writes: OutcomeWrite[] = []
  for (const placed of placeOutcomes(subject, identifier)) {
    const before = storedByPlace.get(placeName(placed))
    const merged = before && keepExplanation(placed, before)
    if (merged === undefined) return undefined
    if (!isDeepStrictEqual(before?.outcome, merged.outcome)) writes.push({ placed: merged, over: before?.revision })
  }
  return { writes, removals: [], cells: cellsOf(writes, [], storedByPlace) }
}

/** The new engagement with the standing explanation; undefined when a fact that explains has changed. */
function keepExplanation(placed: Placed, before: Stored): Placed | undefined {
  const next = placed.outcome
  const standing = before.outcome
  if (next.kind === 'serve') return isDeepStrictEqual(next, standing) ? placed : undefined
  if (standing.kind !== next.kind) return undefined
  const sameFacts =
    next.source === standing.source && next.actionId === standing.actionId && next.journeyId === standing.journeyId
  if (!sameFacts) return undefined
  if (next.kind !== 'send') return { ...placed, outcome: withTemplate(next, standing.templateId) }
  if (standing.kind !== 'send') return undefined
  const { templateId, arm, copyId, stratum, rule } = standing
  const explanation = {
    ...(templateId !== undefined && { templateId }),
    ...(arm !== undefined && { arm }),
    ...(copyId !== undefined && { copyId }),
    ...(stratum !== undefined && { stratum }),
    rule,
  }
  return { ...placed, outcome: { ...next, ...explanation } }
}

/** Every outcome with its template, and every send with the serve that explains it, among one another. */
function explainAll(all: readonly Placed[], findIntegration: FindIntegration): Placed[] {
  const servesByPerson = Map.groupBy(all.filter(isServe), ({ person }) => person)
  return all.map(({ person, atMs, subject, outcome }) => {
    const place = { person, atMs, subject }
    if (outcome.kind === 'serve') return { ...place, outcome }
    const integration = outcome.source === undefined ? undefined : findIntegration(outcome.source)
    if (outcome.kind !== 'send') return { ...place, outcome: withTemplate(outcome, integration?.templateId) }
    const { templateId: _t, arm: _a, copyId: _c, stratum: _s, rule: _r, ...facts } = outcome
    const explanation = explainSend({ ...place, outcome }, integration, servesByPerson.get(person) ?? [])
    return { ...place, outcome: { ...facts, ...explanation } }
  })
}

function cellsOf(
  writes: readonly OutcomeWrite[],
  removals: readonly Stored[],
  storedByPlace: ReadonlyMap<string, Stored>,
): CellChange[] {
  const after = writes.flatMap(({ placed }) => contribute(placed))
  const replaced = writes.flatMap(({ placed }) => storedByPlace.get(placeName(placed)) ?? [])
  return sumCells(after, [...replaced, ...removals].flatMap(contribute))
}

/** Where an outcome stands; two outcomes never stand in one place. */
export function placeName({ person, atMs, subject }: Placed): string {
  return `${person}#${atMs}#${subject}`
}

/** The delivery or serve that owns an outcome: only its own events may move or remove it. */
function subjectOwner({ subject, outcome }: Placed): string {
  return outcome.kind === 'serve' ? subject : `delivery:${outcome.deliveryId}`
}

function ownSubjects(subjects: readonly SubjectEvents[]): Set<string> {
  return new Set(
    subjects.flatMap(({ messages, serves }) => [
      ...messages.map(({ deliveryId }) => `delivery:${deliveryId}`),
      ...serves.map(({ serveId }) => `serve:${serveId}`),
    ]),
  )
}

function isServe(placed: Placed): placed is Placed<Served> {
  return placed.outcome.kind === 'serve'
}

function withTemplate(outcome: Unsent | ActionCall, templateId: TemplateId | undefined): Unsent | ActionCall {
  const { templateId: _before, ...facts } = outcome
  return templateId === undefined ? facts : { ...facts, templateId }
}
