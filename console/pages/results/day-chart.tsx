// The share of each arm or copy by day of the send. Loaded apart, because the chart is larger than all the other pages together.
import '@mantine/charts/styles.css'
import { LineChart } from '@mantine/charts'
import type { DayRow } from './day-rows.ts'

export interface DayChartProps {
  readonly rows: readonly DayRow[]
  readonly lines: readonly string[]
  /** The last day whose numbers are final; null: they all are as far as anybody knows. */
  readonly closedThrough: string | null
}

const colours = ['blue.6', 'orange.6', 'teal.6', 'grape.6', 'red.6', 'lime.7', 'indigo.6', 'pink.6', 'cyan.7']

export function DayChart({ rows, lines, closedThrough }: DayChartProps) {
  const isMarked = closedThrough !== null && rows.some(({ day }) => day === closedThrough)
  return (
    <LineChart
      h={280}
      data={rows.map(({ day, shares }) => ({ day, ...shares }))}
      dataKey="day"
      series={lines.map((name, at) => ({
        name,
        color: name === 'Control' ? 'gray.6' : (colours[at % colours.length] ?? 'blue.6'),
      }))}
      withLegend
      connectNulls
      curveType="linear"
      unit=" %"
      valueFormatter={(percent) => percent.toFixed(1)}
      {...(isMarked && {
        referenceLines: [{ x: closedThrough, label: 'final until here', labelPosition: 'insideTopRight' as const }],
      })}
      lineProps={{ isAnimationActive: false }}
      lineChartProps={{ accessibilityLayer: false }}
    />
  )
}
