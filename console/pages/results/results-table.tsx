// Arms and copies with what was counted for them; the range of each share is drawn on one scale.
import { Badge, Group, Table, Text, VisuallyHidden } from '@mantine/core'
import { Fragment } from 'react'
import type { ArmResult, ResultsAnswer } from '../../../contract/results.ts'
import { IntervalBar } from '../../parts/interval-bar.tsx'
import { Wide } from '../../parts/wide.tsx'
import { formatCount, formatShare } from '../../words/format.ts'
import { labelOf } from './metrics.ts'
import { rateInterval } from './rate-interval.ts'
import { type ArmSum, hitsOf, sumOf } from './readout.ts'

const armNames = { treatment: 'JustAI', control: 'Control' } as const
const colours = { treatment: 'var(--mantine-color-blue-6)', control: 'var(--mantine-color-gray-6)' } as const

export function ResultsTable({ results }: { readonly results: ResultsAnswer }) {
  const arms = (['treatment', 'control'] as const).map((arm) => ({
    arm,
    sum: sumOf(results, arm),
    copies: results.arms.filter((entry) => entry.arm === arm && (entry.copy_id !== null || hasSends(entry))),
  }))
  const sums = [
    ...arms.map(({ sum }) => sum),
    ...results.arms.map((entry) => ({ hits: hitsOf(entry, results.metric), sends: entry.counts.sent ?? 0 })),
  ]
  const most = Math.max(0, ...sums.map(({ hits, sends }) => rateInterval(hits, sends)?.upper ?? 0))
  return (
    <Wide label="Results by arm and copy" minWidth={640}>
      <Table.Caption>
        Bars: the range in which the true share lies with 95 % certainty. Sends by their day, UTC.
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Copy</Table.Th>
          <Table.Th className="numbers">Sends</Table.Th>
          <Table.Th ta="right" maw={140}>
            {labelOf(results.metric)}
          </Table.Th>
          <Table.Th className="numbers">Share</Table.Th>
          <Table.Th>
            <VisuallyHidden>Range</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {arms.map(({ arm, sum, copies }) => (
          <Fragment key={arm}>
            <Table.Tr fw={700}>
              <Table.Th scope="row">{armNames[arm]}</Table.Th>
              <Numbers sum={sum} most={most} arm={arm} />
            </Table.Tr>
            {copies.map((entry) => (
              <CopyRow key={`${entry.copy_id} ${entry.choice}`} entry={entry} metric={results.metric} most={most} />
            ))}
          </Fragment>
        ))}
      </Table.Tbody>
    </Wide>
  )
}

/** Calls that no copy explains have nothing to show until a message is sent. */
function hasSends({ counts }: ArmResult): boolean {
  return (counts.sent ?? 0) > 0
}

const choiceNotes = { drawn: undefined, forced: 'asked for by id', fallback: 'fallback' } as const

function CopyRow({
  entry,
  metric,
  most,
}: {
  readonly entry: ArmResult
  readonly metric: string
  readonly most: number
}) {
  const [hits, sends] = [hitsOf(entry, metric), entry.counts.sent ?? 0]
  const note = choiceNotes[entry.choice]
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400} pl="lg">
        <Group gap="xs">
          <Text span size="sm" className="words">
            {entry.copy_id ?? (entry.arm === 'control' ? 'the existing message' : 'copy unknown')}
          </Text>
          {note !== undefined && (
            <Badge variant="default" size="sm" tt="none">
              {note}, not compared
            </Badge>
          )}
        </Group>
      </Table.Th>
      <Numbers sum={{ hits, sends, share: sends === 0 ? null : hits / sends }} most={most} arm={entry.arm} />
    </Table.Tr>
  )
}

function Numbers({ sum, most, arm }: { readonly sum: ArmSum; readonly most: number; readonly arm: ArmResult['arm'] }) {
  const range = rateInterval(sum.hits, sum.sends)
  return (
    <>
      <Table.Td className="numbers">{formatCount(sum.sends)}</Table.Td>
      <Table.Td className="numbers">{formatCount(sum.hits)}</Table.Td>
      <Table.Td className="numbers">{formatShare(sum.share)}</Table.Td>
      <Table.Td>
        {range !== undefined && sum.share !== null && (
          <IntervalBar
            value={sum.share}
            range={range}
            scale={{ lower: 0, upper: most }}
            colour={colours[arm]}
            label={`between ${formatShare(range.lower)} and ${formatShare(range.upper)}`}
          />
        )}
      </Table.Td>
    </>
  )
}
