// Whether results are to be read with care, for the page that says why and for the list that says how often.
import type { ResultsAnswer } from '../../../contract/results.ts'
import { joinedOf } from './readout.ts'

export function isPoorlyJoined(results: ResultsAnswer): boolean {
  const { journey, latest, none } = joinedOf(results)
  return none > journey + latest
}

export function isBadlySplit({ sample_ratio }: ResultsAnswer): boolean {
  return sample_ratio.some(({ broken }) => broken)
}

/** Reasons to read them with care; copies that were stopped are among them. */
export function countCautions(results: ResultsAnswer): number {
  const { restating, warnings, stopped } = results
  const flags = [restating !== null, isBadlySplit(results), isPoorlyJoined(results)]
  return flags.filter((flag) => flag).length + warnings.length + stopped.length
}
