// A campaign played day by day: people are split, copies drawn by the weights that `allocate` gives, conversions drawn from
// planted rates. Only sums are kept, so that thousands of campaigns take seconds.
import type { AllocationBasis } from '../../contract/allocation.ts'
import { type CopyId, copyIdSchema } from '../../contract/ids.ts'
import type { Algorithm } from '../../contract/weights.ts'
import { allocate } from '../../lambdas/domain/allocation/allocate.ts'
import type { ArmCell } from '../../lambdas/domain/results/compare-arms.ts'
import { countSums } from '../../lambdas/domain/statistics/moments.ts'
import { drawBinomial, drawShares } from './seeded-random.ts'

export interface Campaign {
  readonly algorithm: Algorithm
  readonly days: number
  readonly sendsPerDay: number
  /** Share of control in all sends, 0 to 1. */
  readonly controlShare: number
  readonly floor: number
  /** Days until a send may be learned from. */
  readonly maturityDays: number
  /** Chance of a conversion on a day, of control (undefined) or of a variant by its place. */
  readonly rate: (day: number, variant: number | undefined) => number
  readonly variants: number
}

export interface PlayedDay {
  readonly day: number
  /** Of all days so far. */
  readonly control: readonly ArmCell[]
  readonly treatment: readonly ArmCell[]
  readonly allocation: AllocationBasis
  /** Conversions of all days and copies so far, control left out. */
  readonly conversions: number
}

/** Plays a campaign; every day is a version of the weights and so a stratum. */
export function* playCampaign(campaign: Campaign, random: () => number): Generator<PlayedDay> {
  const { days, sendsPerDay, controlShare, maturityDays, rate } = campaign
  const copies = Array.from({ length: campaign.variants }, (_, at) => copyIdSchema.parse(`copy-${at}`))
  const control: ArmCell[] = []
  const treatment: (ArmCell & { copyId: CopyId; day: number })[] = []
  let conversions = 0
  for (let day = 0; day < days; day++) {
    const allocation = allocate({
      algorithm: campaign.algorithm,
      floor: campaign.floor,
      copies,
      cells: treatment.filter((cell) => cell.day <= day - maturityDays),
      guardrails: [],
      stopped: [],
    })
    const weights = allocation.weights.map(({ weight }) => weight * (1 - controlShare))
    const [controlSends = 0, ...sends] = drawShares(random, sendsPerDay, [controlShare, ...weights])
    const stratum = `v${day}`
    const controlSums = countSums(controlSends, drawBinomial(random, controlSends, rate(day, undefined)))
    control.push({ copyId: '', stratum, inverseChance: 1, sums: controlSums })
    for (const [at, copyId] of copies.entries()) {
      const n = sends[at] ?? 0
      const converted = drawBinomial(random, n, rate(day, at))
      conversions += converted
      const inverseChance = 1 / (weights[at] ?? 1)
      treatment.push({ copyId, day, stratum, inverseChance, sums: countSums(n, converted) })
    }
    yield { day, control, treatment, allocation, conversions }
  }
}
