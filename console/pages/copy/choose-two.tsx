// Any two copies of a template, to be compared.
import { Accordion, Group, Select, Stack } from '@mantine/core'
import { useState } from 'react'
import type { CopyAnswer } from '../../../contract/template-answers.ts'
import { CompareTexts } from './compare-texts.tsx'
import { newestVersions } from './versions.ts'

export function ChooseTwo({ copies }: { readonly copies: readonly CopyAnswer[] }) {
  const ids = copies.map(({ copy_id }) => copy_id)
  const [first, second] = newestVersions(ids)
  const [before, setBefore] = useState(first ?? null)
  const [after, setAfter] = useState(second ?? null)
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
            {left !== undefined && right !== undefined && <CompareTexts before={left} after={right} />}
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  )
}
