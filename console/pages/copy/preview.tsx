// Copy as one person would get it. While a copy is written it is that copy alone, a moment after the last key.
import { Paper, Stack, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useClient } from '../../api/use-api.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { PersonForm, readPerson, someone } from './person-form.tsx'
import { Previewed } from './previewed.tsx'

export interface PreviewProps {
  readonly org: string
  readonly template: string
  readonly copy?: { readonly vars: Record<string, string>; readonly attrs: Record<string, string[]> }
}

const settledMs = 400

export function Preview({ org, template, copy }: PreviewProps) {
  const client = useClient()
  const [text, setText] = useState(someone)
  const [asked] = useDebouncedValue(JSON.stringify({ person: readPerson(text), copy }), settledMs)
  const person = readPerson(text)
  const preview = useQuery({
    queryKey: [org, 'preview', template, asked],
    queryFn: ({ signal }) =>
      client.call('POST /api/orgs/{org}/templates/{template}/preview', {
        path: { org, template },
        body: { fields: { ...person?.fields }, attrs: { ...person?.attrs }, ...(copy !== undefined && { copy }) },
        signal,
      }),
    enabled: person !== undefined,
    placeholderData: (previous) => previous,
  })
  return (
    <Paper withBorder p="md" component="section" aria-label="Preview">
      <Stack>
        <Title order={2} size="h4">
          Preview
        </Title>
        <Text size="sm" c="dimmed">
          As this person would get it. Nothing is stored or counted.
        </Text>
        <PersonForm text={text} onChange={setText} />
        <Loaded of={preview}>
          {({ copies }) => (
            <Stack gap="sm">
              {copies.map((each) => (
                <Previewed key={each.copy_id} copy={each} />
              ))}
            </Stack>
          )}
        </Loaded>
      </Stack>
    </Paper>
  )
}
