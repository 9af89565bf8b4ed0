// What has to change so that the stored outcomes and results follow from the stored events. Pure: the same reads give the
// same plan, and a plan made when nothing is left to change is empty.
import { isDeepStrictEqual } from 'node:util'
import type { PersonIdentifier, PersonKey, TemplateId } from '../../../contract/ids.ts'
import type { Integration } from '../../../contract/integration.ts'
import type { ActionCall, EventFact, Served, Unsent } from '../../../contract/outcome.ts'
import type { CellChange } from '../../../contract/result-cell.ts'
import { contribute } from './contribute.ts'
import { explainOfCrowd } from './crowd.ts'
import { explainSend } from './explain-send.ts'
import type { MetricsInForce } from './metric-rules.ts'
import { type Place, type Placed, placeOutcomes, type SubjectEvents } from './place-outcomes.ts'
import { joinChanges, sumCells } from './sum-cells.ts'
import { type ExplainedPlace, tallySends } from './tally-sends.ts'

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

/** Finds the integration of a source; undefined while none names it. */
export type FindIntegration = (source: string) => Integration | undefined

/** What an org has set that decides outcomes. */
export interface MeasureSettings {
  readonly identifier: PersonIdentifier
  readonly metrics: MetricsInForce
}

/** What a plan for persons is made from, each read after their revisions: first their outcomes, then the events. */
export interface PersonReads {
  readonly subjects: readonly SubjectEvents[]
  /** Every outcome of the persons; of crowds those that the subjects' events can have placed. */
  readonly stored: readonly Stored[]
  /** Persons who are none: their outcomes are not looked at among one another. */
  readonly crowds: ReadonlySet<PersonKey>
  /** The custom events of each person. */
  readonly customs: ReadonlyMap<PersonKey, readonly EventFact[]>
}

/**
 * Plans for everything that some subjects' events can change among the outcomes of the persons they concern. What does not
 * fit `maxActions` comes as a part: outcomes of other deliveries first, because only a subject's own outcomes, written
 * last, say that the rest was done.
 */
export function planPersons(
  { subjects, stored, customs, crowds }: PersonReads,
  settings: MeasureSettings,
  findIntegration: FindIntegration,
  maxActions: number,
): OutcomePlan & { partial: boolean } {
  const placed = subjects.flatMap((subject) => placeOutcomes(subject, settings.identifier))
  const own = ownSubjects(subjects)
  const untouched = stored.filter((item) => !own.has(subjectOwner(item)))
  const wanted = explainAll([...untouched, ...placed], findIntegration, { customs, crowds }, settings.metrics)
  const storedByPlace = new Map(stored.map((item) => [placeName(item), item]))
  const wantedPlaces = new Set(wanted.map(placeName))
  const writes = wanted
    .map((placed) => ({ placed, before: storedByPlace.get(placeName(placed)) }))
    .filter(({ placed, before }) => !isDeepStrictEqual(before?.outcome, placed.outcome))
    .map(({ placed, before }) => ({ placed, over: before?.revision }))
  const removals = stored.filter((item) => own.has(subjectOwner(item)) && !wantedPlaces.has(placeName(item)))
  const whole = { writes, removals, cells: cellsOf(writes, removals, storedByPlace) }
  if (actions(whole) <= maxActions) return { ...whole, partial: false }
  return takePart(whole, own, storedByPlace, maxActions)
}

/** As many of the changes as fit, at least one; those of one delivery or serve stay together, because it may move. */
function takePart(
  { writes, removals }: OutcomePlan,
  own: ReadonlySet<string>,
  storedByPlace: ReadonlyMap<string, Stored>,
  maxActions: number,
): OutcomePlan & { partial: boolean } {
  const owners = [...new Set([...writes.map(({ placed }) => placed), ...removals].map(subjectOwner))]
  const ordered = [...owners.filter((owner) => !own.has(owner)), ...owners.filter((owner) => own.has(owner))]
  let part: OutcomePlan | undefined
  const taken = new Set<string>()
  for (const owner of ordered) {
    taken.add(owner)
    const some = writes.filter(({ placed }) => taken.has(subjectOwner(placed)))
    const gone = removals.filter((item) => taken.has(subjectOwner(item)))
    const next = { writes: some, removals: gone, cells: cellsOf(some, gone, storedByPlace) }
    if (part !== undefined && actions(next) > maxActions) return { ...part, partial: true }
    part = next
  }
  return { writes, removals, cells: part?.cells ?? [], partial: false }
}

function actions({ writes, removals, cells }: OutcomePlan): number {
  return writes.length + removals.length + cells.length
}

/**
 * Plans for a subject of which only engagement is new: each of its outcomes stands where its events put it, with the facts
 * that joined it unchanged. Undefined when that is not so, and the persons have to be looked at.
 */
export function planEngagement(
  subject: SubjectEvents,
  stored: readonly Stored[],
  { identifier, metrics }: MeasureSettings,
): OutcomePlan | undefined {
  const storedByPlace = new Map(stored.map((item) => [placeName(item), item]))
  const writes: OutcomeWrite[] = []
  for (const placed of placeOutcomes(subject, identifier)) {
    const before = storedByPlace.get(placeName(placed))
    const merged = before && keepExplanation(placed, before, metrics)
    if (merged === undefined) return undefined
    if (!isDeepStrictEqual(before?.outcome, merged.outcome)) writes.push({ placed: merged, over: before?.revision })
  }
  return { writes, removals: [], cells: cellsOf(writes, [], storedByPlace) }
}

