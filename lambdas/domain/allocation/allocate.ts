// The weights of a template's copies: by the chance of each to be the best on the key metric, from matured sends, with a floor
// so that none is given up for good. The same data give the same weights.
import type { AllocationBasis, Basis, Stop } from '../../../contract/allocation.ts'
import type { CopyId } from '../../../contract/ids.ts'
import type { Algorithm, Weight } from '../../../contract/weights.ts'
import { addSums, momentsOf, type Sums } from '../statistics/moments.ts'
import { normalProbabilityBest } from '../statistics/probability-best.ts'
import { variantEffects } from '../statistics/variant-effects.ts'
import { type GuardrailCell, watchGuardrails } from './watch-guardrails.ts'

export interface AllocationQuestion {
  readonly algorithm: Algorithm
  /** Least weight of a copy that is not stopped, 0 to 1. */
  readonly floor: number
  /** Treatment copies that may be drawn. */
  readonly copies: readonly CopyId[]
  /** Key metric of matured, drawn sends, by copy and by the version that drew them. */
  readonly cells: readonly AllocationCell[]
  readonly guardrails: readonly GuardrailCell[]
  /** Stops that stand; a stop is never lifted here. */
  readonly stopped: readonly Stop[]
  /** For `fixed`: any scale; a copy that is not named gets nothing. */
  readonly fixed?: ReadonlyMap<CopyId, number>
}

export interface AllocationCell {
  readonly copyId: CopyId
  /** Version of the weights, `v3`. */
  readonly stratum: string
  readonly sums: Sums
}

/** Matured sends that every copy must have before weights leave uniform. */
export const leastMaturedSends = 100

/** What the next version of the weights should be, and what it rests on. */
export function allocate(question: AllocationQuestion): AllocationBasis {
  const { algorithm, cells } = question
  const stopped = mergeStops(question)
  const isStopped = new Set(stopped.map(({ copyId }) => copyId))
  const copies = [...new Set(question.copies)].filter((copyId) => !isStopped.has(copyId)).sort()
  const byCopy = Map.groupBy(cells, ({ copyId }) => copyId)
  const learned = learn(copies, byCopy)
  const { basis, weights } = weigh(question, copies, learned)
  return {
    algorithm,
    basis,
    weights: copies.map((copyId, at): Weight => ({ copyId, weight: weights[at] ?? 0 })),
    computedFrom: copies.map((copyId, at) => {
      const moments = momentsOf(sumsOf(byCopy, copyId))
      const chanceBest = typeof learned === 'string' ? null : (learned[at] ?? null)
      if (typeof moments === 'string') return { copyId, sends: 0, mean: null, chanceBest }
      return { copyId, sends: moments.n, mean: moments.mean, chanceBest }
    }),
    stopped,
  }
}

/** Standing stops first; a copy is stopped once. Copies that may not be drawn anyway need no stop. */
function mergeStops({ copies, guardrails, stopped }: AllocationQuestion): Stop[] {
  const standing = new Set(stopped.map(({ copyId }) => copyId))
  const fresh = watchGuardrails(guardrails).filter(({ copyId }) => !standing.has(copyId) && copies.includes(copyId))
  return [...stopped, ...fresh]
}

/** The chance of each copy to be the best, or why it cannot be told. */
function learn(copies: readonly CopyId[], byCopy: ReadonlyMap<CopyId, readonly AllocationCell[]>): number[] | Basis {
  if (copies.some((copyId) => sumsOf(byCopy, copyId).n < leastMaturedSends)) return 'too_few_sends'
  const cells = copies.flatMap((copyId, variant) =>
    (byCopy.get(copyId) ?? []).map(({ stratum, sums }) => ({ ...sums, stratum, variant })),
  )
  const found = variantEffects(cells, copies.length)
  return typeof found === 'string' ? found : normalProbabilityBest(found.effects, found.deviations)
}

function weigh(
  { algorithm, floor, fixed }: AllocationQuestion,
  copies: readonly CopyId[],
  learned: readonly number[] | Basis,
): { basis: Basis; weights: number[] } {
  const alike = copies.map(() => 1 / copies.length)
  if (copies.length === 0) return { basis: 'all_stopped', weights: [] }
  if (algorithm === 'uniform') return { basis: 'uniform', weights: alike }
  if (algorithm === 'fixed') {
    const given = copies.map((copyId) => Math.max(0, fixed?.get(copyId) ?? 0))
    const sum = given.reduce((total, weight) => total + weight, 0)
    if (!(sum > 0 && Number.isFinite(sum))) return { basis: 'uniform', weights: alike }
    return { basis: 'fixed', weights: given.map((weight) => weight / sum) }
  }
  if (typeof learned === 'string') return { basis: learned, weights: alike }
  if (copies.length * floor >= 1) return { basis: 'floor_takes_all', weights: alike }
  return { basis: 'learned', weights: learned.map((chance) => raise(chance, floor, copies.length)) }
}

/** `f + (1 - k f) w`, to six digits: more of them are noise, and would make versions of nothing. */
function raise(chance: number, floor: number, copies: number): number {
  return Math.round((floor + (1 - copies * floor) * chance) * 1e6) / 1e6
}

function sumsOf(byCopy: ReadonlyMap<CopyId, readonly AllocationCell[]>, copyId: CopyId): Sums {
  return addSums((byCopy.get(copyId) ?? []).map(({ sums }) => sums))
}
