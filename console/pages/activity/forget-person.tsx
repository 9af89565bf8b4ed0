// Has a person forgotten, by an admin, from their story. Goes on, call by call, until it is complete or has to wait.
import { List, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { ErasedAnswer } from '../../../contract/event-answers.ts'
import { useChange } from '../../api/use-api.ts'
import { AskFirst } from '../../parts/ask-first.tsx'
import { useOrg } from '../../session/use-session.ts'
import { forgottenWords } from './forgotten-words.ts'

/** `person` as the API names people: `id:42`. */
export function ForgetPerson({ person }: { readonly person: string }) {
  const { org } = useOrg()
  const erase = useChange('DELETE /api/orgs/{org}/people/{person}')
  const [last, setLast] = useState<ErasedAnswer>()
  const forget = async (done: () => void) => {
    let next: string | undefined
    for (;;) {
      const { data } = await erase.mutateAsync({ path: { org, person }, query: { next } })
      setLast(data)
      // What it waits for takes minutes: the person is told, and presses again.
      if (data.status === 'complete' || data.waits_for !== '') return done()
      next = data.next ?? undefined
    }
  }
  return (
    <Stack gap="xs" align="flex-start">
      <AskFirst
        label="Forget this person"
        question="Forget this person?"
        colour="red"
        change={erase}
        // What goes wrong is told by the change itself.
        onSure={(done) => void forget(done).catch(() => undefined)}
      >
        All that is stored of <b>{person}</b> is removed, under every name that their events had, and nothing that comes
        later brings them back. Counters keep their sums, without the person. This cannot be taken back.
      </AskFirst>
      {last !== undefined && (
        <List size="sm" role="status">
          {forgottenWords(last).map((line) => (
            <List.Item key={line}>
              <Text size="sm">{line}</Text>
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  )
}
