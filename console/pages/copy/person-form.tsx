// The person to preview copy for: fields that are put into the text, attributes that decide which copy fits.
import { JsonInput, SimpleGrid } from '@mantine/core'
import * as z from 'zod/mini'

export interface Person {
  readonly fields: Readonly<Record<string, unknown>>
  readonly attrs: Readonly<Record<string, string | number | boolean | null>>
}
export interface PersonText {
  readonly fields: string
  readonly attrs: string
}

export const someone: PersonText = { fields: '{ "first_name": "Ann" }', attrs: '{}' }
const fieldsSchema = z.record(z.string(), z.unknown())
const attrsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))

/** Undefined while one of the texts is no JSON object of its kind. */
export function readPerson(text: PersonText): Person | undefined {
  const [fields, attrs] = [fieldsSchema.safeParse(parse(text.fields)), attrsSchema.safeParse(parse(text.attrs))]
  return fields.success && attrs.success ? { fields: fields.data, attrs: attrs.data } : undefined
}

function parse(text: string): unknown {
  try {
    return text.trim() === '' ? {} : JSON.parse(text)
  } catch {
    return undefined
  }
}

export interface PersonFormProps {
  readonly text: PersonText
  readonly onChange: (text: PersonText) => void
}

export function PersonForm({ text, onChange }: PersonFormProps) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <JsonInput
        label="Fields"
        description="What the text puts in, as JSON."
        value={text.fields}
        onChange={(fields) => onChange({ ...text, fields })}
        error={fieldsSchema.safeParse(parse(text.fields)).success ? undefined : 'This is not a JSON object.'}
        autosize
        minRows={2}
      />
      <JsonInput
        label="Attributes"
        description="What decides which copy fits, as JSON."
        value={text.attrs}
        onChange={(attrs) => onChange({ ...text, attrs })}
        error={
          attrsSchema.safeParse(parse(text.attrs)).success ? undefined : 'This is not a JSON object of plain values.'
        }
        autosize
        minRows={2}
      />
    </SimpleGrid>
  )
}
