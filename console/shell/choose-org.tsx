// The start page: goes to the only org there is, or lets a person choose among theirs.
import { Container, NavLink, Stack, Text, Title } from '@mantine/core'
import { Link, Navigate } from 'react-router'
import { useSignedIn } from '../session/use-session.ts'

export function ChooseOrg() {
  const { memberships, email } = useSignedIn()
  const [first, ...others] = memberships
  if (first !== undefined && others.length === 0) return <Navigate to={`/${first.org}`} replace />
  return (
    <Container size="xs" component="main" mt="xl">
      <Stack>
        <Title order={1}>Organisations</Title>
        {memberships.map(({ org, role }) => (
          <NavLink
            key={org}
            component={Link}
            to={`/${org}`}
            label={org}
            description={role}
            bd="1px solid var(--mantine-color-default-border)"
            bdrs="md"
          />
        ))}
        {first === undefined && (
          <Text>
            {email === '' ? 'Your account' : email} belongs to no organisation yet. Ask an operator to add you, then
            sign in again.
          </Text>
        )}
      </Stack>
    </Container>
  )
}
