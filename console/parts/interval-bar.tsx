// A range and the value in it, drawn on a scale that all rows of a table share.
import type { Range } from '../pages/results/rate-interval.ts'

export interface IntervalBarProps {
  readonly value: number
  readonly range: Range
  /** The right end of the scale. */
  readonly most: number
  readonly colour: string
  /** What the drawing says, for those who do not see it. */
  readonly label: string
}

const [width, height] = [160, 20]

export function IntervalBar({ value, range, most, colour, label }: IntervalBarProps) {
  const x = (share: number) => 4 + (most === 0 ? 0 : (share / most) * (width - 8))
  const middle = height / 2
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <line x1={4} x2={width - 4} y1={middle} y2={middle} stroke="var(--mantine-color-default-border)" />
      <line
        x1={x(range.lower)}
        x2={Math.max(x(range.upper), x(range.lower) + 1)}
        y1={middle}
        y2={middle}
        stroke={colour}
        strokeWidth={6}
        strokeOpacity={0.45}
      />
      <circle cx={x(value)} cy={middle} r={4.5} fill={colour} />
    </svg>
  )
}
