// A range of numbers, both ends included: what holds a true value, or the ends of a scale.

export interface Range {
  readonly lower: number
  readonly upper: number
}
