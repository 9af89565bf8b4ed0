// The range of a relative lift while control's mean is itself uncertain. An error that is put on both sides of the lift alike (the
// delta method) is right for many conversions only: a control that has by chance too many looks surely better than it is.
import type { Mean } from './lift.ts'
import { defaultTuningSends, sequentialReach } from './sequential.ts'

/** Undefined: no end on that side, because control's mean may as well be 0. */
export interface OpenInterval {
  readonly lower: number | undefined
  readonly upper: number | undefined
}

/**
 * Every lift `±(r - 1)` whose ratio r is not ruled out, `(mT - r mC)² <= c² (eT + r² eC)`, e the squared errors and c what the
 * sequential interval has in place of 1.96. Source: Fieller (1954); the half width of `sequential.ts`, so that it holds at every look.
 */
export function sequentialRatioInterval(
  control: Mean,
  treatment: Mean,
  n: number,
  alpha: number,
  tuningSends = defaultTuningSends,
): OpenInterval {
  const squared = (sequentialReach(n, alpha, tuningSends) / control.mean) ** 2
  const ratio = treatment.mean / control.mean
  // In parts of control's mean, so that no square overflows: r lies where a r² - 2 ratio r + c is not above 0.
  const a = 1 - squared * control.errorSquared
  const c = ratio * ratio - squared * treatment.errorSquared
  const root = Math.sqrt(ratio * ratio - a * c)
  if (a === 0 || Number.isNaN(root)) return { lower: undefined, upper: undefined }
  const [first, second] = [(ratio - root) / a, (ratio + root) / a]
  const [low, high] = a > 0 ? [first, second] : openEnds(ratio, first, second)
  const toLift = (end: number | undefined) => (end === undefined ? undefined : Math.sign(control.mean) * (end - 1))
  return control.mean > 0 ? { lower: toLift(low), upper: toLift(high) } : { lower: toLift(high), upper: toLift(low) }
}

/** All but what lies between two roots, and of that the side with the measured ratio. */
function openEnds(ratio: number, above: number, below: number): [number | undefined, number | undefined] {
  return ratio >= above ? [above, undefined] : [undefined, below]
}
