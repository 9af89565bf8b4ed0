// The person to preview copy for: fields that are put into the text, attributes that decide which copy fits. A field each for what
// the copy asks for; whatever else a person may have is written as JSON.
import { Autocomplete, JsonInput, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { Unfold } from '../../parts/unfold.tsx'
import { attrsSchema, fieldsSchema, type PersonText, parse, textIn, withValue } from './person.ts'

export interface PersonFormProps {
  readonly text: PersonText
  readonly onChange: (text: PersonText) => void
  /** Fields that the copy asks for. */
  readonly fields: readonly string[]
  /** Attributes that the copy has conditions on, and the values that they name. */
  readonly attrs: ReadonlyMap<string, readonly string[]>
}

export function PersonForm({ text, onChange, fields, attrs }: PersonFormProps) {
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        {fields.map((name) => (
          <TextInput
            key={name}
            label={name}
            value={textIn(text.fields, name)}
            onChange={(event) => onChange({ ...text, fields: withValue(text.fields, name, event.currentTarget.value) })}
          />
        ))}
        {[...attrs].map(([name, values]) => (
          <Autocomplete
            key={name}
            label={`${name}, which decides`}
            data={[...values]}
            value={textIn(text.attrs, name)}
            onChange={(value) => onChange({ ...text, attrs: withValue(text.attrs, name, value) })}
          />
        ))}
      </SimpleGrid>
      <Unfold label="This person as JSON">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <JsonInput
            label="Fields"
            description="What the text puts in."
            value={text.fields}
            onChange={(written) => onChange({ ...text, fields: written })}
            error={fieldsSchema.safeParse(parse(text.fields)).success ? undefined : 'This is not a JSON object.'}
            autosize
            minRows={2}
          />
          <JsonInput
            label="Attributes"
            description="What decides which copy fits."
            value={text.attrs}
            onChange={(written) => onChange({ ...text, attrs: written })}
            error={
              attrsSchema.safeParse(parse(text.attrs)).success
                ? undefined
                : 'This is not a JSON object of plain values.'
            }
            autosize
            minRows={2}
          />
        </SimpleGrid>
      </Unfold>
    </Stack>
  )
}
