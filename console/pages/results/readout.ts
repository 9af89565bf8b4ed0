// What the results say in one sentence, and the sums behind it. Copies that were asked for by id or served for want of another
// are no part of any comparison.
import type { ArmResult, ResultsAnswer } from '../../../contract/results.ts'
import { formatCount, formatShare } from '../../words/format.ts'
import { verbOf } from './metrics.ts'

export interface ArmSum {
  readonly sends: number
  /** Sends that have the metric. */
  readonly hits: number
  readonly share: number | null
}

/** Sends of one entry that have the metric. */
export function hitsOf(arm: ArmResult, metric: string): number {
  return arm.counts[metric] ?? arm.events[metric]?.sends ?? 0
}

export function sumOf(results: ResultsAnswer, arm: ArmResult['arm']): ArmSum {
  const entries = results.arms.filter((entry) => entry.arm === arm && entry.choice === 'drawn')
  const sends = entries.reduce((sum, { counts }) => sum + (counts.sent ?? 0), 0)
  const hits = entries.reduce((sum, entry) => sum + hitsOf(entry, results.metric), 0)
  return { sends, hits, share: sends === 0 ? null : hits / sends }
}

/** One sentence for somebody who reads nothing else. Says what was counted; what it means is the decision's to say. */
export function readOut(results: ResultsAnswer): string {
  const [treatment, control] = [sumOf(results, 'treatment'), sumOf(results, 'control')]
  const verb = verbOf(results.metric)
  const told = ({ sends, hits, share }: ArmSum) =>
    `${formatShare(share)} (${formatCount(hits)} of ${formatCount(sends)})`
  if (treatment.sends === 0 && control.sends === 0)
    return 'No message of this template was sent in these days, so there is nothing to compare yet.'
  if (control.sends === 0)
    return `With JustAI’s copy ${told(treatment)} of the sends ${verb}; there was no control to compare them with.`
  if (treatment.sends === 0)
    return `In control ${told(control)} of the sends ${verb}; JustAI’s copy was not sent in these days.`
  return `With JustAI’s copy ${told(treatment)} of the sends ${verb}, in control ${told(control)}.`
}

/** How many sends with JustAI's copy each rule joined to it. Control gets no copy, so it has nothing to be joined to. */
export function joinedOf(results: ResultsAnswer): ResultsAnswer['join'] {
  const sum = { journey: 0, latest: 0, none: 0 }
  for (const { arm, join } of results.arms) {
    if (arm === 'control') continue
    sum.journey += join.journey
    sum.latest += join.latest
    sum.none += join.none
  }
  return sum
}
