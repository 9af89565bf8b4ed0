// Intervals and p that hold at every look at once, so that looking daily and stopping when one likes keeps the promised
// error. Asymptotic confidence sequence with a Gaussian mixture: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas,
// "Time-uniform central limit theory and asymptotic confidence sequences", arXiv 2103.06476, as GrowthBook tunes it.
import type { Interval } from './fixed-test.ts'
import type { Estimate } from './lift.ts'

/** Sends, both arms, at which the interval is tightest (GrowthBook's default). */
export const defaultTuningSends = 5_000

/** `rho = sqrt((-2 ln a + ln(-2 ln a + 1)) / N*)`. */
function mixtureScale(alpha: number, tuningSends: number): number {
  const twice = -2 * Math.log(alpha)
  return Math.sqrt((twice + Math.log(twice + 1)) / tuningSends)
}

/** `value ± se sqrt(n) sqrt(2 (n rho² + 1) ln(sqrt(n rho² + 1)/alpha) / (n rho)²)`. */
export function sequentialInterval(effect: Estimate, alpha: number, tuningSends = defaultTuningSends): Interval {
  const { value, standardError, n } = effect
  const half = standardError * sequentialReach(n, alpha, tuningSends)
  return { lower: value - half, upper: value + half }
}

/** Half of that interval in standard errors: what 1.96 is to a fixed one. */
export function sequentialReach(n: number, alpha: number, tuningSends = defaultTuningSends): number {
  const rho = mixtureScale(alpha, tuningSends)
  const grown = n * rho * rho + 1
  return Math.sqrt(n * 2 * grown * Math.log(Math.sqrt(grown) / alpha)) / (n * rho)
}

/**
 * The lower end of the one-sided interval, `value - se sqrt(n) sqrt(2 (n rho² + 1) ln(1 + sqrt(n rho² + 1)/(2 alpha)) / (n rho)²)`,
 * rho taken at 2 alpha.
 */
export function sequentialLowerBound(effect: Estimate, alpha: number, tuningSends = defaultTuningSends): number {
  const { value, standardError, n } = effect
  const rho = mixtureScale(2 * alpha, tuningSends)
  const grown = n * rho * rho + 1
  return value - (standardError * Math.sqrt(n * 2 * grown * Math.log(1 + Math.sqrt(grown) / (2 * alpha)))) / (n * rho)
}

/**
 * Natural logarithm of the e-value against "no difference": `e = exp(rho² s / (2 (n rho² + 1))) / sqrt(n rho² + 1)` with
 * `s = n d²/se²`. The logarithm, because e itself overflows for differences that are merely clear.
 */
export function logEValue(effect: Estimate, alpha = 0.05, tuningSends = defaultTuningSends): number {
  const { value, standardError, n } = effect
  const squared = mixtureScale(alpha, tuningSends) ** 2
  const grown = n * squared + 1
  return (squared * n * (value / standardError) ** 2) / (2 * grown) - Math.log(grown) / 2
}

/** Anytime-valid p, `min(1, 1/e)`: at most `alpha` exactly when the interval at `alpha` leaves 0 out. */
export function sequentialP(effect: Estimate, alpha = 0.05, tuningSends = defaultTuningSends): number {
  return Math.min(1, Math.exp(-logEValue(effect, alpha, tuningSends)))
}
