// Several plans that touch different persons, as one: their outcomes side by side, their changes of results added up, so
// that a batch pays for each results row once.
import type { PersonKey } from '../../../contract/ids.ts'
import type { OutcomePlan } from './plan-measurement.ts'
import { joinChanges } from './sum-cells.ts'

/** A person's revision as it was read; the write must still find it, and leaves another. */
export interface PersonGuard {
  readonly person: PersonKey
  readonly over: string | undefined
}

/** A plan with the persons whose revision guards it; none where only a delivery's own facts changed. */
export interface GuardedPlan extends OutcomePlan {
  readonly guards: readonly PersonGuard[]
}

/** How many actions of a DynamoDB transaction (at most 100) a plan takes. */
export function actionsOf(plan: GuardedPlan): number {
  return plan.writes.length + plan.removals.length + plan.guards.length + plan.cells.length
}

/** True when there is nothing to write; guards alone are nothing. */
export function isEmpty(plan: OutcomePlan): boolean {
  return plan.writes.length === 0 && plan.removals.length === 0
}

/**
 * Bundles plans in order. A bundle takes at most `maxActions` (a plan that is larger by itself stays alone) and no two of
 * its plans touch the same person, because a transaction takes one action per item.
 */
export function mergePlans<P extends GuardedPlan>(plans: readonly P[], maxActions: number): P[][] {
  const bundles: P[][] = []
  let bundle: P[] = []
  let touched = new Set<PersonKey>()
  for (const plan of plans) {
    const persons = personsTouched(plan)
    const fits = touched.isDisjointFrom(persons) && actionsOf(joinPlans([...bundle, plan])) <= maxActions
    if (!fits && bundle.length > 0) {
      bundles.push(bundle)
      bundle = []
      touched = new Set()
    }
    bundle.push(plan)
    touched = touched.union(persons)
  }
  return bundle.length > 0 ? [...bundles, bundle] : bundles
}

function personsTouched(plan: GuardedPlan): Set<PersonKey> {
  const outcomes = [...plan.writes.map(({ placed }) => placed), ...plan.removals, ...plan.guards]
  return new Set(outcomes.map(({ person }) => person))
}

export function joinPlans(plans: readonly GuardedPlan[]): GuardedPlan {
  return {
    writes: plans.flatMap(({ writes }) => writes),
    removals: plans.flatMap(({ removals }) => removals),
    guards: plans.flatMap(({ guards }) => guards),
    cells: joinChanges(plans.flatMap(({ cells }) => cells)),
  }
}
