// What has to change for a group of subjects: reads what its plan depends on, in the order that the guards need, and has it
// planned. Writes nothing, but deletes what came of persons who were erased, and takes apart what was joined under a crowd's name.
import { type OrgSlug, type PersonKey, personKeySchema } from '../../contract/ids.ts'
import { maxPersonOutcomes } from '../../contract/limits.ts'
import type { EventFact } from '../../contract/outcome.ts'
import { isCrowd, placesUnder } from '../domain/measuring/crowd.ts'
import { isErased } from '../domain/measuring/erase.ts'
import type { Group, SubjectRef } from '../domain/measuring/group-subjects.ts'
import { actionsOf, type GuardedPlan, joinPlans } from '../domain/measuring/merge-plans.ts'
import {
  type Place,
  type Placed,
  personsConcerned,
  placeOutcomes,
  type SubjectEvents,
} from '../domain/measuring/place-outcomes.ts'
import {
  type MeasureSettings,
  placeName,
  planEngagement,
  planPersons,
  type Stored,
  sourcesOf,
} from '../domain/measuring/plan-measurement.ts'
import { maxActions, type PlanDeps } from './plan-deps.ts'
import { scatterCrowd } from './scatter-crowd.ts'

export interface GroupPlan extends GuardedPlan {
  readonly group: Group
  /** More is left to do for this group after this plan. */
  readonly partial: boolean
  /** The custom events that it was made with; absent when it does not depend on any. */
  readonly customs?: CustomEvents
}

export type CustomEvents = ReadonlyMap<PersonKey, readonly EventFact[]>

/** A group's plan before it is known whose it is. */
type Plan = Omit<GroupPlan, 'group'>

/** Where the outcomes of a subject stood when it was first looked at, if it was. Only a hint: what stands there is read anew. */
export type FindPlaces = (subject: SubjectRef) => readonly Placed[] | undefined

/** What stood of a person when they were looked at: the revision was read first. */
export interface Look {
  readonly revision: string | undefined
  readonly stored: readonly Stored[]
}

/** Looks that may stand in for reading: a plan over a person who has changed since fails at its guard. */
export type Looks = ReadonlyMap<PersonKey, Look>

/** Plans a group: the cheap way where nothing but engagement is new, else the whole way. */
export async function planGroup(
  deps: PlanDeps,
  org: OrgSlug,
  group: Group,
  settings: MeasureSettings,
  findPlaces: FindPlaces,
  looks: Looks,
): Promise<GroupPlan> {
  const plan =
    (await planGroupEngagement(deps, org, group, settings, findPlaces)) ??
    (await planGroupPersons(deps, org, group, settings, looks))
  return { ...plan, group, partial: plan.partial || actionsOf(plan) > maxActions }
}

/** The custom events of some persons that are kept under them. */
export async function readCustomEvents(
  deps: Pick<PlanDeps, 'readCustomEvents'>,
  org: OrgSlug,
  persons: readonly PersonKey[],
): Promise<CustomEvents> {
  const read = async (person: PersonKey) => [person, await deps.readCustomEvents(org, person)] as const
  return new Map(await Promise.all(persons.map(read)))
}

/** The cheap way, for a group of which nothing but engagement is new: revisions of the outcomes first, then the events. */
async function planGroupEngagement(
  deps: PlanDeps,
  org: OrgSlug,
  { subjects }: Group,
  settings: MeasureSettings,
  findPlaces: FindPlaces,
): Promise<Plan | undefined> {
  if (subjects.some(({ joins }) => joins)) return undefined
  const { readSubject, outcomes } = deps
  const plans: GuardedPlan[] = []
  for (const subject of subjects) {
    const places = findPlaces(subject) ?? placeOutcomes(await readSubject(org, subject), settings.identifier)
    const stored = await outcomes.readAt(org, places)
    if (stored.length < places.length) return undefined
    const plan = planEngagement(await readSubject(org, subject), stored, settings)
    if (plan === undefined) return undefined
    plans.push({ ...plan, guards: [] })
  }
  return { ...joinPlans(plans), partial: false }
}

