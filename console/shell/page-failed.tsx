// What is shown in place of a page that is not there or broke.
import { Button, Container, Stack, Text, Title } from '@mantine/core'
import { Link } from 'react-router'

export function NotFound() {
  return (
    <Container size="sm" mt="xl">
      <Stack align="flex-start">
        <Title order={1}>There is no such page</Title>
        <Text>The address may be mistyped, or what it showed was removed.</Text>
        <Button component={Link} to="/">
          To the start
        </Button>
      </Stack>
    </Container>
  )
}

export function PageFailed() {
  return (
    <Container size="sm" mt="xl" role="alert">
      <Stack align="flex-start">
        <Title order={1}>This page could not be shown</Title>
        <Text>Perhaps a newer version was just deployed. Reload to get it; nothing that was saved is lost.</Text>
        <Button onClick={() => location.reload()}>Reload</Button>
      </Stack>
    </Container>
  )
}
