// The decision as one sentence for somebody who reads nothing else. Its reasons, with every number, are the API's own.
import { isHarm } from '../../../contract/harms.ts'
import type { ResultsAnswer } from '../../../contract/results.ts'
import { formatLift } from '../../words/format.ts'
import { labelOf } from './metrics.ts'

type Judged = Pick<ResultsAnswer, 'metric' | 'decision' | 'comparison'>

/** Says what to do. Of a metric that is a harm nothing is recommended. */
export function headline({ metric, decision, comparison }: Judged): string {
  const label = `“${labelOf(metric)}”`
  if (isHarm(metric))
    return `${label} is something to avoid: a lift above zero means that a copy does harm. What to ship is told by the key metric.`
  const codes = decision.reasons.map(({ code }) => code)
  switch (decision.decision) {
    case 'ready_to_ship': {
      const lift = comparison.copies.find(({ copy_id }) => copy_id === decision.copy_id)?.lift ?? undefined
      const told = lift === undefined ? '' : `: ${formatLift(lift.value)} ${label} over control`
      return `Ship ${decision.copy_id}${told}.`
    }
    case 'stop':
      return codes.every((code) => code === 'guardrail')
        ? 'Stop: every copy made people leave, and is no longer served.'
        : 'Stop: no copy does better than control, and more messages will hardly change that.'
    case 'keep_running':
      return codes.every((code) => code === 'too_early' || code === 'no_lift' || code === 'guardrail')
        ? 'Keep running: it is too early to tell.'
        : 'Keep running: no copy is surely better than control yet.'
    case 'cannot_tell':
      return cannotTell(codes)
  }
}

function cannotTell(codes: readonly string[]): string {
  if (codes.includes('no_treatment') || codes.includes('none_running'))
    return 'Nothing can be said yet: no copy was sent in these days.'
  if (codes.includes('no_control')) return 'Control has nothing to compare with yet.'
  if (codes.includes('sample_ratio'))
    return 'Do not rely on these numbers: people were not split as they were meant to be.'
  if (codes.includes('part_of_days')) return 'Nothing is decided on a part of the days: look at all of them.'
  if (codes.includes('control_without'))
    return 'There is no comparing: control has none of it where it should, so perhaps nobody tells of it.'
  return 'It cannot be told: two ways to read the lift contradict each other.'
}
