// What a template's copy earned: one sentence first, then arms and copies, then how the numbers came about.
import { Alert, Button, Group, Paper, Select, Stack, Text, TextInput } from '@mantine/core'
import { useParams, useSearchParams } from 'react-router'
import type { ResultsAnswer } from '../../../contract/results.ts'
import { useRead } from '../../api/use-api.ts'
import { download } from '../../parts/download.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { useOrg } from '../../session/use-session.ts'
import { formatInstant } from '../../words/format.ts'
import { Behind } from './behind.tsx'
import { ByDay } from './by-day.tsx'
import { metricChoices } from './metrics.ts'
import { joinedOf, readOut } from './readout.ts'
import { resultsCsv } from './results-csv.ts'
import { ResultsTable } from './results-table.tsx'

/** New sends and openings show up while the page is open. */
const refetchMs = 5_000

export function Results() {
  const { org } = useOrg()
  const { template = '' } = useParams()
  const [search] = useSearchParams()
  const query = {
    metric: search.get('metric') ?? undefined,
    from: search.get('from') ?? undefined,
    to: search.get('to') ?? undefined,
  }
  const results = useRead(
    'GET /api/orgs/{org}/templates/{template}/results',
    { path: { org, template }, query },
    { refetchMs, keepPrevious: true },
  )
  return (
    <Stack gap="lg">
      <Controls results={results.data?.data} />
      <Loaded of={results} lines={6}>
        {(data) => (
          <Stack gap="lg">
            <Paper withBorder p="lg" aria-live="polite">
              <Text size="lg" fw={600}>
                {readOut(data)}
              </Text>
            </Paper>
            {data.restating !== null && (
              <Alert color="blue" title="These numbers are being made anew">
                {restatingReasons[data.restating.reason]} Everything is counted again since{' '}
                {formatInstant(data.restating.since)}; until that is done, numbers are partly of the old setting.
              </Alert>
            )}
            {isPoorlyJoined(data) && (
              <Alert color="yellow" title="Most of these sends cannot be joined to the copy they carried">
                See how sends were joined, below, and the set-up’s check of the webhook action.
              </Alert>
            )}
            <ResultsTable results={data} />
            <ByDay results={data} />
            <Behind results={data} />
          </Stack>
        )}
      </Loaded>
    </Stack>
  )
}

const restatingReasons = {
  mapping: 'The campaigns of this template were changed.',
  metrics: 'The definition of a metric was changed.',
} as const

function isPoorlyJoined(results: ResultsAnswer): boolean {
  const { journey, latest, none } = joinedOf(results)
  return none > journey + latest
}

function Controls({ results }: { readonly results: ResultsAnswer | undefined }) {
  const [search, setSearch] = useSearchParams()
  const set = (name: string, value: string) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before)
        if (value === '') next.delete(name)
        else next.set(name, value)
        return next
      },
      { replace: true },
    )
  const metric = search.get('metric') ?? results?.metric ?? ''
  const choices = metricChoices(results, metric)
  return (
    <Group align="flex-end" gap="sm">
      <Select
        label="Metric"
        data={choices}
        value={metric === '' ? null : metric}
        onChange={(value) => set('metric', value ?? '')}
        allowDeselect={false}
        w={270}
      />
      <TextInput
        label="From (UTC)"
        type="date"
        value={search.get('from') ?? results?.from ?? ''}
        max={search.get('to') ?? results?.to}
        onChange={(event) => set('from', event.currentTarget.value)}
      />
      <TextInput
        label="To (UTC)"
        type="date"
        value={search.get('to') ?? results?.to ?? ''}
        min={search.get('from') ?? results?.from}
        onChange={(event) => set('to', event.currentTarget.value)}
      />
      <Button
        variant="default"
        disabled={results === undefined}
        onClick={() => {
          if (results === undefined) return
          download(`${results.template_id}-${results.from}-${results.to}.csv`, 'text/csv', resultsCsv(results))
        }}
      >
        Download CSV
      </Button>
    </Group>
  )
}