/** The whole way: the persons' revisions first, then their outcomes, then the events. */
async function planGroupPersons(
  deps: PlanDeps,
  org: OrgSlug,
  group: Group,
  settings: MeasureSettings,
  looks: Looks,
): Promise<Plan> {
  const { readSubject, findIntegrations, outcomes } = deps
  const partitions = group.subjects.filter(({ kind }) => kind !== 'person')
  let persons = group.persons
  while (true) {
    const unseen = persons.filter((person) => !looks.has(person))
    const read = await outcomes.readRevisions(org, unseen)
    const revisions = new Map(persons.map((person) => [person, looks.get(person)?.revision ?? read.get(person)]))
    const erased = new Set(persons.filter((person) => isErased(revisions.get(person))))
    if (erased.size > 0) {
      await forget(deps, org, group.subjects, erased, settings)
      persons = persons.filter((person) => !erased.has(person))
      continue
    }
    const crowds = new Set(persons.filter((person) => isCrowd(revisions.get(person))))
    const each = persons.filter((person) => !crowds.has(person))
    const storedOf = async (person: PersonKey) =>
      looks.get(person)?.stored ?? outcomes.readPerson(org, person, maxPersonOutcomes + 1)
    const whole = await Promise.all(each.map(storedOf))
    const grown = each.filter((_, at) => (whole[at] ?? []).length > maxPersonOutcomes)
    if (grown.length > 0) {
      for (const person of grown) await scatterCrowd(deps, org, person, settings)
      continue
    }
    const places = crowds.size > 0 ? await crowdPlaces(deps, org, partitions, crowds, settings) : []
    const stored = [...whole.flat(), ...(places.length > 0 ? await outcomes.readAt(org, places) : [])]
    const subjects = await Promise.all(partitions.map((subject) => readSubject(org, subject)))
    const known = new Set(persons)
    const concerned = new Set(subjects.flatMap((subject) => personsConcerned(subject, settings.identifier)))
    if (!concerned.isSubsetOf(known)) {
      persons = [...known.union(concerned)]
      continue
    }
    const looked = new Set(places.map(placeName))
    const standUnder = subjects.flatMap((subject) => placesUnder(crowds, subject, settings.identifier))
    if (!standUnder.every((place) => looked.has(placeName(place)))) continue
    const customs = await readCustomEvents(deps, org, haveSends(subjects, stored, settings) ? each : [])
    const integrations = await findIntegrations(org, sourcesOf(subjects, stored))
    const plan = planPersons(
      { subjects, stored, customs, crowds },
      settings,
      (source) => integrations.get(source),
      maxActions - each.length,
    )
    return { ...plan, customs, guards: each.map((person) => ({ person, over: revisions.get(person) })) }
  }
}

/** Where outcomes of some subjects may stand under crowds: to be read before the events are read for the plan. */
async function crowdPlaces(
  { readSubject }: PlanDeps,
  org: OrgSlug,
  subjects: readonly SubjectRef[],
  crowds: ReadonlySet<PersonKey>,
  { identifier }: MeasureSettings,
): Promise<Place[]> {
  const events = await Promise.all(subjects.map((subject) => readSubject(org, subject)))
  return events.flatMap((subject) => placesUnder(crowds, subject, identifier))
}

/** What came late, or was under way, when a person was erased: it is deleted and measured no more. */
async function forget(
  { readSubject, forgetSubject }: PlanDeps,
  org: OrgSlug,
  subjects: readonly SubjectRef[],
  erased: ReadonlySet<PersonKey>,
  { identifier }: MeasureSettings,
): Promise<void> {
  for (const subject of subjects) {
    const concerned =
      subject.kind === 'person'
        ? [personKeySchema.parse(subject.id)]
        : personsConcerned(await readSubject(org, subject), identifier)
    if (concerned.some((person) => erased.has(person))) await forgetSubject(org, subject)
  }
}

/** Without sends custom events count for nothing, and need no reading: whoever commits a send later looks at them. */
function haveSends(
  events: readonly SubjectEvents[],
  stored: readonly Stored[],
  { identifier }: MeasureSettings,
): boolean {
  const placed = events.flatMap((subject) => placeOutcomes(subject, identifier))
  return [...stored, ...placed].some(({ outcome }) => outcome.kind === 'send')
}
