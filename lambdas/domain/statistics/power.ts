// How many sends a test needs, and how long that takes: a forecast for planning, never a rule for stopping.
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import { defaultTuningSends, sequentialInterval } from './sequential.ts'

export interface Plan {
  /** Mean of the control per send. */
  readonly mean: number
  /** Variance of one send. */
  readonly variance: number
  /** Relative lift that should be found, not 0. */
  readonly lift: number
  readonly alpha: number
  /** Chance to find it, 0.8 for example. */
  readonly power: number
}

/** Share of an arm and of control in all sends of the two. */
const even = 0.5

/**
 * Sends of both arms together (even split) for one look at the end: `(z(1-a/2) + z(power))² v (1/qT + 1/qC) / (lift m)²`.
 * Undefined when nothing can be forecast (no lift, no mean, no variance). Source: any textbook; van Belle (2008), ch. 2.
 */
export function sendsForFixedTest({ mean, variance, lift, alpha, power }: Plan): number | undefined {
  const z = normalQuantile(1 - alpha / 2, 0, 1) + normalQuantile(power, 0, 1)
  const sends = (z * z * variance * (1 / even + 1 / (1 - even))) / (lift * mean) ** 2
  return Number.isFinite(sends) && sends > 0 ? Math.ceil(sends) : undefined
}

/**
 * The same for the sequential interval: the fewest sends at which the expected lift less `z(power)` errors is outside it.
 * Larger than for one look: the price of looking always. Undefined also when a billion sends are not enough.
 * Source: solved from the half width of Waudby-Smith and others, arXiv 2103.06476, as `sequential.ts` has it.
 */
export function sendsForSequentialTest(plan: Plan, tuningSends = defaultTuningSends): number | undefined {
  const start = sendsForFixedTest(plan)
  if (start === undefined) return undefined
  const isEnough = (n: number) => {
    const standardError = Math.sqrt((plan.variance * (1 / even + 1 / (1 - even))) / n) / Math.abs(plan.mean)
    const effect = { value: 0, standardError, degreesOfFreedom: Number.POSITIVE_INFINITY, n }
    const needed = sequentialInterval(effect, plan.alpha, tuningSends).upper
    return Math.abs(plan.lift) >= needed + normalQuantile(plan.power, 0, 1) * standardError
  }
  let high = start
  while (!isEnough(high)) {
    high *= 2
    if (high > 1e9) return undefined
  }
  let low = 0
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (isEnough(middle)) high = middle
    else low = middle
  }
  return high
}

/** Whole days until `sends` are reached at `sendsPerDay`; undefined when they never are. */
export function daysUntil(sends: number, already: number, sendsPerDay: number): number | undefined {
  if (sends <= already) return 0
  const days = Math.ceil((sends - already) / sendsPerDay)
  return Number.isFinite(days) && days > 0 ? days : undefined
}
