// A range of numbers, both ends included: what holds a true value, or the ends of a scale.

export interface Range {
  readonly lower: number
  readonly upper: number
}

/** The range that an answer tells, where null is an end that nobody knows: it lies beyond every scale. */
export function rangeOf({ lower, upper }: { readonly lower: number | null; readonly upper: number | null }): Range {
  return { lower: lower ?? Number.NEGATIVE_INFINITY, upper: upper ?? Number.POSITIVE_INFINITY }
}
