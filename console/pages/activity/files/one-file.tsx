// One file: how far it is, what became of its rows, why rows were rejected, and the files to take along.
import { Anchor, Button, Card, Group, List, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import { type FileCounts, fileReportSchema, type ImportAnswer } from '../../../../contract/import.ts'
import { useChange, useRead } from '../../../api/use-api.ts'
import { Failure } from '../../../parts/failure.tsx'
import { Loaded } from '../../../parts/loaded.tsx'
import { useOrg } from '../../../session/use-session.ts'
import { formatBytes, formatCount, formatInstant } from '../../../words/format.ts'
import { ImportState } from './files.tsx'
import { nameOf } from './import-state.ts'
import { RejectedRows } from './rejected-rows.tsx'
import { reasonWords } from './row-reasons.ts'

const refetchMs = 3_000

export function OneFile() {
  const { org } = useOrg()
  const { import: id = '' } = useParams()
  const read = useRead('GET /api/orgs/{org}/imports/{import}', { path: { org, import: id } }, { refetchMs })
  return (
    <Stack>
      <Anchor component={Link} to={`/${org}/activity/files`} size="sm">
        All files
      </Anchor>
      <Loaded of={read}>{(file) => <FileCard file={file} />}</Loaded>
    </Stack>
  )
}

function FileCard({ file }: { readonly file: ImportAnswer }) {
  return (
    <Card withBorder component="article" aria-label={nameOf(file.file)}>
      <Stack>
        <Group justify="space-between" align="flex-start">
          <div>
            <Title order={2} size="h4" className="words">
              {nameOf(file.file)}
            </Title>
            <Text size="sm" c="dimmed" className="words">
              {file.file}, {formatBytes(file.bytes)}
            </Text>
          </div>
          <ImportState file={file} />
        </Group>
        <Text size="sm" role="status">
          {progressOf(file)}
        </Text>
        {file.problems.length > 0 && (
          <List size="sm">
            {file.problems.map(({ code, message }) => (
              <List.Item key={code} className="words">
                {message}
              </List.Item>
            ))}
          </List>
        )}
        {file.counts !== null && <Counts counts={file.counts} />}
        {file.report_url !== null && <Reasons url={file.report_url} />}
        <Group align="flex-start">
          {file.rejected_url !== null && <RejectedRows url={file.rejected_url} name={nameOf(file.file)} />}
          {file.report_url !== null && (
            <Button component="a" href={file.report_url} download variant="default">
              Download report
            </Button>
          )}
          <Retry file={file} />
        </Group>
      </Stack>
    </Card>
  )
}

function progressOf({ status, ranges, ranges_done, rows_done, started, finished }: ImportAnswer): string {
  if (finished !== null) return `Began ${formatInstant(started, 'second')}, ended ${formatInstant(finished, 'second')}.`
  if (status === 'planning' || ranges === null) return `Began ${formatInstant(started, 'second')}; it is being read.`
  return `Began ${formatInstant(started, 'second')}; ${formatCount(ranges_done ?? 0)} of ${formatCount(ranges)} pieces and ${formatCount(rows_done ?? 0)} rows are loaded.`
}

const countNames: readonly (readonly [keyof FileCounts, string])[] = [
  ['rows', 'Rows'],
  ['accepted', 'New events'],
  ['changed', 'Changed events'],
  ['unchanged', 'Known already'],
  ['duplicate', 'Twice in the file'],
  ['rejected', 'Rejected'],
]

function Counts({ counts }: { readonly counts: FileCounts }) {
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} component="dl" m={0}>
      {countNames.map(([name, label]) => (
        <div key={name}>
          <Text component="dt" size="xs" c="dimmed">
            {label}
          </Text>
          <Text component="dd" m={0} fw={600}>
            {formatCount(counts[name])}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  )
}

/** From the report beside the file, which is in the bucket and not of the API. */
function Reasons({ url }: { readonly url: string }) {
  const { data } = useQuery({
    queryKey: ['report', url.split('?')[0]],
    queryFn: async ({ signal }) => fileReportSchema.parse(await (await fetch(url, { signal })).json()),
    staleTime: Infinity,
    retry: false,
  })
  if (data === undefined) return null
  const reasons = Object.entries(data.reasons).toSorted(([, a], [, b]) => b - a)
  return (
    <Stack gap="sm">
      {reasons.length > 0 && (
        <Table maw={640}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Why rows were rejected</Table.Th>
              <Table.Th className="numbers">Rows</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {reasons.map(([reason, rows]) => (
              <Table.Tr key={reason}>
                <Table.Td className="words">{reasonWords(reason)}</Table.Td>
                <Table.Td className="numbers">{formatCount(rows)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {data.unknown_columns.length > 0 && (
        <Text size="sm" className="words">
          Columns that no event has, left out: {data.unknown_columns.join(', ')}.
        </Text>
      )}
    </Stack>
  )
}

function Retry({ file }: { readonly file: ImportAnswer }) {
  const { org, mayChange } = useOrg()
  const retry = useChange('POST /api/orgs/{org}/imports/{import}/retry')
  if (!mayChange || file.status === 'superseded' || file.status.startsWith('complete')) return null
  return (
    <>
      <Button
        variant="default"
        loading={retry.isPending}
        onClick={() => retry.mutate({ path: { org, import: file.id } })}
      >
        Take it up again
      </Button>
      {retry.isError && <Failure error={retry.error} />}
    </>
  )
}
