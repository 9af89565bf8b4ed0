// Brings outcomes and results up to date with the events of some subjects. Reads, plans, commits, and starts over when
// somebody else was faster; whatever is retried finds nothing left to change.
import { isDeepStrictEqual } from 'node:util'
import { type OrgSlug, type PersonKey, personKeySchema } from '../../contract/ids.ts'
import type { Integration } from '../../contract/integration.ts'
import type { EventFact } from '../../contract/outcome.ts'
import { resultShards } from '../../contract/tables.ts'
import { isErased } from '../domain/erase.ts'
import { type Group, groupByPerson, type SubjectRef } from '../domain/group-subjects.ts'
import { actionsOf, type GuardedPlan, isEmpty, joinPlans, mergePlans } from '../domain/merge-plans.ts'
import { type Placed, personsConcerned, placeOutcomes, type SubjectEvents } from '../domain/place-outcomes.ts'
import { type MeasureSettings, planEngagement, planPersons, type Stored } from '../domain/plan-measurement.ts'
import { inLanes } from './in-lanes.ts'

/** What measuring reads and writes. Every read is strongly consistent. */
export interface MeasureDeps {
  readonly readSubject: (org: OrgSlug, subject: SubjectRef) => Promise<SubjectEvents>
  /** Deletes the events of a subject that names a person who was erased. */
  readonly forgetSubject: (org: OrgSlug, subject: SubjectRef) => Promise<unknown>
  /** The custom events of a person that are kept under the person. */
  readonly readCustomEvents: (org: OrgSlug, person: PersonKey) => Promise<EventFact[]>
  readonly findSettings: (org: OrgSlug) => Promise<MeasureSettings>
  readonly findIntegrations: (org: OrgSlug, sources: readonly string[]) => Promise<Map<string, Integration>>
  readonly outcomes: {
    readonly readRevisions: (org: OrgSlug, persons: readonly PersonKey[]) => Promise<Map<PersonKey, string | undefined>>
    readonly readPerson: (org: OrgSlug, person: PersonKey) => Promise<Stored[]>
    readonly readAt: (org: OrgSlug, places: readonly Placed[]) => Promise<Stored[]>
    readonly commit: (org: OrgSlug, plan: GuardedPlan, shard: number) => Promise<'committed' | 'raced'>
  }
  /** 0 to 1, for the shard of a contended row and for the length of a pause. */
  readonly random: () => number
  readonly pause: (ms: number) => Promise<void>
}

export interface Measured {
  /** Subjects that could not be measured now, with what stood in the way. */
  readonly failed: readonly { readonly subject: SubjectRef; readonly cause: unknown }[]
  /** Attempts that were lost to somebody faster. */
  readonly races: number
}

/** DynamoDB takes 100 actions in a transaction. */
const maxActions = 100
const concurrentGroups = 8
const maxAttempts = 12
const longestPauseMs = 400

interface GroupPlan extends GuardedPlan {
  readonly group: Group
  /** More is left to do for this group after this plan. */
  readonly partial: boolean
  /** The custom events that it was made with; absent when it does not depend on any. */
  readonly customs?: CustomEvents
}

type CustomEvents = ReadonlyMap<PersonKey, readonly EventFact[]>

/** Measures subjects of one org. Never throws for a single subject: what failed is in the answer. */
export async function measureSubjects(
  deps: MeasureDeps,
  org: OrgSlug,
  subjects: readonly SubjectRef[],
): Promise<Measured> {
  const run = new Run(deps, org)
  await run.measure(subjects)
  return { failed: run.failed, races: run.races }
}

/** A group's plan before it is known whose it is. */
type Plan = Omit<GroupPlan, 'group'>

class Run {
  readonly failed: { subject: SubjectRef; cause: unknown }[] = []
  races = 0
  readonly #deps: MeasureDeps
  readonly #org: OrgSlug

  constructor(deps: MeasureDeps, org: OrgSlug) {
    this.#deps = deps
    this.#org = org
  }

