// The lift of each copy in the three ways it can be read, for those who want to know why the first one counts.
import { Stack, Table, Text } from '@mantine/core'
import type { ComparedCopy } from '../../../contract/comparison.ts'
import { Wide } from '../../parts/wide.tsx'
import { formatCount, formatLift } from '../../words/format.ts'

export function OtherReadings({ copies }: { readonly copies: readonly ComparedCopy[] }) {
  return (
    <Stack gap="sm">
      <Text size="sm">
        Weights move while a test runs, and so do people. The lift that counts compares each copy with control period by
        period. All periods thrown together can turn a loss into a win; weighing each send by one over the chance of its
        draw corrects for that in another way. A warning is shown where they part.
      </Text>
      <Wide label="Readings of the lift" minWidth={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Copy</Table.Th>
            <Table.Th className="numbers">Period by period</Table.Th>
            <Table.Th className="numbers">Thrown together</Table.Th>
            <Table.Th className="numbers">By chances of the draw</Table.Th>
            <Table.Th className="numbers">Worth so many sends</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {copies.map(({ copy_id, lift, pooled, inverse_propensity, effective_sends, parted }) => (
            <Table.Tr key={copy_id}>
              <Table.Th scope="row" fw={400} className="words" miw={140}>
                {copy_id}
              </Table.Th>
              <Table.Td className="numbers">{lift === null ? '–' : formatLift(lift.value)}</Table.Td>
              <Table.Td className="numbers">{readingOf(pooled, parted.includes('pooled'))}</Table.Td>
              <Table.Td className="numbers">{readingOf(inverse_propensity, parted.includes('inverse'))}</Table.Td>
              <Table.Td className="numbers">{formatCount(effective_sends)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Wide>
    </Stack>
  )
}

function readingOf(reading: ComparedCopy['pooled'], isParted: boolean): string {
  return reading === null ? '–' : `${formatLift(reading.lift)}${isParted ? ', parts' : ''}`
}
