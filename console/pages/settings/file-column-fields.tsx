// The org's own names of the columns of its files, one field for each member of an event; empty: the member's own name.
import { Fieldset, SimpleGrid, Text, TextInput } from '@mantine/core'
import { fileMembers } from '../../../contract/file-columns.ts'
import { type FileColumn, problemOf } from './file-columns.ts'

export interface FileColumnFieldsProps {
  readonly columns: readonly FileColumn[]
  readonly onChange: (columns: FileColumn[]) => void
  readonly disabled: boolean
}

export function FileColumnFields({ columns, onChange, disabled }: FileColumnFieldsProps) {
  const set = (member: FileColumn['member'], column: string) => {
    const others = columns.filter((each) => each.member !== member)
    onChange(column === '' ? others : [...others, { member, column }])
  }
  return (
    <Fieldset legend="Columns of your files" mx={0}>
      <Text size="sm" c="dimmed" mb="sm">
        Only where your files have another name. Files that are dropped from now on are read by them.
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm" verticalSpacing="sm">
        {fileMembers.map((member) => (
          <TextInput
            key={member}
            label={member}
            placeholder={member}
            value={columns.find((each) => each.member === member)?.column ?? ''}
            onChange={(event) => set(member, event.currentTarget.value)}
            error={problemOf(columns, member)}
            maxLength={128}
            autoComplete="off"
            spellCheck={false}
            disabled={disabled}
          />
        ))}
      </SimpleGrid>
    </Fieldset>
  )
}
