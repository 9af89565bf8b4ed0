// What stands beside the number: how its metric counts, and which sends are not compared yet.
import { Text } from '@mantine/core'
import type { ResultsAnswer } from '../../../contract/results.ts'
import { useRead } from '../../api/use-api.ts'
import { useOrg } from '../../session/use-session.ts'
import { formatCount } from '../../words/format.ts'
import { countingRule } from './counting-rule.ts'

export function HowCounted({ results }: { readonly results: ResultsAnswer }) {
  const { org } = useOrg()
  const { data } = useRead('GET /api/orgs/{org}/settings', { path: { org } })
  const { left_out, closed_through } = results
  const notes = [
    data === undefined ? '' : countingRule(results.metric, data.data),
    left_out.open === 0
      ? ''
      : `${sends(left_out.open)} not compared yet, because events may still count for them${
          closed_through === null ? '' : `: only those until ${closed_through} are`
        }.`,
    left_out.unknown_copy === 0
      ? ''
      : `${sends(left_out.unknown_copy)} not compared, because nothing tells which copy they carried.`,
  ]
  return (
    <Text size="sm" c="dimmed" className="words">
      {notes.filter((note) => note !== '').join(' ')}
    </Text>
  )
}

function sends(count: number): string {
  return count === 1 ? '1 send is' : `${formatCount(count)} sends are`
}
