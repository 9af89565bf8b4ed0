// The events of one delivery as they were stored, each once.
import { Table, Title } from '@mantine/core'
import type { ListedEvent } from '../../../contract/event-answers.ts'
import { Wide } from '../../parts/wide.tsx'
import { formatInstant, formatName } from '../../words/format.ts'

export function StoredEvents({ events }: { readonly events: readonly ListedEvent[] }) {
  return (
    <section aria-label="Events">
      <Title order={2} size="h4" mb="xs">
        Its events
      </Title>
      <Wide label="Events of this delivery" minWidth={520}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>When</Table.Th>
            <Table.Th>What</Table.Th>
            <Table.Th>Channel</Table.Th>
            <Table.Th>Event ID</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map(({ at, event_id, kind, name, channel }) => (
            <Table.Tr key={`${kind} ${event_id}`}>
              <Table.Td>{formatInstant(at, 'second')}</Table.Td>
              <Table.Td className="words" miw={140}>
                {formatName(name)}
              </Table.Td>
              <Table.Td className="words" miw={140}>
                {channel ?? '–'}
              </Table.Td>
              <Table.Td className="words" miw={140}>
                {event_id}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Wide>
    </section>
  )
}