  /** Settings that cannot be read are a failure of these subjects, not of the other orgs in the batch. */
  async measure(subjects: readonly SubjectRef[]): Promise<void> {
    await this.#eachSafely(
      [subjects],
      (all) => all,
      async (all) => this.#measureBy(await this.#deps.findSettings(this.#org), all),
    )
  }

  async #measureBy(settings: MeasureSettings, subjects: readonly SubjectRef[]): Promise<void> {
    const concerned = await this.#eachSafely(
      subjects,
      (subject) => [subject],
      async (subject) => ({ subject, persons: await this.#personsOf(subject, settings) }),
    )
    const groups = groupByPerson(concerned.filter(({ persons }) => persons.length > 0))
    const plans = await this.#eachSafely(
      groups,
      ({ subjects }) => subjects,
      (group) => this.#plan(group, settings),
    )
    const bundles = mergePlans(
      plans.filter((plan) => !isEmpty(plan) && !plan.partial),
      maxActions,
    )
    const unfinished = plans.filter(({ partial }) => partial).map(({ group }) => group)
    const again = await this.#eachSafely(
      bundles,
      (bundle) => bundle.flatMap(({ group }) => group.subjects),
      (bundle) => this.#commitTogether(bundle),
    )
    await this.#eachSafely(
      [...unfinished, ...again.flat()],
      ({ subjects }) => subjects,
      (group) => this.#measureAlone(group, settings),
    )
  }

  /**
   * The persons that a subject concerns. Custom events of a person who was sent nothing change nothing: whoever commits a
   * send of that person later looks at the events again.
   */
  async #personsOf(subject: SubjectRef, { identifier }: MeasureSettings): Promise<PersonKey[]> {
    if (subject.kind !== 'person') {
      return personsConcerned(await this.#deps.readSubject(this.#org, subject), identifier)
    }
    const person = personKeySchema.parse(subject.id)
    const { outcomes } = this.#deps
    const stored = await outcomes.readPerson(this.#org, person)
    if (stored.some(({ outcome }) => outcome.kind === 'send')) return [person]
    // Nobody who was erased has a send; what comes of them has to go.
    const revisions = await outcomes.readRevisions(this.#org, [person])
    return isErased(revisions.get(person)) ? [person] : []
  }

  /** The groups that have to be measured again, each alone. */
  async #commitTogether(bundle: readonly GroupPlan[]): Promise<Group[]> {
    const committed = await this.#deps.outcomes.commit(this.#org, joinPlans(bundle), 0)
    if (committed === 'committed') {
      const stale = await Promise.all(bundle.map(async (plan) => ((await this.#isStale(plan)) ? [plan.group] : [])))
      return stale.flat()
    }
    this.races++
    return bundle.map(({ group }) => group)
  }

  async #measureAlone(group: Group, settings: MeasureSettings): Promise<void> {
    const { outcomes, random, pause } = this.#deps
    let lost = 0
    while (lost < maxAttempts) {
      const plan = await this.#plan(group, settings)
      if (isEmpty(plan) && !plan.partial) return
      const shard = lost === 0 ? 0 : Math.floor(random() * resultShards)
      if (actionsOf(plan) > maxActions) return this.#measureHalves(group, settings)
      if ((await outcomes.commit(this.#org, plan, shard)) === 'committed') {
        if (plan.partial) continue
        if (!(await this.#isStale(plan))) return
      }
      this.races++
      lost++
      await pause(random() * Math.min(longestPauseMs, 10 * 2 ** lost))
    }
    throw new Error(`gave up after ${maxAttempts} lost races`)
  }

  /**
   * Whether custom events came or went while a plan made with the ones before was committed. The arrival of an event that
   * counts for nothing yet bumps no revision, so the guard does not see it: of the event's reader and the committer of a
   * send, one always sees what the other wrote, because each writes first and then reads.
   */
  async #isStale({ customs }: GroupPlan): Promise<boolean> {
    if (customs === undefined) return false
    return !isDeepStrictEqual(await this.#readCustomEvents([...customs.keys()]), customs)
  }

  async #readCustomEvents(persons: readonly PersonKey[]): Promise<CustomEvents> {
    const read = async (person: PersonKey) => [person, await this.#deps.readCustomEvents(this.#org, person)] as const
    return new Map(await Promise.all(persons.map(read)))
  }

  /** A group of so many persons that their revisions leave no room; those of a single subject always do. */
  async #measureHalves(group: Group, settings: MeasureSettings): Promise<void> {
    if (group.subjects.length < 2) throw new Error('one subject makes more changes than a transaction takes')
    const middle = Math.ceil(group.subjects.length / 2)
    await this.#measureAlone({ ...group, subjects: group.subjects.slice(0, middle) }, settings)
    await this.#measureAlone({ ...group, subjects: group.subjects.slice(middle) }, settings)
  }

  async #plan(group: Group, settings: MeasureSettings): Promise<GroupPlan> {
    const plan = (await this.#planEngagement(group, settings)) ?? (await this.#planPersons(group, settings))
    return { ...plan, group, partial: plan.partial || actionsOf(plan) > maxActions }
  }

  /** The cheap way, for a group of which nothing but engagement is new: revisions of the outcomes first, then the events. */
  async #planEngagement({ subjects }: Group, settings: MeasureSettings): Promise<Plan | undefined> {
    if (subjects.some(({ joins }) => joins)) return undefined
    const { readSubject, outcomes } = this.#deps
    const plans: GuardedPlan[] = []
    for (const subject of subjects) {
      const places = placeOutcomes(await readSubject(this.#org, subject), settings.identifier)
      const stored = await outcomes.readAt(this.#org, places)
      if (stored.length < places.length) return undefined
      const plan = planEngagement(await readSubject(this.#org, subject), stored, settings)
      if (plan === undefined) return undefined
      plans.push({ ...plan, guards: [] })
    }
    return { ...joinPlans(plans), partial: false }
  }

  /** The whole way: the persons' revisions first, then their outcomes, then the events. */
  async #planPersons(group: Group, settings: MeasureSettings): Promise<Plan> {
    const { readSubject, findIntegrations, outcomes } = this.#deps
    const partitions = group.subjects.filter(({ kind }) => kind !== 'person')
    let persons = group.persons
    while (true) {
      const revisions = await outcomes.readRevisions(this.#org, persons)
      const erased = new Set(persons.filter((person) => isErased(revisions.get(person))))
      if (erased.size > 0) {
        await this.#forget(group.subjects, erased, settings)
        persons = persons.filter((person) => !erased.has(person))
        continue
      }
      const stored = (await Promise.all(persons.map((person) => outcomes.readPerson(this.#org, person)))).flat()
      const subjects = await Promise.all(partitions.map((subject) => readSubject(this.#org, subject)))
      const known = new Set(persons)
      const concerned = new Set(subjects.flatMap((subject) => personsConcerned(subject, settings.identifier)))
      if (!concerned.isSubsetOf(known)) {
        persons = [...known.union(concerned)]
        continue
      }
      const customs = await this.#readCustomEvents(persons)
      const integrations = await findIntegrations(this.#org, sourcesOf(subjects, stored))
      const plan = planPersons(
        { subjects, stored, customs },
        settings,
        (source) => integrations.get(source),
        maxActions - persons.length,
      )
      return { ...plan, customs, guards: persons.map((person) => ({ person, over: revisions.get(person) })) }
    }
  }

  /** What came late, or was under way, when a person was erased: it is deleted and measured no more. */
  async #forget(
    subjects: readonly SubjectRef[],
    erased: ReadonlySet<PersonKey>,
    { identifier }: MeasureSettings,
  ): Promise<void> {
    const { readSubject, forgetSubject } = this.#deps
    for (const subject of subjects) {
      const concerned =
        subject.kind === 'person'
          ? [personKeySchema.parse(subject.id)]
          : personsConcerned(await readSubject(this.#org, subject), identifier)
      if (concerned.some((person) => erased.has(person))) await forgetSubject(this.#org, subject)
    }
  }

  /** Runs one task per item, several at once; an item that throws takes only its own subjects with it. */
  async #eachSafely<T, R>(
    items: readonly T[],
    subjectsOf: (item: T) => readonly SubjectRef[],
    task: (item: T) => Promise<R>,
  ): Promise<R[]> {
    const results = await inLanes(items, concurrentGroups, async (item) => {
      try {
        return [await task(item)]
      } catch (cause) {
        for (const subject of subjectsOf(item)) this.failed.push({ subject, cause })
        return []
      }
    })
    return results.flat()
  }
}

function sourcesOf(events: readonly SubjectEvents[], stored: readonly Stored[]): string[] {
  const sources = new Set<string>()
  for (const { messages } of events) for (const { source } of messages) if (source) sources.add(source)
  for (const { outcome } of stored) if (outcome.kind !== 'serve' && outcome.source) sources.add(outcome.source)
  return [...sources]
}
