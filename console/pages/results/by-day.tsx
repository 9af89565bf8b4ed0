// The results by day, as a chart and, for those who do not see it, as a table.
import { Paper, Skeleton, Stack, Text, Title, VisuallyHidden } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { ResultsAnswer } from '../../../contract/results.ts'
import { formatShare } from '../../words/format.ts'
import { dayRows } from './day-rows.ts'
import { labelOf } from './metrics.ts'

const DayChart = lazy(async () => ({ default: (await import('./day-chart.tsx')).DayChart }))

export function ByDay({ results }: { readonly results: ResultsAnswer }) {
  const rows = dayRows(results.days)
  if (rows.length === 0) return null
  const shareOf = (percent: number | null) => formatShare(percent === null ? null : percent / 100)
  return (
    <Paper withBorder p="md" component="section" aria-label="By day">
      <Stack gap="sm">
        <Title order={2} size="h4">
          {labelOf(results.metric)} by day
        </Title>
        <Text size="sm" c="dimmed">
          Percent of the sends of each day, UTC. Young days still rise: what follows a message is counted on its day.
        </Text>
        <div aria-hidden="true">
          <Suspense fallback={<Skeleton height={260} />}>
            <DayChart days={results.days} />
          </Suspense>
        </div>
        <VisuallyHidden>
          <table>
            <caption>{labelOf(results.metric)} by day</caption>
            <thead>
              <tr>
                <th scope="col">Day</th>
                <th scope="col">JustAI</th>
                <th scope="col">Control</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.day}>
                  <th scope="row">{row.day}</th>
                  <td>{shareOf(row.JustAI)}</td>
                  <td>{shareOf(row.Control)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </VisuallyHidden>
      </Stack>
    </Paper>
  )
}
