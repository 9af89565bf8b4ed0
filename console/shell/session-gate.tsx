// Lets signed-in people in, and shows the others where to sign in. When a sign-in ends under way, what was typed stays.
import { Button, Center, Loader, Modal, Stack, Text, Title } from '@mantine/core'
import { useMemo, useState } from 'react'
import { Outlet } from 'react-router'
import { makeClient } from '../api/client.ts'
import { ClientContext } from '../api/use-api.ts'
import { Failure } from '../parts/failure.tsx'
import { SignedInContext, useCurrent, useSession } from '../session/use-session.ts'

export function SessionGate() {
  const session = useSession()
  const { data: signedIn, isPending, error, refetch } = useCurrent()
  const [ended, setEnded] = useState(false)
  const client = useMemo(() => makeClient(session, () => setEnded(true)), [session])
  if (isPending) return <Waiting />
  if (error) return <Failure error={error} retry={refetch} />
  if (signedIn === null) return <SignIn />
  return (
    <SignedInContext value={signedIn}>
      <ClientContext value={client}>
        <Outlet />
        <Modal opened={ended} onClose={() => setEnded(false)} title="Your sign-in has ended">
          <Stack>
            <Text>Sign in again to go on. What you typed in this tab is kept, but for keys and secrets.</Text>
            <Button onClick={() => session.signIn()}>Sign in again</Button>
          </Stack>
        </Modal>
      </ClientContext>
    </SignedInContext>
  )
}

export function Waiting() {
  return (
    <Center h="60vh">
      <Loader aria-label="Loading" />
    </Center>
  )
}

function SignIn() {
  const session = useSession()
  const [error, setError] = useState<unknown>()
  const start = () => session.signIn().catch(setError)
  return (
    <Center mih="80vh" p="md" component="main">
      <Stack align="center" maw={420}>
        <Title order={1} ta="center">
          JustAI for Customer.io
        </Title>
        <Text ta="center" c="dimmed">
          Better copy for the messages you send, and proof that it works.
        </Text>
        <Button size="md" onClick={start}>
          Sign in
        </Button>
        {error !== undefined && <Failure error={new Error('The sign-in could not be reached. Try again shortly.')} />}
      </Stack>
    </Center>
  )
}
