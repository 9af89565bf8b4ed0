// Whether people were split as they were meant to be, and by which weights copies are drawn now.
import { Stack, Table, Text } from '@mantine/core'
import type { Judgement } from '../../../contract/comparison.ts'
import { Wide } from '../../parts/wide.tsx'
import { formatCount, formatInstant, formatP, formatShare } from '../../words/format.ts'
import { weighingOf } from './weighing.ts'

const between = { arms: 'control and copies', copies: 'copies' } as const

export function HowSplit({ sample_ratio, allocation }: Pick<Judgement, 'sample_ratio' | 'allocation'>) {
  return (
    <Stack gap="sm">
      {sample_ratio.length === 0 ? (
        <Text size="sm">
          It cannot be checked: nothing says which share control was meant to get. Enter it in the template’s settings.
        </Text>
      ) : (
        <Wide label="The split, stage by stage" minWidth={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Between</Table.Th>
              <Table.Th>Stage</Table.Th>
              <Table.Th>Seen, for expected</Table.Th>
              <Table.Th className="numbers">p at any look</Table.Th>
              <Table.Th>Sound</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sample_ratio.map((check) => (
              <Table.Tr key={`${check.between} ${check.stage}`}>
                <Table.Td>{between[check.between]}</Table.Td>
                <Table.Td>{check.stage}</Table.Td>
                <SeenOf check={check} />
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Wide>
      )}
      <Text size="sm" className="words">
        {weighingOf(allocation)}
        {allocation !== null &&
          ` Version ${allocation.version} of ${formatInstant(allocation.computed_at)}: ${allocation.weights
            .map(({ copy_id, weight }) => `${copy_id} ${formatShare(weight)}`)
            .join(', ')}.`}
      </Text>
    </Stack>
  )
}

function SeenOf({ check }: { readonly check: Judgement['sample_ratio'][number] }) {
  const { labels, counts, expected, p, broken } = check
  if (counts.every((count) => count === 0)) return <Table.Td colSpan={3}>nothing yet</Table.Td>
  return (
    <>
      <Table.Td className="words" miw={140}>
        {labels.map((label, at) => `${label} ${counted(counts[at])} for ${counted(expected[at])}`).join(', ')}
      </Table.Td>
      <Table.Td className="numbers">{formatP(p)}</Table.Td>
      <Table.Td>{broken ? 'no' : 'yes'}</Table.Td>
    </>
  )
}

function counted(count: number | undefined): string {
  return formatCount(count ?? 0)
}
