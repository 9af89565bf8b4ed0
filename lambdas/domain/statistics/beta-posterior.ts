// Exact answers about shares: Beta(successes + 1, failures + 1) is what is known of a share under a flat prior.
import betainc from '@stdlib/math-base-special-betainc'
import betaln from '@stdlib/math-base-special-betaln'
import type { Interval } from './fixed-test.ts'
import { visitNodes } from './integrate.ts'
import { betaQuantile } from './invert-distribution.ts'
import type { Loss } from './normal-chance.ts'

export interface Beta {
  readonly a: number
  readonly b: number
}

/** Above this many terms the integral is quicker than the sum, and as exact. */
const mostTerms = 1_000

/** What `successes` of `n` say, prior Beta(1, 1). */
export function betaPosterior(n: number, successes: number): Beta {
  return { a: successes + 1, b: n - successes + 1 }
}

/**
 * The chance that a share known as `treatment` is above one known as `control`. For a whole `treatment.a` the sum
 * `Σ_{i<aB} B(aA + i, bA + bB) / ((bB + i) B(1 + i, bB) B(aA, bA))`, else by quadrature.
 * Source: Evan Miller, "Formulas for Bayesian A/B Testing" (2014).
 */
export function betaChanceToBeat(control: Beta, treatment: Beta): number {
  if (!Number.isInteger(treatment.a) || treatment.a > mostTerms) return integrateChance(control, treatment)
  const scale = betaln(control.a, control.b)
  let sum = 0
  for (let i = 0; i < treatment.a; i++) {
    const logarithm = betaln(control.a + i, control.b + treatment.b) - betaln(1 + i, treatment.b) - scale
    sum += Math.exp(logarithm) / (treatment.b + i)
  }
  return Math.min(1, sum)
}

function integrateChance(control: Beta, treatment: Beta): number {
  let above = 0
  let all = 0
  visitNodes([...betaEnds(control), ...betaEnds(treatment)], (x, weight) => {
    const mass = weight * betaDensity(treatment, x)
    all += mass
    above += mass * betainc(x, control.a, control.b)
  })
  return Math.min(1, above / all)
}

/**
 * Expected shares (not lifts) that keeping or switching gives away: `E max(pB - pA, 0) = mB P(B' > A) - mA P(B > A')`, where
 * a prime adds 1 to `a` and m is the mean. Source: Stucchio, "Bayesian A/B Testing at VWO" (2015).
 */
export function betaExpectedLoss(control: Beta, treatment: Beta): Loss {
  return { keeping: expectedExcess(control, treatment), switching: expectedExcess(treatment, control) }
}

function expectedExcess(lower: Beta, higher: Beta): number {
  const gain = betaMean(higher) * betaChanceToBeat(lower, { ...higher, a: higher.a + 1 })
  return Math.max(0, gain - betaMean(lower) * betaChanceToBeat({ ...lower, a: lower.a + 1 }, higher))
}

/**
 * The central interval that holds the share with chance `1 - alpha`: the Beta's quantiles at `alpha/2` and `1 - alpha/2`.
 * Source: Gelman and others, "Bayesian Data Analysis", 2.3.
 */
export function betaInterval({ a, b }: Beta, alpha: number): Interval {
  return { lower: betaQuantile(alpha / 2, a, b), upper: betaQuantile(1 - alpha / 2, a, b) }
}

function betaMean({ a, b }: Beta): number {
  return a / (a + b)
}

/** `x^(a-1) (1-x)^(b-1) / B(a, b)`. */
export function betaDensity({ a, b }: Beta, x: number): number {
  return Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - betaln(a, b))
}

/** Where to cut an integral over this posterior: close where its mass is, wide in its tails, which are longer than a normal's. */
export function betaEnds({ a, b }: Beta): number[] {
  const mean = a / (a + b)
  const deviation = Math.sqrt((mean * (1 - mean)) / (a + b + 1))
  const steps = [0, 0.75, 1.5, 2.25, 3, 4, 5, 6.5, 8.5, 12, 20, 40]
  const ends = steps.flatMap((step) => [mean - step * deviation, mean + step * deviation])
  return [0, 1, ...ends.filter((end) => end > 0 && end < 1)]
}
