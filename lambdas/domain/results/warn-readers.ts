// Why the lifts of an answer should be read with care, beside what decides: each a sentence, each about something that a reader
// cannot see in the numbers.
import type { Template } from '../../../contract/template.ts'
import { addSums, type Sums } from '../statistics/moments.ts'
import type { Comparison } from './compare-arms.ts'
import { explain, type Reason } from './explain-decision.ts'
import type { MeasuredCell } from './measure-cells.ts'

export interface WarningQuestion {
  readonly metric: string
  readonly keyMetric: string
  readonly splitMode: Template['splitMode']
  readonly comparisons: readonly Comparison[]
  /** The metric, and the same with machines left out, of the sends that are compared. */
  readonly all: readonly MeasuredCell[]
  readonly human: readonly MeasuredCell[]
  readonly startedOn: string | undefined
  /** Sends of copies, and those of them that no serve explains. */
  readonly sends: number
  readonly unknownCopy: number
}

/** Share of opened, or clicked, sends that only machines opened, from which on they are told of. */
const manyMachines = 0.1
/** Share of the copies' sends whose copy nobody knows, from which on they are told of. */
const manyUnknown = 0.05
/** Fewer values than this make a mean that is uncertain by a third, as fewer conversions do. */
const fewValues = 10

export function warnReaders(question: WarningQuestion): Reason[] {
  const { metric, keyMetric, splitMode, comparisons, startedOn, sends, unknownCopy } = question
  const share = machineShare(question)
  return [
    ...(startedOn === undefined ? [] : [explain('part_of_days', { startedOn })]),
    ...(metric === keyMetric ? [] : [explain('other_metric', { metric, keyMetric })]),
    ...(splitMode === 'persistent' && comparisons.length > 0 ? [explain('repeated_people', {})] : []),
    ...(share > manyMachines ? [explain('machines', { metric, share })] : []),
    ...(unknownCopy > manyUnknown * sends ? [explain('unknown_copy', { unknownCopy, sends })] : []),
    ...comparisons.flatMap((comparison) => {
      const { lift, parted } = comparison
      return typeof lift === 'string' ? [] : parted.map((reading) => explain('parted', { comparison, lift, reading }))
    }),
  ]
}

function machineShare({ all, human }: WarningQuestion): number {
  const [some, people] = [all, human].map((cells) => Number(addSums(cells.map(({ sums }) => sums)).sum))
  return some !== undefined && people !== undefined && some > 0 ? 1 - people / some : 0
}

/**
 * Warns of a mean that a few large values make: `(Σ y)²/Σ y²` equal ones would be as uncertain (Kish 1965).
 * @param arms sums of what each copy's sends earned; control has the empty name
 */
export function warnOfFewValues(
  arms: readonly { readonly copyId: string; readonly sums: Sums }[],
  currency: string,
): Reason[] {
  const copies = [...Map.groupBy(arms, ({ copyId }) => copyId)].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return copies.flatMap(([copyId, own]) => {
    const { sum, sumOfSquares } = addSums(own.map(({ sums }) => sums))
    const sends = Number(sum) ** 2 / Number(sumOfSquares)
    return sends < fewValues ? [explain('few_values', { copyId, sends, currency })] : []
  })
}
