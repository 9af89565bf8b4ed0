// Pages that belong together as tabs, each with an address of its own. The page shown is the route's.
import { Tabs } from '@mantine/core'
import type { ReactNode } from 'react'
import { useLocation, useNavigate } from 'react-router'

export interface PageTabsProps {
  readonly label: string
  /** The address that the tabs' own begin with. */
  readonly base: string
  /** Last part of the address, and what the tab says. The first is shown for an address that is none of them. */
  readonly pages: readonly (readonly [string, string])[]
  readonly children: ReactNode
}

export function PageTabs({ label, base, pages, children }: PageTabsProps) {
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const asked = pathname.slice(base.length + 1).split('/')[0]
  // `new-copy` is about `copy`.
  const here = pages.find(([page]) => asked === page || asked?.endsWith(`-${page}`))?.[0] ?? pages[0]?.[0] ?? ''
  return (
    <Tabs value={here} onChange={(page) => navigate(`${base}/${page}`)} keepMounted={false}>
      <Tabs.List mb="md" aria-label={label}>
        {pages.map(([page, title]) => (
          <Tabs.Tab key={page} value={page}>
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={here}>{children}</Tabs.Panel>
    </Tabs>
  )
}
