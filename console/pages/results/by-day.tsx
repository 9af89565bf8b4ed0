// The results by day, as a chart and, for those who do not see it, as a table.
import { Group, Paper, SegmentedControl, Skeleton, Stack, Text, Title, VisuallyHidden } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import type { ResultsAnswer } from '../../../contract/results.ts'
import { formatShare } from '../../words/format.ts'
import { byArm, byCopy, dayRows, linesOf } from './day-rows.ts'
import { labelOf } from './metrics.ts'

const DayChart = lazy(async () => ({ default: (await import('./day-chart.tsx')).DayChart }))

export function ByDay({ results }: { readonly results: ResultsAnswer }) {
  const [line, setLine] = useState('arm')
  const lineOf = line === 'arm' ? byArm : byCopy
  const [rows, lines] = [dayRows(results.by_day, lineOf), linesOf(results.by_day, lineOf)]
  if (rows.length === 0) return null
  const title = `${labelOf(results.metric)} by day`
  return (
    <Paper withBorder p="md" component="section" aria-label="By day">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4" className="words">
            {title}
          </Title>
          <SegmentedControl
            aria-label="A line for each"
            size="xs"
            data={[
              { value: 'arm', label: 'JustAI and control' },
              { value: 'copy', label: 'Each copy' },
            ]}
            value={line}
            onChange={setLine}
          />
        </Group>
        <Text size="sm" c="dimmed">
          Percent of the sends of each day, UTC.{' '}
          {rows.some(({ isOpen }) => isOpen)
            ? `Days after ${results.closed_through ?? 'the first'} still rise: events may yet count for their sends.`
            : 'Young days still rise: what follows a message is counted on its day.'}
        </Text>
        <div aria-hidden="true">
          <Suspense fallback={<Skeleton height={280} aria-busy="true" />}>
            <DayChart rows={rows} lines={lines} closedThrough={results.closed_through} />
          </Suspense>
        </div>
        <VisuallyHidden>
          <table>
            <caption>{title}</caption>
            <thead>
              <tr>
                <th scope="col">Day</th>
                {lines.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ day, shares, isOpen }) => (
                <tr key={day}>
                  <th scope="row">
                    {day}
                    {isOpen ? ', still open' : ''}
                  </th>
                  {lines.map((name) => (
                    <td key={name}>{shareOf(shares[name])}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </VisuallyHidden>
      </Stack>
    </Paper>
  )
}

function shareOf(percent: number | null | undefined): string {
  return formatShare(percent === null || percent === undefined ? null : percent / 100)
}
