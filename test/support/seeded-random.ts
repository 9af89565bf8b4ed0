// Random numbers that a seed gives again, and counts drawn with them: tests and figures that can be repeated.

/** Numbers from 0 up to 1 (sfc32, Doty-Humphrey's PractRand). */
export function seededRandom(seed: number): () => number {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9, 0x243f6a88, 1]
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 4_294_967_296
  }
  for (let warming = 0; warming < 12; warming++) next()
  return next
}

/** Successes of `n` with chance `p`, exact: walks from success to success, which is quick when they are few. */
export function drawBinomial(random: () => number, n: number, p: number): number {
  if (p <= 0 || n <= 0) return 0
  if (p >= 1) return n
  if (p > 0.5) return n - drawBinomial(random, n, 1 - p)
  const perStep = Math.log1p(-p)
  let successes = 0
  for (let at = 0; ; successes++) {
    at += Math.floor(Math.log(1 - random()) / perStep) + 1
    if (at > n) return successes
  }
}

/** Shares out `n` by weights: exact counts of a multinomial draw. */
export function drawShares(random: () => number, n: number, weights: readonly number[]): number[] {
  let left = n
  let chance = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => {
    const count = chance > 0 ? drawBinomial(random, left, Math.min(1, weight / chance)) : 0
    left -= count
    chance -= weight
    return count
  })
}
