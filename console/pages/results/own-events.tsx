// The org's own events by arm and copy: sends that have one, how many there were, what they were worth.
import { Table, Text } from '@mantine/core'
import type { ResultsAnswer } from '../../../contract/results.ts'
import { Wide } from '../../parts/wide.tsx'
import { formatCount } from '../../words/format.ts'

export function OwnEvents({ results }: { readonly results: ResultsAnswer }) {
  const rows = results.arms.flatMap((entry) =>
    Object.entries(entry.events).map(([name, counted]) => ({ name, entry, counted })),
  )
  if (rows.length === 0)
    return (
      <Text size="sm" c="dimmed">
        None were seen for these sends.
      </Text>
    )
  return (
    <Wide label="Your own events by arm and copy" minWidth={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Event</Table.Th>
          <Table.Th>Arm and copy</Table.Th>
          <Table.Th className="numbers">Sends with one</Table.Th>
          <Table.Th className="numbers">Events</Table.Th>
          <Table.Th className="numbers">Value</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ name, entry, counted }) => (
          <Table.Tr key={`${name} ${entry.arm} ${entry.copy_id} ${entry.choice}`}>
            <Table.Td className="words" miw={140}>
              {name}
            </Table.Td>
            <Table.Td className="words" miw={140}>
              {[entry.arm, entry.copy_id].filter((part) => part !== null).join(', ')}
            </Table.Td>
            <Table.Td className="numbers">{formatCount(counted.sends)}</Table.Td>
            <Table.Td className="numbers">{formatCount(counted.events)}</Table.Td>
            <Table.Td className="numbers">
              {Object.entries(counted.value)
                .map(([currency, value]) => `${value} ${currency}`)
                .join(', ') || '–'}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Wide>
  )
}
