// The frame of an org's pages: where one can go, which org this is, who is signed in.
import { AppShell, Badge, Burger, Button, Group, Menu, NavLink, ScrollArea, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Suspense } from 'react'
import { Link, Outlet, useLocation, useNavigate } from 'react-router'
import { useOrg, useSession, useSignedIn } from '../session/use-session.ts'
import { ColorScheme } from './color-scheme.tsx'
import { NotFound } from './page-failed.tsx'
import { Waiting } from './session-gate.tsx'

const places = [
  { path: 'set-up', label: 'Set-up' },
  { path: 'templates', label: 'Templates' },
  { path: 'activity', label: 'Activity' },
  { path: 'settings', label: 'Settings' },
]

export function OrgShell() {
  const { org, role } = useOrg()
  const { memberships } = useSignedIn()
  const [opened, { toggle, close }] = useDisclosure()
  const location = useLocation()
  if (!memberships.some((one) => one.org === org)) return <NotFound />
  const here = location.pathname.split('/')[2] ?? ''
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <AppShell.Header px="sm">
        <a className="skip" href="#main">
          To the content
        </a>
        <Group h="100%" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
            <Text fw={700} visibleFrom="sm">
              JustAI
            </Text>
            <OrgSwitcher />
            {role === 'viewer' && (
              <Badge variant="default" visibleFrom="xs">
                read only
              </Badge>
            )}
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Account />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="nav" aria-label="Pages">
        <ScrollArea>
          {places.map(({ path, label }) => {
            const active = here === path
            return (
              <NavLink
                key={label}
                component={Link}
                to={`/${org}/${path}`}
                label={label}
                active={active}
                aria-current={active ? 'page' : undefined}
                onClick={close}
              />
            )
          })}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Suspense fallback={<Waiting />}>
          <Outlet key={org} />
        </Suspense>
      </AppShell.Main>
    </AppShell>
  )
}

function OrgSwitcher() {
  const { org } = useOrg()
  const { memberships } = useSignedIn()
  const navigate = useNavigate()
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" size="compact-md" aria-label={`Organisation ${org}`}>
          <Text span truncate maw={140}>
            {org}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Organisations</Menu.Label>
        {memberships.map((one) => (
          <Menu.Item
            key={one.org}
            onClick={() => navigate(`/${one.org}`)}
            rightSection={<Badge variant="default">{one.role}</Badge>}
          >
            {one.org}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function Account() {
  const { email } = useSignedIn()
  const session = useSession()
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="compact-md">
          Account
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{email === '' ? 'Signed in' : email}</Menu.Label>
        <Menu.Item onClick={() => session.signOut()}>Sign out</Menu.Item>
        <Menu.Divider />
        <ColorScheme />
      </Menu.Dropdown>
    </Menu>
  )
}
