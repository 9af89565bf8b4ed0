// A name that turned out to be a crowd's: what was joined under it while it was taken for a person is taken apart, and then the
// name is marked. In this order, so that whoever dies in between leaves nothing joined that nobody looks at again. Nobody joins
// anything meanwhile: whoever reads as many outcomes comes here first, and whoever read fewer meets another revision.
import type { OrgSlug, PersonKey } from '../../contract/ids.ts'
import { isCrowd } from '../domain/measuring/crowd.ts'
import { isErased } from '../domain/measuring/erase.ts'
import { isEmpty } from '../domain/measuring/merge-plans.ts'
import {
  type FindIntegration,
  type MeasureSettings,
  planPersons,
  type Stored,
  sourcesOf,
} from '../domain/measuring/plan-measurement.ts'
import { maxActions, type PlanDeps } from './plan-deps.ts'

/** Most outcomes that are taken apart in one transaction; fewer when they change many rows of results. */
const chunkOutcomes = 40

/** Ends early when somebody else changes the person meanwhile: look at the person again. */
export async function scatterCrowd(
  deps: Pick<PlanDeps, 'findIntegrations' | 'outcomes'>,
  org: OrgSlug,
  person: PersonKey,
  settings: MeasureSettings,
): Promise<void> {
  const { findIntegrations, outcomes } = deps
  const stored = await outcomes.readPerson(org, person)
  const integrations = await findIntegrations(org, sourcesOf([], stored))
  const find: FindIntegration = (source) => integrations.get(source)
  for (let from = 0; from < stored.length; from += chunkOutcomes) {
    const chunk = stored.slice(from, from + chunkOutcomes)
    if ((await scatter(outcomes, org, person, chunk, settings, find)) === 'raced') return
  }
  const revision = (await outcomes.readRevisions(org, [person])).get(person)
  if (!isErased(revision)) await outcomes.markCrowd(org, person, revision)
}

async function scatter(
  outcomes: PlanDeps['outcomes'],
  org: OrgSlug,
  person: PersonKey,
  stored: readonly Stored[],
  settings: MeasureSettings,
  find: FindIntegration,
): Promise<'committed' | 'raced'> {
  const reads = { subjects: [], stored, crowds: new Set([person]), customs: new Map() }
  const plan = planPersons(reads, settings, find, maxActions - 1)
  if (isEmpty(plan)) return 'committed'
  if (plan.partial) {
    const middle = Math.ceil(stored.length / 2)
    const first = await scatter(outcomes, org, person, stored.slice(0, middle), settings, find)
    return first === 'raced' ? first : scatter(outcomes, org, person, stored.slice(middle), settings, find)
  }
  const over = (await outcomes.readRevisions(org, [person])).get(person)
  if (isCrowd(over) || isErased(over)) return 'raced'
  return outcomes.commit(org, { ...plan, guards: [{ person, over }] }, 0)
}
