// The org's settings: its connection to Customer.io, how people and money are read, its API keys,
// what its own systems are told of, and who changed what.
import { Outlet } from 'react-router'
import { PageTabs } from '../../parts/page-tabs.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { useOrg } from '../../session/use-session.ts'

const pages = [
  ['customerio', 'Customer.io'],
  ['general', 'General'],
  ['metrics', 'Metrics'],
  ['keys', 'API keys'],
  ['alerts', 'Alerts'],
] as const
/** The log shows settings as they were, so it is for those who may change them. */
const adminPages = [...pages, ['changes', 'Changes']] as const

export function Settings() {
  const { org, mayChange } = useOrg()
  return (
    <>
      <PageTitle title="Settings" />
      <PageTabs label="Settings" base={`/${org}/settings`} pages={mayChange ? adminPages : pages}>
        <Outlet />
      </PageTabs>
    </>
  )
}
