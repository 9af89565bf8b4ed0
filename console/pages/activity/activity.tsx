// What happens: the live feed, stories of one delivery or person, and what was set aside.
import { Tabs } from '@mantine/core'
import { Outlet, useLocation, useNavigate } from 'react-router'
import { PageTitle } from '../../parts/page-title.tsx'
import { useOrg } from '../../session/use-session.ts'

const pages = [
  ['feed', 'Feed and stories'],
  ['quarantine', 'Set aside'],
] as const

export function Activity() {
  const { org } = useOrg()
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const here = pages.find(([page]) => pathname.split('/')[3] === page)?.[0] ?? 'feed'
  return (
    <>
      <PageTitle title="Activity" />
      <Tabs value={here} onChange={(page) => navigate(`/${org}/activity/${page}`)} keepMounted={false}>
        <Tabs.List mb="md" aria-label="Activity">
          {pages.map(([page, label]) => (
            <Tabs.Tab key={page} value={page}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={here}>
          <Outlet />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
