// Where the sign-in comes back to: takes its answer once and goes on to where the person was.
import { Button, Center, Stack } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useNavigate } from 'react-router'
import { Failure } from '../parts/failure.tsx'
import { useSession } from '../session/use-session.ts'
import { Waiting } from './session-gate.tsx'

export function FinishSignIn() {
  const session = useSession()
  const navigate = useNavigate()
  const queries = useQueryClient()
  // A query, because it runs once however often the page is drawn: the code in the address is good for one use.
  const { data: returnTo, error } = useQuery({
    queryKey: ['finish-sign-in'],
    queryFn: () => session.finishSignIn(),
    retry: false,
    staleTime: Infinity,
  })
  useEffect(() => {
    if (returnTo === undefined) return
    queries.removeQueries({ queryKey: ['session'] })
    navigate(returnTo, { replace: true })
  }, [returnTo, navigate, queries])
  if (!error) return <Waiting />
  return (
    <Center mih="60vh" p="md" component="main">
      <Stack>
        <Failure error={new Error('This sign-in could not be finished: it was started elsewhere, or too long ago.')} />
        <Button onClick={() => navigate('/', { replace: true })}>Start again</Button>
      </Stack>
    </Center>
  )
}
