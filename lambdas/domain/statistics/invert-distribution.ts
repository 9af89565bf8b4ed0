// Quantiles from distribution functions. The quantiles that npm offers read the process's environment and the terminal's
// modules when they load, which a bundled function cannot.
import betainc from '@stdlib/math-base-special-betainc'
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import tCdf from '@stdlib/stats-base-dists-t-cdf'

/** The x from `low` to `high` where the rising function `cdf` reaches `p`, to the last digits: halving, 200 times at most. */
export function invertDistribution(cdf: (x: number) => number, p: number, low: number, high: number): number {
  let [below, above] = [low, high]
  for (let step = 0; step < 200; step++) {
    const middle = below + (above - below) / 2
    if (middle <= below || middle >= above) break
    if (cdf(middle) < p) below = middle
    else above = middle
  }
  return below + (above - below) / 2
}

/** Student's t: the x above which a share `upperTail` (0 up to 0.5) lies. The tail is taken below 0, where no digits are lost. */
export function tQuantileAbove(upperTail: number, degreesOfFreedom: number): number {
  if (degreesOfFreedom > 1e6) return -normalQuantile(upperTail, 0, 1)
  let far = 1
  while (tCdf(-far, degreesOfFreedom) > upperTail && far < 1e300) far *= 2
  return -invertDistribution((x) => tCdf(x, degreesOfFreedom), upperTail, -far, 0)
}

/** Beta(a, b): the x below which a share `p` lies. */
export function betaQuantile(p: number, a: number, b: number): number {
  return invertDistribution((x) => betainc(x, a, b), p, 0, 1)
}
