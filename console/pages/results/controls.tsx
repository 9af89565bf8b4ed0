// By which metric and over which days results are read, and taking them along as a file. All of it is in the address.
import { Button, Group, Select, TextInput } from '@mantine/core'
import { useSearchParams } from 'react-router'
import type { ResultsAnswer } from '../../../contract/results.ts'
import { useRead } from '../../api/use-api.ts'
import { download } from '../../parts/download.ts'
import { useOrg } from '../../session/use-session.ts'
import { metricChoices } from './metrics.ts'
import { resultsCsv } from './results-csv.ts'

export function Controls({ results }: { readonly results: ResultsAnswer | undefined }) {
  const { org } = useOrg()
  const [search, setSearch] = useSearchParams()
  const settings = useRead('GET /api/orgs/{org}/settings', { path: { org } })
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
  const [metric, from, to] = (['metric', 'from', 'to'] as const).map(
    (name) => search.get(name) ?? results?.[name] ?? '',
  )
  const defined = settings.data?.data.metrics.map(({ name }) => name) ?? []
  const day = (label: string, name: 'from' | 'to', limits: { readonly min?: string; readonly max?: string }) => (
    <TextInput
      label={label}
      type="date"
      value={(name === 'from' ? from : to) ?? ''}
      onChange={(event) => set(name, event.currentTarget.value)}
      {...limits}
    />
  )
  return (
    <Group align="flex-end" gap="sm">
      <Select
        label="Metric"
        data={metricChoices([...eventsIn(results), ...defined, metric ?? ''])}
        value={metric === '' ? null : (metric ?? null)}
        onChange={(value) => set('metric', value ?? '')}
        allowDeselect={false}
        w={270}
      />
      {day('From (UTC)', 'from', to === undefined || to === '' ? {} : { max: to })}
      {day('To (UTC)', 'to', from === undefined || from === '' ? {} : { min: from })}
      {(search.has('from') || search.has('to')) && (
        <Button
          variant="default"
          onClick={() =>
            setSearch((before) => new URLSearchParams([...before].filter(([name]) => name === 'metric')), {
              replace: true,
            })
          }
        >
          All days of the test
        </Button>
      )}
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

function eventsIn(results: ResultsAnswer | undefined): string[] {
  return (results?.arms ?? []).flatMap(({ events }) => Object.keys(events))
}
