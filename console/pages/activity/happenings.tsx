// Sends, serves, calls of webhook actions and messages that were never sent, a line each.
import { Anchor, Badge, Group, Table, Text } from '@mantine/core'
import type { Happening } from '../../../contract/event-answers.ts'
import { Wide } from '../../parts/wide.tsx'
import { formatInstant, formatName } from '../../words/format.ts'

export const kinds: Readonly<Record<Happening['kind'], string>> = {
  send: 'Message sent',
  serve: 'Copy served',
  action: 'Webhook action called',
  unsent: 'Never sent',
}
const joined = {
  journey: 'joined by the journey',
  latest: 'joined by time',
  none: 'joined to no copy',
} as const

export interface HappeningsProps {
  readonly happenings: readonly Happening[]
  readonly onStory: (query: Readonly<Record<string, string>>) => void
}

export function Happenings({ happenings, onStory }: HappeningsProps) {
  return (
    <Wide label="What happened" minWidth={760}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>When</Table.Th>
          <Table.Th>What</Table.Th>
          <Table.Th>Who</Table.Th>
          <Table.Th>Template and copy</Table.Th>
          <Table.Th>What became of it</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {happenings.map((each) => (
          <Row
            key={`${each.kind} ${each.delivery_id ?? each.serve_id} ${each.at}`}
            happening={each}
            onStory={onStory}
          />
        ))}
      </Table.Tbody>
    </Wide>
  )
}

interface RowProps {
  readonly happening: Happening
  readonly onStory: HappeningsProps['onStory']
}

function Row({ happening, onStory }: RowProps) {
  const { at, kind, person, delivery_id, template_id, source, channel, arm, copy_id, rule, metrics } = happening
  return (
    <Table.Tr>
      <Table.Td>{formatInstant(at, 'second')}</Table.Td>
      <Table.Td>
        {kinds[kind]}
        {channel !== null && (
          <Text span size="xs" c="dimmed">
            {` ${channel}`}
          </Text>
        )}
      </Table.Td>
      <Table.Td miw={160} maw={200} className="words">
        <Anchor component="button" type="button" size="sm" ta="left" onClick={() => onStory({ person })}>
          {person}
        </Anchor>
        {delivery_id !== null && (
          <Text size="xs">
            <Anchor
              component="button"
              type="button"
              size="xs"
              ta="left"
              onClick={() => onStory({ delivery: delivery_id })}
            >
              {delivery_id}
            </Anchor>
          </Text>
        )}
      </Table.Td>
      <Table.Td maw={220} className="words">
        {template_id ?? (source === null ? '–' : `${source}, no template`)}
        <Text size="xs" c="dimmed">
          {[arm, copy_id, rule === null ? null : joined[rule]].filter((part) => part !== null).join(', ')}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap={4}>
          {metrics.map((metric) => (
            <Badge key={metric} variant="default" size="sm" tt="none" maw={180}>
              {formatName(metric)}
            </Badge>
          ))}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}
