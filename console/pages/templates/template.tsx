// One template: its name and state, and the pages about it.
import { Anchor, Breadcrumbs, Group, Tabs, Text } from '@mantine/core'
import { Link, Outlet, useLocation, useNavigate, useParams } from 'react-router'
import { useRead } from '../../api/use-api.ts'
import { Loaded } from '../../parts/loaded.tsx'
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
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const read = useRead('GET /api/orgs/{org}/templates/{template}', { path: { org, template } })
  const asked = pathname.split('/')[4]?.replace('new-copy', 'copy')
  const here = pages.find(([page]) => page === asked)?.[0] ?? 'results'
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
          <Tabs value={here} onChange={(page) => navigate(`/${org}/templates/${template}/${page}`)} keepMounted={false}>
            <Tabs.List mb="md" aria-label="About this template">
              {pages.map(([page, label]) => (
                <Tabs.Tab key={page} value={page}>
                  {label}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value={here}>
              <Outlet key={template} />
            </Tabs.Panel>
          </Tabs>
        </>
      )}
    </Loaded>
  )
}