/** The new engagement with the standing explanation; undefined when a fact that explains has changed. */
function keepExplanation(placed: Placed, before: Stored, metrics: MetricsInForce): Placed | undefined {
  const next = placed.outcome
  const standing = before.outcome
  if (next.kind === 'serve') return isDeepStrictEqual(next, standing) ? placed : undefined
  if (standing.kind !== next.kind) return undefined
  const sameFacts =
    next.source === standing.source && next.actionId === standing.actionId && next.journeyId === standing.journeyId
  if (!sameFacts) return undefined
  if (next.kind === 'unsent') return { ...placed, outcome: withTemplate(next, standing.templateId) }
  if (next.kind === 'action') {
    const unlisted = standing.kind === 'action' && standing.unlisted === true
    return { ...placed, outcome: withAction(next, standing.templateId, unlisted) }
  }
  if (standing.kind !== 'send') return undefined
  if (!isDeepStrictEqual(next.pinned, standing.pinned) || next.more !== standing.more) return undefined
  if (metrics.anchorsOnDelivered && next.deliveredAtMs !== standing.deliveredAtMs) return undefined
  const { templateId, arm, copyId, stratum, rule, tallies, cut } = standing
  const explanation = {
    ...(templateId !== undefined && { templateId }),
    ...(arm !== undefined && { arm }),
    ...(copyId !== undefined && { copyId }),
    ...(stratum !== undefined && { stratum }),
    rule,
    ...(tallies !== undefined && { tallies }),
    ...(cut !== undefined && { cut }),
  }
  return { ...placed, outcome: { ...next, ...explanation } }
}

/** Every outcome with its template, every send with the serve that explains it and the events it earned, among one another. */
function explainAll(
  all: readonly Placed[],
  findIntegration: FindIntegration,
  { customs, crowds }: Pick<PersonReads, 'customs' | 'crowds'>,
  metrics: MetricsInForce,
): Placed[] {
  const serves = all.filter(isServe).filter(({ person }) => !crowds.has(person))
  const servesByPerson = Map.groupBy(serves, ({ person }) => person)
  const sends: ExplainedPlace[] = []
  const others = all.flatMap(({ person, atMs, subject, outcome }): Placed[] => {
    const place = { person, atMs, subject }
    if (outcome.kind === 'serve') return [{ ...place, outcome }]
    const integration = outcome.source === undefined ? undefined : findIntegration(outcome.source)
    if (outcome.kind === 'unsent') return [{ ...place, outcome: withTemplate(outcome, integration?.templateId) }]
    if (outcome.kind === 'action') {
      const unlisted = integration !== undefined && !listsAction(integration, outcome)
      return [{ ...place, outcome: withAction(outcome, integration?.templateId, unlisted) }]
    }
    const { templateId: _t, arm: _a, copyId: _c, stratum: _s, rule: _r, tallies: _e, ...rest } = outcome
    const { cut: _cut, ...facts } = rest
    if (crowds.has(person)) {
      const explanation = explainOfCrowd(outcome.actionId, integration)
      const cut = explanation.templateId !== undefined && { cut: true as const }
      return [{ ...place, outcome: { ...facts, ...explanation, ...cut } }]
    }
    const explained = explainSend({ ...place, outcome }, integration, servesByPerson.get(person) ?? [])
    sends.push({ placed: { ...place, outcome: { ...facts, ...explained.explanation } }, serve: explained.serve })
    return []
  })
  return [...others, ...tallySends(sends, serves, customs, metrics)]
}

/** What the changes do to results, outcome by outcome: cells in which they cancel one another out are among them. */
function cellsOf(
  writes: readonly OutcomeWrite[],
  removals: readonly Stored[],
  storedByPlace: ReadonlyMap<string, Stored>,
): CellChange[] {
  const written = writes.flatMap(({ placed }) => {
    const before = storedByPlace.get(placeName(placed))
    return sumCells(contribute(placed), before === undefined ? [] : contribute(before))
  })
  return joinChanges([...written, ...removals.flatMap((removed) => sumCells([], contribute(removed)))])
}

/** Where an outcome stands; two outcomes never stand in one place. */
export function placeName({ person, atMs, subject }: Place): string {
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

function withTemplate(outcome: Unsent, templateId: TemplateId | undefined): Unsent {
  const { templateId: _before, ...facts } = outcome
  return templateId === undefined ? facts : { ...facts, templateId }
}

function withAction(outcome: ActionCall, templateId: TemplateId | undefined, unlisted: boolean): ActionCall {
  const { templateId: _before, unlisted: _listed, ...facts } = outcome
  return { ...facts, ...(templateId !== undefined && { templateId }), ...(unlisted && { unlisted }) }
}

function listsAction({ webhookActionIds }: Integration, { actionId }: ActionCall): boolean {
  return actionId !== undefined && webhookActionIds.includes(actionId)
}

/** The sources of some events and outcomes. */
export function sourcesOf(events: readonly SubjectEvents[], stored: readonly Stored[]): string[] {
  const sources = new Set<string>()
  for (const { messages } of events) for (const { source } of messages) if (source) sources.add(source)
  for (const { outcome } of stored) if (outcome.kind !== 'serve' && outcome.source) sources.add(outcome.source)
  return [...sources]
}
