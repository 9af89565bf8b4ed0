// How the org's people, money and files are read.
import { Paper, Select, Stack, Text, TextInput } from '@mantine/core'
import * as z from 'zod/mini'
import { fileMembers } from '../../../contract/file-columns.ts'
import { personIdentifierSchema } from '../../../contract/ids.ts'
import type { SettingsAnswer } from '../../../contract/settings.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { changesOf } from '../../parts/changes.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { SaveDraft } from '../../parts/save-draft.tsx'
import { useDraft } from '../../parts/use-draft.ts'
import { useOrg } from '../../session/use-session.ts'
import { FileColumnFields } from './file-column-fields.tsx'
import { problemOf } from './file-columns.ts'

const draftSchema = z.object({
  name: z.string(),
  person_identifier: personIdentifierSchema,
  currency: z.string(),
  file_columns: z.array(z.object({ member: z.enum(fileMembers), column: z.string() })),
})

const identifiers = [
  { value: 'id', label: 'id' },
  { value: 'email', label: 'e-mail address' },
  { value: 'cio_id', label: 'cio_id' },
]

export function GeneralSettings() {
  const { org } = useOrg()
  const read = useRead('GET /api/orgs/{org}/settings', { path: { org } })
  return <Loaded of={read}>{(data, etag) => <GeneralForm settings={data} etag={etag} />}</Loaded>
}

function GeneralForm({ settings, etag }: { readonly settings: SettingsAnswer; readonly etag: string | undefined }) {
  const { org, mayChange } = useOrg()
  const saved = draftSchema.parse(settings)
  const draft = useDraft(`${org} general settings`, draftSchema, saved, etag)
  const save = useChange('PUT /api/orgs/{org}/settings')
  const { value } = draft
  return (
    <Paper withBorder p="md" maw={640}>
      <Stack component="form" onSubmit={(event) => event.preventDefault()}>
        <TextInput
          label="Name"
          value={value.name}
          onChange={(event) => draft.change({ name: event.currentTarget.value })}
          error={value.name.trim() === '' ? 'Give it a name.' : undefined}
          disabled={!mayChange}
        />
        <Select
          label="People are told apart by"
          description="The identifier that your events and Customer.io share. It is fixed once events have come."
          data={identifiers}
          value={value.person_identifier}
          onChange={(identifier) => draft.change({ person_identifier: personIdentifierSchema.parse(identifier) })}
          allowDeselect={false}
          disabled={!mayChange}
        />
        <TextInput
          label="Currency"
          description="Of values that name none: three letters, such as EUR."
          value={value.currency}
          onChange={(event) => draft.change({ currency: event.currentTarget.value.toUpperCase() })}
          error={/^[A-Z]{3}$/.test(value.currency) ? undefined : 'Three letters.'}
          disabled={!mayChange}
        />
        <FileColumnFields
          columns={value.file_columns}
          onChange={(file_columns) => draft.change({ file_columns })}
          disabled={!mayChange}
        />
        <Text size="sm" c="dimmed">
          {wordLimits(settings.limits)}
        </Text>
        {mayChange && (
          <SaveDraft
            draft={draft}
            change={save}
            isReady={value.file_columns.every(({ member }) => problemOf(value.file_columns, member) === undefined)}
            onSave={() =>
              save.mutate(
                { path: { org }, body: changesOf(value, saved), ifMatch: draft.etag },
                { onSuccess: draft.drop },
              )
            }
          />
        )}
      </Stack>
    </Paper>
  )
}

function wordLimits({ generate, events }: SettingsAnswer['limits']): string {
  const word = (limit: typeof generate) =>
    `${limit.per_second.toLocaleString('en')} a second, ${limit.burst.toLocaleString('en')} at once`
  return `Limits: copy ${word(generate)}; events by HTTP ${word(events)}. Operators of this service set them.`
}
