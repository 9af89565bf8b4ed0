// The templates of an org: state, key metric and how it stands. From here one goes to a template's results and copy.
import { Anchor, Button, SegmentedControl, Stack, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import type { TemplateAnswer } from '../../../contract/template-answers.ts'
import { useRead } from '../../api/use-api.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { Wide } from '../../parts/wide.tsx'
import { useOrg } from '../../session/use-session.ts'
import { labelOf } from '../results/metrics.ts'
import { NewTemplate } from './new-template.tsx'
import { Standing } from './standing.tsx'
import { TemplateStatus } from './template-status.tsx'

type Listed = Pick<TemplateAnswer, 'template_id' | 'name' | 'status' | 'key_metric'>

export function Templates() {
  const { org, mayChange } = useOrg()
  const [search, setSearch] = useSearchParams()
  const [isMaking, making] = useDisclosure()
  const shown = search.get('show') === 'archived' ? 'archived' : 'current'
  const templates = useRead('GET /api/orgs/{org}/templates', { path: { org } })
  return (
    <>
      <PageTitle
        title="Templates"
        about="A template is one message of yours whose copy is being improved."
        actions={
          <>
            <SegmentedControl
              aria-label="Which templates"
              data={[
                { value: 'current', label: 'Current' },
                { value: 'archived', label: 'Archived' },
              ]}
              value={shown}
              onChange={(value) => setSearch(value === 'archived' ? { show: value } : {}, { replace: true })}
            />
            {mayChange && <Button onClick={making.open}>New template</Button>}
          </>
        }
      />
      <Loaded of={templates}>
        {({ templates: all }) => {
          const rows = all.filter(({ status }) => (status === 'archived') === (shown === 'archived'))
          if (rows.length > 0) return <TemplateTable rows={rows} />
          return shown === 'archived' ? (
            <Empty title="Nothing is archived">
              Templates that serve no copy any more are kept here with their results.
            </Empty>
          ) : (
            <Empty title="No template yet">
              Make one for the message whose copy JustAI shall improve, then connect it to its campaign.
            </Empty>
          )
        }}
      </Loaded>
      {mayChange && <NewTemplate opened={isMaking} onClose={making.close} />}
    </>
  )
}

/** Each line reads results of its own. */
const atOnce = 25

function TemplateTable({ rows }: { readonly rows: readonly Listed[] }) {
  const { org } = useOrg()
  const [shown, setShown] = useState(atOnce)
  return (
    <Stack>
      <Wide label="Templates" minWidth={820}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Template</Table.Th>
            <Table.Th>What to do</Table.Th>
            <Table.Th>Best lift</Table.Th>
            <Table.Th className="numbers">JustAI</Table.Th>
            <Table.Th className="numbers">Control</Table.Th>
            <Table.Th>Key metric</Table.Th>
            <Table.Th>State</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.slice(0, shown).map((row) => (
            <Table.Tr key={row.template_id}>
              <Table.Td miw={160} maw={320}>
                <Anchor component={Link} to={`/${org}/templates/${row.template_id}`} fw={600} className="words">
                  {row.name}
                </Anchor>
                <Text size="xs" c="dimmed" className="words">
                  {row.template_id}
                </Text>
              </Table.Td>
              <Standing template={row.template_id} />
              <Table.Td className="words">{labelOf(row.key_metric)}</Table.Td>
              <Table.Td>
                <TemplateStatus status={row.status} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Wide>
      {rows.length > shown && (
        <Button variant="default" style={{ alignSelf: 'flex-start' }} onClick={() => setShown(shown + atOnce)}>
          Show more of {rows.length}
        </Button>
      )}
    </Stack>
  )
}
