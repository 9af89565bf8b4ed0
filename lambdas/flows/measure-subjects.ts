// Brings outcomes and results up to date with the events of some subjects. Reads, plans, commits, and starts over when
// somebody else was faster; whatever is retried finds nothing left to change.
import { isDeepStrictEqual } from 'node:util'
import { type OrgSlug, type PersonKey, personKeySchema } from '../../contract/ids.ts'
import type { Integration } from '../../contract/integration.ts'
import { maxPersonOutcomes } from '../../contract/limits.ts'
import { resultShards } from '../../contract/tables.ts'
import { isCrowd } from '../domain/measuring/crowd.ts'
import { isErased } from '../domain/measuring/erase.ts'
import { type Group, groupByPerson, type SubjectRef } from '../domain/measuring/group-subjects.ts'
import { actionsOf, type GuardedPlan, isEmpty, joinPlans, mergePlans } from '../domain/measuring/merge-plans.ts'
import { type Placed, personsConcerned, placeOutcomes } from '../domain/measuring/place-outcomes.ts'
import type { MeasureSettings } from '../domain/measuring/plan-measurement.ts'
import { inLanes } from './in-lanes.ts'
import { maxActions, type PlanDeps } from './plan-deps.ts'
import { type GroupPlan, type Look, type Looks, planGroup, readCustomEvents } from './plan-group.ts'

/** What measuring reads and writes. Every read is strongly consistent. */
export interface MeasureDeps extends PlanDeps {
  readonly findSettings: (org: OrgSlug) => Promise<MeasureSettings>
  /** 0 to 1, for the shard of a contended row and for the length of a pause. */
  readonly random: () => number
  readonly pause: (ms: number) => Promise<void>
}

export interface Measured {
  /** Subjects that could not be measured now, with what stood in the way. */
  readonly failed: readonly { readonly subject: SubjectRef; readonly cause: unknown }[]
  /** Attempts that were lost to somebody faster. */
  readonly races: number
  /** How many more deliveries have engagement and no send than before; fewer, when it is negative. */
  readonly unmatched: number
}

const concurrentGroups = 8
const maxAttempts = 12
const longestPauseMs = 400

/** Measures subjects of one org. Never throws for a single subject: what failed is in the answer. */
export async function measureSubjects(
  deps: MeasureDeps,
  org: OrgSlug,
  subjects: readonly SubjectRef[],
): Promise<Measured> {
  const run = new Run({ ...deps, findIntegrations: rememberIntegrations(deps.findIntegrations) }, org)
  await run.measure(subjects)
  return { failed: run.failed, races: run.races, unmatched: run.unmatched }
}

/**
 * Reads each source's integration once, as the org's settings are: what a change of settings makes stale is measured again,
 * later than any batch takes.
 */
function rememberIntegrations(find: PlanDeps['findIntegrations']): PlanDeps['findIntegrations'] {
  const known = new Map<string, Promise<readonly [string, Integration][]>>()
  const read = (org: OrgSlug, source: string) => {
    const reading = known.get(source) ?? find(org, [source]).then((found) => [...found])
    known.set(source, reading)
    reading.catch(() => known.delete(source))
    return reading
  }
  return async (org, sources) => new Map((await Promise.all(sources.map((source) => read(org, source)))).flat())
}

class Run {
  readonly failed: { subject: SubjectRef; cause: unknown }[] = []
  races = 0
  unmatched = 0
  readonly #deps: MeasureDeps
  readonly #places = new Map<SubjectRef, readonly Placed[]>()
  /** Of persons whose own events arrived; for the first attempt. */
  readonly #looks = new Map<PersonKey, Look>()
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
      (group) => this.#plan(group, settings, this.#looks),
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
      const events = await this.#deps.readSubject(this.#org, subject)
      this.#places.set(subject, placeOutcomes(events, identifier))
      return personsConcerned(events, identifier)
    }
    const person = personKeySchema.parse(subject.id)
    const { outcomes } = this.#deps
    const revision = (await outcomes.readRevisions(this.#org, [person])).get(person)
    if (isCrowd(revision)) return []
    const stored = await outcomes.readPerson(this.#org, person, maxPersonOutcomes + 1)
    if (stored.length > maxPersonOutcomes) return [person]
    // Nobody who was erased has a send; what comes of them has to go.
    if (!isErased(revision) && !stored.some(({ outcome }) => outcome.kind === 'send')) return []
    this.#looks.set(person, { revision, stored })
    return [person]
  }

  /** The groups that have to be measured again, each alone. */
  async #commitTogether(bundle: readonly GroupPlan[]): Promise<Group[]> {
    const committed = await this.#commit(joinPlans(bundle), 0)
    if (committed === 'committed') {
      const stale = await Promise.all(bundle.map(async (plan) => ((await this.#isStale(plan)) ? [plan.group] : [])))
      return stale.flat()
    }
    this.races++
    return bundle.map(({ group }) => group)
  }

  async #measureAlone(group: Group, settings: MeasureSettings): Promise<void> {
    const { random, pause } = this.#deps
    let lost = 0
    while (lost < maxAttempts) {
      const plan = await this.#plan(group, settings)
      if (isEmpty(plan) && !plan.partial) return
      const shard = lost === 0 ? 0 : Math.floor(random() * resultShards)
      if (actionsOf(plan) > maxActions) return this.#measureHalves(group, settings)
      if ((await this.#commit(plan, shard)) === 'committed') {
        if (plan.partial) continue
        if (!(await this.#isStale(plan))) return
      }
      this.races++
      lost++
      await pause(random() * Math.min(longestPauseMs, 10 * 2 ** lost))
    }
    throw new Error(`gave up after ${maxAttempts} lost races`)
  }

  async #commit(plan: GuardedPlan, shard: number): Promise<'committed' | 'raced'> {
    const committed = await this.#deps.outcomes.commit(this.#org, plan, shard)
    if (committed === 'committed') for (const { counts } of plan.cells) this.unmatched += counts.unmatched ?? 0
    return committed
  }

  #plan(group: Group, settings: MeasureSettings, looks: Looks = new Map()): Promise<GroupPlan> {
    return planGroup(this.#deps, this.#org, group, settings, (subject) => this.#places.get(subject), looks)
  }

  /**
   * Whether custom events came or went while a plan made with the ones before was committed. The arrival of an event that
   * counts for nothing yet bumps no revision, so the guard does not see it: of the event's reader and the committer of a
   * send, one always sees what the other wrote, because each writes first and then reads.
   */
  async #isStale({ customs }: GroupPlan): Promise<boolean> {
    if (customs === undefined) return false
    return !isDeepStrictEqual(await readCustomEvents(this.#deps, this.#org, [...customs.keys()]), customs)
  }

  /** A group of so many persons that their revisions leave no room: each half by itself concerns fewer of them. */
  async #measureHalves({ subjects }: Group, settings: MeasureSettings): Promise<void> {
    if (subjects.length < 2) throw new Error('one subject makes more changes than a transaction takes')
    const middle = Math.ceil(subjects.length / 2)
    for (const half of [subjects.slice(0, middle), subjects.slice(middle)]) {
      const persons = new Set<PersonKey>()
      for (const subject of half) for (const person of await this.#personsOf(subject, settings)) persons.add(person)
      await this.#measureAlone({ subjects: half, persons: [...persons].toSorted() }, settings)
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
