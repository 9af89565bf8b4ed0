// The org's settings: its connection to Customer.io, how people and money are read, its API keys.
import { Tabs } from '@mantine/core'
import { Outlet, useLocation, useNavigate } from 'react-router'
import { PageTitle } from '../../parts/page-title.tsx'
import { useOrg } from '../../session/use-session.ts'

const pages = [
  ['customerio', 'Customer.io'],
  ['general', 'General'],
  ['metrics', 'Metrics'],
  ['keys', 'API keys'],
] as const

export function Settings() {
  const { org } = useOrg()
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const here = pages.find(([page]) => pathname.endsWith(`/${page}`))?.[0] ?? 'customerio'
  return (
    <>
      <PageTitle title="Settings" />
      <Tabs value={here} onChange={(page) => navigate(`/${org}/settings/${page}`)} keepMounted={false}>
        <Tabs.List mb="md" aria-label="Settings">
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
