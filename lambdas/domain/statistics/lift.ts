// How much better the treatment is than the control, with the error of that: by parts of the control's mean, and plainly.
import type { Missing, Moments } from './moments.ts'

export interface Estimate {
  /** 0 when nothing differs; a relative lift of 0.1 is 10 % above control. */
  readonly value: number
  readonly standardError: number
  /** Welch and Satterthwaite's; Infinity for an estimate that is taken to be normal. */
  readonly degreesOfFreedom: number
  /** Sends behind it, both arms. */
  readonly n: number
}

export type Effect = Estimate | Missing

/**
 * Relative lift `(mT - mC)/|mC|` with the delta method's variance `vT/(nT mC²) + vC mT²/(nC mC⁴)`: `mT/mC - 1` but for a
 * control below 0 (refunds), of which more is better all the same.
 * Source: GrowthBook, packages/stats; Deng, Knoblich and Lu, "Applying the Delta Method in Metric Analytics" (2018).
 */
export function relativeLift(control: Moments | Missing, treatment: Moments | Missing): Effect {
  if (typeof control === 'string') return control
  if (typeof treatment === 'string') return treatment
  if (control.mean === 0) return 'control_zero'
  return relativeEffect(
    { mean: control.mean, errorSquared: control.variance / control.n },
    { mean: treatment.mean, errorSquared: treatment.variance / treatment.n },
    control.n + treatment.n,
    welchDegrees(control, treatment),
  )
}

/** Absolute lift `mT - mC` with variance `vT/nT + vC/nC` (Welch). */
export function absoluteLift(control: Moments | Missing, treatment: Moments | Missing): Effect {
  if (typeof control === 'string') return control
  if (typeof treatment === 'string') return treatment
  const variance = control.variance / control.n + treatment.variance / treatment.n
  const degrees = welchDegrees(control, treatment)
  return estimate(treatment.mean - control.mean, variance, control.n + treatment.n, degrees)
}

/** A mean with the variance of that mean. */
export interface Mean {
  readonly mean: number
  readonly errorSquared: number
}

/** The relative lift of two means that are known with an error, by the delta method as above. */
export function relativeEffect(control: Mean, treatment: Mean, n: number, degreesOfFreedom: number): Effect {
  if (control.mean === 0) return 'control_zero'
  const ratio = treatment.mean / control.mean
  const variance = (treatment.errorSquared + ratio * ratio * control.errorSquared) / (control.mean * control.mean)
  return estimate(Math.sign(control.mean) * (ratio - 1), variance, n, degreesOfFreedom)
}

/** An estimate from its variance, or why there is none. */
export function estimate(value: number, variance: number, n: number, degreesOfFreedom: number): Effect {
  if (!Number.isFinite(value) || !Number.isFinite(variance)) return 'out_of_range'
  if (!(degreesOfFreedom > 0)) return 'one_send'
  if (!(variance > 0)) return 'no_variance'
  return { value, standardError: Math.sqrt(variance), degreesOfFreedom, n }
}

/** `(a + b)² / (a²/(nC - 1) + b²/(nT - 1))` with `a = vC/nC`, `b = vT/nT`; 0 when an arm has a single send. */
export function welchDegrees(
  control: Pick<Moments, 'n' | 'variance'>,
  treatment: Pick<Moments, 'n' | 'variance'>,
): number {
  if (control.n < 2 || treatment.n < 2) return 0
  const a = control.variance / control.n
  const b = treatment.variance / treatment.n
  // By shares, so that squares of large variances do not overflow.
  const share = a + b > 0 ? a / (a + b) : 0.5
  return 1 / ((share * share) / (control.n - 1) + ((1 - share) * (1 - share)) / (treatment.n - 1))
}
