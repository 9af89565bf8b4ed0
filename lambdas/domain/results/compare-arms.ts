// Each copy against control on one metric: period by period, beside the two readings that need no periods, with a warning
// when they part. Every number holds at any look; only the decision says what to make of it.
import { holm } from '../statistics/adjust-p.ts'
import { inverseChanceLift, inverseChanceMean } from '../statistics/inverse-propensity.ts'
import { type Effect, type Estimate, relativeLift } from '../statistics/lift.ts'
import { addSums, type Missing, momentsOf, type Sums } from '../statistics/moments.ts'
import { chanceToBeat, expectedLoss, type Loss } from '../statistics/normal-chance.ts'
import { type OpenInterval, sequentialRatioInterval } from '../statistics/ratio-interval.ts'
import { sequentialP } from '../statistics/sequential.ts'
import { careful, type Stratum, standardise, stratifiedLift, stratifiedScore } from '../statistics/stratified.ts'

/** One copy's sends in one stratum. Forced and fallback serves do not belong here. */
export interface ArmCell {
  /** A control that never calls generate has the empty name. */
  readonly copyId: string
  readonly stratum: string
  readonly sums: Sums
  /** 1 over the chance with which these were drawn; 1 when Customer.io split. */
  readonly inverseChance: number
}

export interface ArmsQuestion {
  /** All of control: every control send is in exactly one stratum. */
  readonly control: readonly ArmCell[]
  readonly treatment: readonly ArmCell[]
}

export interface Comparison {
  readonly copyId: string
  readonly n: number
  readonly mean: number | null
  /** Stratified, relative to control; or why there is none. */
  readonly lift: ComparedLift | Missing
  /** Without regard to periods. */
  readonly pooled: Effect
  /** Each send weighed by one over its chance. */
  readonly inverse: { readonly lift: Effect; readonly effectiveSends: number }
  /** Readings that the stratified one does not agree with. */
  readonly parted: readonly ('pooled' | 'inverse')[]
}

export interface ComparedLift {
  readonly value: number
  readonly standardError: number
  /** Anytime-valid, at `comparisonAlpha`. */
  readonly interval: OpenInterval
  /** Anytime-valid p of the difference of means, and the same after Holm over the copies. */
  readonly p: number
  readonly adjustedP: number
  readonly chanceToBeat: number
  readonly expectedLoss: Loss
  /** Standard error of control's mean as a part of that mean: above a third, a relative lift is little more than noise. */
  readonly controlError: number
  /** Means of both arms over the same mix of periods. */
  readonly controlMean: number
  readonly treatmentMean: number
  /** Sends of both arms in periods that both have: what all of this rests on. */
  readonly controlSends: number
  readonly sends: number
}

export const comparisonAlpha = 0.05

/** Distance, in the larger of the two standard errors, at which two readings are said to part. Pooling goes wrong by shifts
 * alone, so a little is much; weighing by chances is noisy in itself. */
const partsAt = { pooled: 1, inverse: 2 } as const
/** Relative lifts closer than this agree, however small the errors are. */
const sameLift = 0.005

/** Every copy that was sent, by id. */
export function compareArms({ control, treatment }: ArmsQuestion): Comparison[] {
  const controlByStratum = sumsByStratum(control)
  const pooledControl = addSums(control.map(({ sums }) => sums))
  const weighedControl = inverseChanceMean(control.map(weighted))
  const copies = [...Map.groupBy(treatment, ({ copyId }) => copyId)].sort(([a], [b]) => (a < b ? -1 : 1))
  const compared = copies.map(([copyId, cells]) => {
    const strata = [...sumsByStratum(cells)].flatMap(([stratum, sums]): Stratum[] => {
      const own = controlByStratum.get(stratum)
      return own === undefined ? [] : [{ control: own, treatment: sums }]
    })
    const sums = addSums(cells.map((cell) => cell.sums))
    const weighed = inverseChanceMean(cells.map(weighted))
    return {
      copyId,
      n: sums.n,
      mean: sums.n > 0 ? finite(Number(sums.sum) / sums.n) : null,
      lift: liftOf(strata),
      pooled: relativeLift(momentsOf(pooledControl), momentsOf(sums)),
      inverse: { lift: inverseChanceLift(weighedControl, weighed), effectiveSends: weighed?.effectiveSends ?? 0 },
    }
  })
  return adjust(compared).map((comparison) => ({ ...comparison, parted: partedFrom(comparison) }))
}

function liftOf(strata: readonly Stratum[]): ComparedLift | Missing {
  const both = standardise(strata)
  if (both === undefined) return 'no_data'
  const lift = stratifiedLift(both)
  const score = stratifiedScore(both)
  if (typeof lift === 'string') return lift
  if (typeof score === 'string') return score
  const p = sequentialP(score, comparisonAlpha)
  return {
    value: lift.value,
    standardError: lift.standardError,
    interval: sequentialRatioInterval(careful(both.control), careful(both.treatment), both.n, comparisonAlpha),
    p,
    adjustedP: p,
    chanceToBeat: chanceToBeat(lift),
    expectedLoss: expectedLoss(lift),
    controlError: Math.sqrt(both.control.errorSquared) / Math.abs(both.control.mean),
    controlMean: both.control.mean,
    treatmentMean: both.treatment.mean,
    controlSends: both.control.n,
    sends: both.treatment.n,
  }
}

/** Holm over the copies that have a lift. */
function adjust<C extends { readonly lift: ComparedLift | Missing }>(compared: readonly C[]): C[] {
  const ps = compared.flatMap(({ lift }) => (typeof lift === 'string' ? [] : [lift.p]))
  const adjusted = holm(ps).values()
  return compared.map((one) => {
    if (typeof one.lift === 'string') return one
    return { ...one, lift: { ...one.lift, adjustedP: adjusted.next().value ?? 1 } }
  })
}

function partedFrom({ lift, pooled, inverse }: Omit<Comparison, 'parted'>): ('pooled' | 'inverse')[] {
  if (typeof lift === 'string') return []
  const parts = (other: Effect, errors: number) => {
    if (typeof other === 'string') return false
    const distance = Math.abs(other.value - lift.value)
    return distance > sameLift && distance > errors * larger(other, lift)
  }
  const readings = { pooled: parts(pooled, partsAt.pooled), inverse: parts(inverse.lift, partsAt.inverse) }
  return (['pooled', 'inverse'] as const).filter((reading) => readings[reading])
}

function larger(a: Pick<Estimate, 'standardError'>, b: Pick<Estimate, 'standardError'>): number {
  return Math.max(a.standardError, b.standardError)
}

function sumsByStratum(cells: readonly ArmCell[]): Map<string, Sums> {
  const strata = new Map<string, Sums>()
  for (const { stratum, sums } of cells) {
    const known = strata.get(stratum)
    strata.set(stratum, known === undefined ? sums : addSums([known, sums]))
  }
  return strata
}

function weighted({ sums, inverseChance }: ArmCell) {
  return { ...sums, inverseChance }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
