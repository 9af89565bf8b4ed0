// A range and the value in it, drawn on a scale that neighbours share. What lies beyond the scale is cut off at its end.
import type { Range } from './range.ts'

export interface IntervalBarProps {
  readonly value: number
  readonly range: Range
  readonly scale: Range
  readonly colour: string
  /** What the drawing says, for those who do not see it. */
  readonly label: string
  /** Pixels, or a part of what is around it. */
  readonly width?: number | string
}

const height = 20
const middle = height / 2
/** The dot must fit at both ends: percent of the width that is left free there. */
const margin = 3

export function IntervalBar({ value, range, scale, colour, label, width = 160 }: IntervalBarProps) {
  const span = scale.upper - scale.lower
  const x = (at: number) => {
    const part = span === 0 ? 0 : Math.min(1, Math.max(0, (at - scale.lower) / span))
    return `${margin + part * (100 - 2 * margin)}%`
  }
  const hasZero = scale.lower < 0 && scale.upper > 0
  return (
    <svg width={width} height={height} role="img" aria-label={label}>
      <line x1="0" x2="100%" y1={middle} y2={middle} stroke="var(--mantine-color-default-border)" />
      {hasZero && <line x1={x(0)} x2={x(0)} y1={0} y2={height} stroke="var(--mantine-color-dimmed)" />}
      <line
        x1={x(range.lower)}
        x2={x(range.upper)}
        y1={middle}
        y2={middle}
        stroke={colour}
        strokeWidth={6}
        strokeOpacity={0.45}
        strokeLinecap="round"
      />
      <circle cx={x(value)} cy={middle} r={4.5} fill={colour} />
    </svg>
  )
}
