// What a template's copy earned: what to do first, then each copy against control, then how the numbers came about.
import { Stack } from '@mantine/core'
import { useParams, useSearchParams } from 'react-router'
import type { ResultsAnswer } from '../../../contract/results.ts'
import { useRead } from '../../api/use-api.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { useOrg } from '../../session/use-session.ts'
import { formatMoney, formatShare } from '../../words/format.ts'
import { Behind } from './behind.tsx'
import { ByDay } from './by-day.tsx'
import { Cautions } from './cautions.tsx'
import { ComparedCopies } from './compared-copies.tsx'
import { Controls } from './controls.tsx'
import { Decision } from './decision.tsx'
import { labelOf } from './metrics.ts'

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
        {(data) => <ResultsRead results={data} />}
      </Loaded>
    </Stack>
  )
}

function ResultsRead({ results }: { readonly results: ResultsAnswer }) {
  const { metric, comparison, values, allocation, stopped } = results
  const beside = { allocation, stopped }
  return (
    <Stack gap="lg">
      <Decision results={results} />
      <Cautions results={results} />
      <ComparedCopies
        title={`Each copy against control: ${labelOf(metric)}`}
        comparison={comparison}
        meanName="Share of sends"
        formatMean={formatShare}
        {...beside}
      />
      {values.map(({ currency, ...money }) => (
        <ComparedCopies
          key={currency}
          title={`What a send earned by “${metric}”, ${currency}`}
          comparison={money}
          meanName="Earned per send"
          formatMean={(mean) => formatMoney(mean, currency)}
          {...beside}
        />
      ))}
      <ByDay results={results} />
      <Behind results={results} />
    </Stack>
  )
}
