// One copy as a person would get it: the text, its size, what is missing, and whether it fits.
import { Badge, Card, Group, List, Stack, Text } from '@mantine/core'
import { type PreviewAnswer, unsavedCopyId } from '../../../contract/template-answers.ts'
import { formatBytes, formatCount } from '../../words/format.ts'
import { CopyText } from './copy-text.tsx'
import { inReadingOrder } from './variable-order.ts'

const unrenderedWords = {
  syntax: 'its Liquid has a mistake',
  limit: 'its Liquid takes too long',
  size: 'it becomes too large',
} as const

export interface PreviewedProps {
  readonly copy: PreviewAnswer['copies'][number]
  readonly limitBytes: number
}

export function Previewed({ copy, limitBytes }: PreviewedProps) {
  const notes = [
    ...copy.reasons,
    ...copy.missing_fields.map((field) => `The field ${field} is not given and stays empty.`),
    ...copy.unrendered.map(({ variable, reason }) => `${variable} is sent empty: ${unrenderedWords[reason]}.`),
    ...(copy.oversize ? ['It is larger than the template’s limit, so Customer.io may cut or refuse it.'] : []),
  ]
  return (
    <Card withBorder component="article" aria-label={`Preview of ${copy.copy_id}`}>
      <Stack gap="xs">
        <Group gap="xs">
          <Text fw={600} className="words">
            {copy.copy_id === unsavedCopyId ? 'As you write it' : copy.copy_id}
          </Text>
          <Badge color={copy.eligible ? 'green' : 'gray'} variant="dot" tt="none">
            {copy.eligible ? 'fits' : 'does not fit'}
          </Badge>
          <Badge variant={copy.oversize ? 'dot' : 'default'} color="red" tt="none">
            {formatBytes(copy.copy_bytes)} of {formatCount(limitBytes)}
          </Badge>
        </Group>
        <CopyText names={inReadingOrder(Object.keys(copy.vars))}>{(name) => copy.vars[name] || '–'}</CopyText>
        {notes.length > 0 && (
          <List size="sm">
            {notes.map((note) => (
              <List.Item key={note} className="words">
                {note}
              </List.Item>
            ))}
          </List>
        )}
      </Stack>
    </Card>
  )
}
