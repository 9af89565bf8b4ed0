// Files of custom events: dropping one, and what became of those that were dropped here or put into the bucket.
import { Anchor, Badge, Progress, Stack, Table, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { ImportAnswer } from '../../../../contract/import.ts'
import { useRead } from '../../../api/use-api.ts'
import { Empty } from '../../../parts/empty.tsx'
import { Loaded } from '../../../parts/loaded.tsx'
import { Pager, usePage } from '../../../parts/pager.tsx'
import { Wide } from '../../../parts/wide.tsx'
import { useOrg } from '../../../session/use-session.ts'
import { formatBytes, formatCount, formatInstant } from '../../../words/format.ts'
import { DropFiles } from './drop-files.tsx'
import { importLooks, nameOf, partDone } from './import-state.ts'

/** Progress shows up while the page is open. */
const refetchMs = 3_000

export function Files() {
  const { org, mayChange } = useOrg()
  const next = usePage()
  const imports = useRead('GET /api/orgs/{org}/imports', { path: { org }, query: { next } }, { refetchMs })
  return (
    <Stack>
      <Text size="sm" c="dimmed" maw="70ch">
        Events of your own, such as purchases, a row each. A bad row never stops the others: the rejected ones come back
        as a file, with every reason, ready to be mended and dropped again. Dropping the same rows again changes
        nothing.
      </Text>
      {mayChange && <DropFiles />}
      <Loaded of={imports}>
        {(data) => (
          <Stack>
            {data.imports.length === 0 ? (
              <Empty title="No file yet">
                CSV with a header row, JSON Lines or Parquet. Columns: event_name, user_id or email, timestamp, and if
                you like event_id, value, currency.
              </Empty>
            ) : (
              <ImportTable imports={data.imports} />
            )}
            <Pager next={data.next} />
          </Stack>
        )}
      </Loaded>
    </Stack>
  )
}

function ImportTable({ imports }: { readonly imports: readonly ImportAnswer[] }) {
  return (
    <Wide label="Files" minWidth={680}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>File</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th className="numbers">Rows</Table.Th>
          <Table.Th className="numbers">Rejected</Table.Th>
          <Table.Th>Began</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {imports.map((each) => (
          <Table.Tr key={each.id}>
            <Table.Td miw={140} maw={300} className="words">
              <Anchor component={Link} to={encodeURIComponent(each.id)} size="sm" fw={600}>
                {nameOf(each.file)}
              </Anchor>
              <Text size="xs" c="dimmed">
                {formatBytes(each.bytes)}
              </Text>
            </Table.Td>
            <Table.Td>
              <ImportState file={each} />
            </Table.Td>
            <Table.Td className="numbers">{countOf(each.counts?.rows ?? each.rows_done)}</Table.Td>
            <Table.Td className="numbers">{countOf(each.counts?.rejected ?? each.rejected)}</Table.Td>
            <Table.Td>{formatInstant(each.started)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Wide>
  )
}

export function ImportState({ file }: { readonly file: ImportAnswer }) {
  const { colour, word } = importLooks[file.status]
  const part = partDone(file)
  return (
    <Stack gap={4}>
      <Badge color={colour} variant="dot" tt="none">
        {word}
      </Badge>
      {part !== undefined && <Progress value={part * 100} size="sm" aria-label={`${word}: ${nameOf(file.file)}`} />}
    </Stack>
  )
}

function countOf(count: number | null): string {
  return count === null ? '–' : formatCount(count)
}
