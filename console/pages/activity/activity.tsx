// What happens: the live feed, stories of one delivery or person, files of events that came in and
// of days that go out, what was set aside, and what became of every event.
import { Outlet } from 'react-router'
import { PageTabs } from '../../parts/page-tabs.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { useOrg } from '../../session/use-session.ts'

const pages = [
  ['feed', 'Feed and stories'],
  ['files', 'Files'],
  ['exports', 'Exports'],
  ['quarantine', 'Set aside'],
  ['accounts', 'Accounts'],
] as const

export function Activity() {
  const { org } = useOrg()
  return (
    <>
      <PageTitle title="Activity" />
      <PageTabs label="Activity" base={`/${org}/activity`} pages={pages}>
        <Outlet />
      </PageTabs>
    </>
  )
}
