// The share of each arm by day of the send. Loaded apart, because the chart is larger than all the other pages together.
import '@mantine/charts/styles.css'
import { LineChart } from '@mantine/charts'
import type { DayResult } from '../../../contract/results.ts'
import { dayRows } from './day-rows.ts'

export function DayChart({ days }: { readonly days: readonly DayResult[] }) {
  return (
    <LineChart
      h={260}
      data={dayRows(days)}
      dataKey="day"
      series={[
        { name: 'JustAI', color: 'blue.6' },
        { name: 'Control', color: 'gray.6' },
      ]}
      withLegend
      connectNulls
      curveType="linear"
      valueFormatter={(percent) => `${percent.toFixed(1)} %`}
      lineChartProps={{ accessibilityLayer: false }}
    />
  )
}
