// Days that are exported as Parquet files, for a warehouse of the org's own, and the files of one day to take along.
import { Anchor, Button, Group, Modal, Stack, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import { useRead } from '../../api/use-api.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Pager, usePage } from '../../parts/pager.tsx'
import { Wide } from '../../parts/wide.tsx'
import { useOrg } from '../../session/use-session.ts'
import { formatBytes, formatCount, formatInstant } from '../../words/format.ts'

const datasets = [
  ['serves', 'Serves'],
  ['sends', 'Sends'],
  ['events', 'Events'],
  ['outcomes', 'Outcomes'],
] as const

export function Exports() {
  const { org } = useOrg()
  const next = usePage()
  const [chosen, setChosen] = useState<string>()
  const days = useRead('GET /api/orgs/{org}/exports', { path: { org }, query: { next } })
  return (
    <Stack>
      <Text size="sm" c="dimmed" maw="70ch">
        Every day that is over, as Parquet files that add up to the results. A day is exported anew when what it counts
        has changed since, as its next version.{' '}
        <Anchor component={Link} to="columns" size="sm" underline="always">
          What the columns mean
        </Anchor>
      </Text>
      <Loaded of={days}>
        {(data) => (
          <Stack>
            {data.days.length === 0 ? (
              <Empty title="No day is exported yet">The first one appears in the night after its messages.</Empty>
            ) : (
              <Wide label="Exported days" minWidth={760}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th miw={110}>Day, UTC</Table.Th>
                    <Table.Th>Files</Table.Th>
                    {datasets.map(([name, label]) => (
                      <Table.Th key={name} className="numbers">
                        {label}
                      </Table.Th>
                    ))}
                    <Table.Th className="numbers">Size</Table.Th>
                    <Table.Th className="numbers">Version</Table.Th>
                    <Table.Th>Exported</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {data.days.map(({ day, version, rows, bytes, finished }) => (
                    <Table.Tr key={day}>
                      <Table.Td>{day}</Table.Td>
                      <Table.Td>
                        <Button
                          size="compact-sm"
                          variant="default"
                          onClick={() => setChosen(day)}
                          aria-label={`Files of ${day}`}
                        >
                          Files
                        </Button>
                      </Table.Td>
                      {datasets.map(([name]) => (
                        <Table.Td key={name} className="numbers">
                          {formatCount(rows[name])}
                        </Table.Td>
                      ))}
                      <Table.Td className="numbers">{formatBytes(bytes)}</Table.Td>
                      <Table.Td className="numbers">{version}</Table.Td>
                      <Table.Td>{formatInstant(finished)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Wide>
            )}
            <Pager next={data.next} />
          </Stack>
        )}
      </Loaded>
      <Modal
        size="lg"
        opened={chosen !== undefined}
        onClose={() => setChosen(undefined)}
        title={`Files of ${chosen ?? ''}`}
      >
        {chosen !== undefined && <DayFiles day={chosen} />}
      </Modal>
    </Stack>
  )
}

/** Addresses are good for minutes, so they are asked for when the files are looked at. */
function DayFiles({ day }: { readonly day: string }) {
  const { org } = useOrg()
  const files = useRead('GET /api/orgs/{org}/exports/{day}', { path: { org, day } }, { staleMs: 0 })
  return (
    <Loaded of={files}>
      {(data) => (
        <Stack gap="xs">
          {data.files.map(({ dataset, key, rows, bytes, url }) => (
            <Group key={key} justify="space-between" wrap="nowrap">
              <Anchor href={url} download size="sm" className="words">
                {key.slice(key.lastIndexOf('/') + 1)}
              </Anchor>
              <Text size="sm" c="dimmed">
                {dataset}, {formatCount(rows)} {rows === 1 ? 'row' : 'rows'}, {formatBytes(bytes)}
              </Text>
            </Group>
          ))}
          {data.files.length === 0 && <Text size="sm">Nothing happened on this day, so there is no file.</Text>}
          <Text size="xs" c="dimmed">
            The addresses are good until {formatInstant(data.urls_expire)}.
          </Text>
        </Stack>
      )}
    </Loaded>
  )
}
