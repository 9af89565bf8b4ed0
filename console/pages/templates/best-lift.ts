// Which copy a template's line names as its best one.
import type { ResultsAnswer } from '../../../contract/results.ts'

type Judged = Pick<ResultsAnswer, 'comparison' | 'decision' | 'stopped' | 'allocation'>

/**
 * The copy to ship when that is decided, else the one with the highest lift of those that are still drawn: archived and stopped
 * ones have no weight. Undefined while none of them has a lift.
 */
export function bestLift({ comparison, decision, stopped, allocation }: Judged) {
  const lifts = comparison.copies.flatMap(({ copy_id, lift }) => (lift === null ? [] : [{ copy_id, lift }]))
  const isStopped = new Set(stopped.map(({ copy_id }) => copy_id))
  const isDrawn = allocation && new Set(allocation.weights.map(({ copy_id }) => copy_id))
  const running = lifts.filter(({ copy_id }) => !isStopped.has(copy_id) && (isDrawn?.has(copy_id) ?? true))
  return (
    lifts.find(({ copy_id }) => copy_id === decision.copy_id) ??
    running.toSorted((a, b) => b.lift.value - a.lift.value)[0]
  )
}
