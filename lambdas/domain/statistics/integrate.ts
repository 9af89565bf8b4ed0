// Integrals by Gauss and Legendre's rule on pieces: the same numbers every time, which drawing would not give.

const pointsPerPiece = 16

/** Nodes from -1 to 1 with their weights: the roots of Legendre's polynomial by Newton's method (Abramowitz and Stegun 25.4.29). */
const rule = Array.from({ length: pointsPerPiece }, (_, at) => {
  let x = Math.cos((Math.PI * (at + 0.75)) / (pointsPerPiece + 0.5))
  let slope = 1
  for (let step = 0; step < 20; step++) {
    const { value, previous } = legendre(pointsPerPiece, x)
    slope = (pointsPerPiece * (x * value - previous)) / (x * x - 1)
    x -= value / slope
  }
  return { x, weight: 2 / ((1 - x * x) * slope * slope) }
})

function legendre(degree: number, x: number): { value: number; previous: number } {
  let [previous, value] = [1, x]
  for (let n = 2; n <= degree; n++) {
    ;[previous, value] = [value, ((2 * n - 1) * x * value - (n - 1) * previous) / n]
  }
  return { value, previous }
}

/** Calls `visit` with every node of the pieces between the given ends, and with the weight of its value in the integral. */
export function visitNodes(ends: readonly number[], visit: (x: number, weight: number) => void): void {
  const sorted = [...new Set(ends)].sort((a, b) => a - b)
  for (let at = 1; at < sorted.length; at++) {
    const low = sorted[at - 1] ?? 0
    const half = ((sorted[at] ?? 0) - low) / 2
    for (const { x, weight } of rule) visit(low + half * (1 + x), half * weight)
  }
}
