// Two versions side by side, word by word. The one that compares words is loaded when it is first asked for.
import { Accordion, Group, Loader, Select, Stack, Text } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import type { CopyAnswer } from '../../../contract/template-answers.ts'

const Differences = lazy(async () => ({ default: (await import('./differences.tsx')).Differences }))

export function CompareCopies({ copies }: { readonly copies: readonly CopyAnswer[] }) {
  const ids = copies.map(({ copy_id }) => copy_id)
  const [before, setBefore] = useState(ids[0] ?? null)
  const [after, setAfter] = useState(ids[1] ?? null)
  const [left, right] = [before, after].map((id) => copies.find(({ copy_id }) => copy_id === id))
  return (
    <Accordion variant="separated">
      <Accordion.Item value="compare">
        <Accordion.Control>Compare two copies</Accordion.Control>
        <Accordion.Panel>
          <Stack>
            <Group>
              <Select label="From" data={ids} value={before} onChange={setBefore} allowDeselect={false} />
              <Select label="To" data={ids} value={after} onChange={setAfter} allowDeselect={false} />
            </Group>
            {left !== undefined && right !== undefined && (
              <Suspense fallback={<Loader aria-label="Loading" size="sm" />}>
                <Differences before={left} after={right} />
              </Suspense>
            )}
            <Text size="xs" c="dimmed">
              Taken away words are crossed out, new ones underlined.
            </Text>
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  )
}
