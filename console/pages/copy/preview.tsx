// Copy as one person would get it. While a copy is written it is that copy alone, a moment after the last key.
import { Paper, Stack, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { TemplateAnswer } from '../../../contract/template-answers.ts'
import { useClient } from '../../api/use-api.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { readPerson, someone } from './person.ts'
import { PersonForm } from './person-form.tsx'
import { Previewed } from './previewed.tsx'

export interface PreviewProps {
  readonly org: string
  readonly template: TemplateAnswer
  readonly copy?: { readonly vars: Record<string, string>; readonly attrs: Record<string, string[]> }
}

const settledMs = 400
/** Of what is within another field there is no line of its own: that is JSON's to write. */
const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/

export function Preview({ org, template, copy }: PreviewProps) {
  const client = useClient()
  const [text, setText] = useState(someone)
  const [known, setKnown] = useState<readonly string[]>(['first_name'])
  const [asked] = useDebouncedValue(JSON.stringify({ person: readPerson(text), copy }), settledMs)
  const person = readPerson(text)
  const preview = useQuery({
    queryKey: [org, 'preview', template.template_id, asked],
    queryFn: ({ signal }) =>
      client.call('POST /api/orgs/{org}/templates/{template}/preview', {
        path: { org, template: template.template_id },
        body: { fields: { ...person?.fields }, attrs: { ...person?.attrs }, ...(copy !== undefined && { copy }) },
        signal,
      }),
    enabled: person !== undefined,
    placeholderData: (previous) => previous,
  })
  const missing = (preview.data?.data.copies ?? []).flatMap(({ missing_fields }) => missing_fields)
  const fresh = missing.filter((name) => plainName.test(name) && !known.includes(name))
  // A field that was asked for once keeps its line, so that nothing moves away under somebody who types.
  if (fresh.length > 0) setKnown([...new Set([...known, ...fresh])])
  return (
    <Paper withBorder p="md" component="section" aria-label="Preview">
      <Stack>
        <Title order={2} size="h4">
          Preview
        </Title>
        <Text size="sm" c="dimmed">
          As this person would get it. Nothing is stored or counted.
        </Text>
        <PersonForm
          text={text}
          onChange={setText}
          fields={known}
          attrs={conditionsOf(copy === undefined ? template.variants : [copy])}
        />
        <Loaded of={preview}>
          {({ copies }) => (
            <Stack gap="sm">
              {copies.map((each) => (
                <Previewed key={each.copy_id} copy={each} limitBytes={template.copy_limit_bytes} />
              ))}
            </Stack>
          )}
        </Loaded>
      </Stack>
    </Paper>
  )
}

/** Attributes that copies have conditions on, with all values that they name. */
function conditionsOf(copies: readonly { readonly attrs: Record<string, string[]> }[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { attrs } of copies)
    for (const [name, values] of Object.entries(attrs))
      found.set(name, [...new Set([...(found.get(name) ?? []), ...values])])
  return found
}
