// One template: its name and state, and the pages about it.
import { Anchor, Breadcrumbs, Group, Text } from '@mantine/core'
import { Link, Outlet, useParams } from 'react-router'
import { useRead } from '../../api/use-api.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { PageTabs } from '../../parts/page-tabs.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { useOrg } from '../../session/use-session.ts'
import { statusNotes, TemplateStatus } from './template-status.tsx'

const pages = [
  ['results', 'Results'],
  ['copy', 'Copy'],
  ['integration', 'Integration'],
  ['settings', 'Settings'],
] as const

export function Template() {
  const { org } = useOrg()
  const { template = '' } = useParams()
  const read = useRead('GET /api/orgs/{org}/templates/{template}', { path: { org, template } })
  return (
    <Loaded of={read}>
      {({ name, status }) => (
        <>
          <Breadcrumbs>
            <Anchor component={Link} to={`/${org}/templates`} size="sm">
              Templates
            </Anchor>
            <Text size="sm" className="words">
              {template}
            </Text>
          </Breadcrumbs>
          <PageTitle
            title={name}
            about={
              <Group gap="xs">
                <TemplateStatus status={status} /> {statusNotes[status]}
              </Group>
            }
          />
          <PageTabs label="About this template" base={`/${org}/templates/${template}`} pages={pages}>
            <Outlet key={template} />
          </PageTabs>
        </>
      )}
    </Loaded>
  )
}
