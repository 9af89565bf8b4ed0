// Whether the arms got the shares that they were meant to get, at each stage that all of them pass: a split that is broken
// makes every lift below it doubtful.
import { sampleRatioP, sequentialSampleRatioP } from '../statistics/sample-ratio.ts'

export const ratioStages = ['served', 'sent', 'delivered'] as const
export type RatioStage = (typeof ratioStages)[number]

export interface StageCounts {
  readonly stage: RatioStage
  /** By arm, in the order of the expected shares. */
  readonly counts: readonly number[]
}

export interface RatioCheck extends StageCounts {
  /** Meant counts of the same total. */
  readonly expected: readonly number[]
  /** Anytime-valid; and the chi-square's, for one look only. */
  readonly p: number
  readonly fixedP: number
  readonly broken: boolean
}

/** A split that is sound is called broken in at most one template of a thousand, however often one looks. */
const ratioAlpha = 0.001

/** `shares` are what was meant, any scale: `n_s p` summed over the versions when the weights moved. */
export function checkSampleRatios(stages: readonly StageCounts[], shares: readonly number[]): RatioCheck[] {
  const scale = shares.reduce((sum, share) => sum + share, 0)
  return stages.map(({ stage, counts }) => {
    const total = counts.reduce((sum, count) => sum + count, 0)
    const p = sequentialSampleRatioP(counts, shares)
    return {
      stage,
      counts,
      expected: shares.map((share) => (scale > 0 ? (share / scale) * total : 0)),
      p,
      fixedP: sampleRatioP(counts, shares),
      broken: p < ratioAlpha,
    }
  })
}
