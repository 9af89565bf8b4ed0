// What the columns of exported files mean, as the docs have it.
import { Anchor, Stack, Table, Text, Title } from '@mantine/core'
import { Link } from 'react-router'
import markdown from '../../../docs/exports.md?raw'
import { Wide } from '../../parts/wide.tsx'
import { WithCode } from '../../parts/with-code.tsx'
import { useOrg } from '../../session/use-session.ts'
import { formatName } from '../../words/format.ts'
import { type Column, readColumns } from './columns-of-exports.ts'

const { notes, datasets } = readColumns(markdown)

export function ExportColumns() {
  const { org } = useOrg()
  return (
    <Stack>
      <Anchor component={Link} to={`/${org}/activity/exports`} size="sm">
        All days
      </Anchor>
      {notes.map((note) => (
        <Text key={note} size="sm" maw="75ch">
          <WithCode text={note} />
        </Text>
      ))}
      {datasets.map(({ name, about, columns }) => (
        <Stack key={name} component="section" gap="xs" aria-label={name}>
          <Title order={2} size="h4">
            {name}
          </Title>
          <Text size="sm">{formatName(about)}.</Text>
          <Columns of={name} columns={columns} />
        </Stack>
      ))}
    </Stack>
  )
}

function Columns({ of, columns }: { readonly of: string; readonly columns: readonly Column[] }) {
  return (
    <Wide label={`Columns of ${of}`} minWidth={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={230}>Column</Table.Th>
          <Table.Th w={90}>Type</Table.Th>
          <Table.Th>What</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {columns.map(({ names, type, meaning }) => (
          <Table.Tr key={names}>
            <Table.Td>
              <WithCode text={names} />
            </Table.Td>
            <Table.Td>{type}</Table.Td>
            <Table.Td>
              <WithCode text={meaning} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Wide>
  )
}
