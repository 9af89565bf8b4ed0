// When silence is news: hours without anything sent or served, and the hour by which a daily file must be there.
import { NumberInput, Paper, SimpleGrid, Stack, Switch, Title } from '@mantine/core'
import * as z from 'zod/mini'
import { alertSettingsRequestSchema } from '../../../../contract/alert-answers.ts'
import { useChange } from '../../../api/use-api.ts'
import { SaveDraft } from '../../../parts/save-draft.tsx'
import { useDraft } from '../../../parts/use-draft.ts'
import { useOrg } from '../../../session/use-session.ts'

/** As it is typed: the API's own schema decides whether it may be saved. */
const draftSchema = z.object({
  no_data: z.nullable(z.object({ hours: z.number(), grace_minutes: z.number() })),
  file_by: z.nullable(z.object({ hour_utc: z.number(), grace_minutes: z.number() })),
})
type Silence = z.infer<typeof draftSchema>

export function SilenceForm({ settings }: { readonly settings: Silence }) {
  const { org, mayChange } = useOrg()
  const draft = useDraft(`${org} alerts`, draftSchema, settings)
  const save = useChange('PUT /api/orgs/{org}/alerts/settings')
  const { no_data, file_by } = draft.value
  const checked = alertSettingsRequestSchema.safeParse(draft.value)
  return (
    <Paper withBorder p="md" maw={640} component="section" aria-labelledby="silence">
      <Stack component="form" onSubmit={(event) => event.preventDefault()}>
        <Title order={2} size="h4" id="silence">
          When silence is news
        </Title>
        <Switch
          label="Tell when nothing is sent or served any more"
          checked={no_data !== null}
          onChange={(event) =>
            draft.change({ no_data: event.currentTarget.checked ? { hours: 6, grace_minutes: 30 } : null })
          }
          disabled={!mayChange}
        />
        {no_data !== null && (
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Whole
              label="Hours without anything"
              value={no_data.hours}
              range={[1, 168]}
              onChange={(hours) => draft.change({ no_data: { ...no_data, hours } })}
            />
            <Whole
              label="Minutes of grace after these hours"
              value={no_data.grace_minutes}
              range={[0, 1_440]}
              onChange={(grace_minutes) => draft.change({ no_data: { ...no_data, grace_minutes } })}
            />
          </SimpleGrid>
        )}
        <Switch
          label="Tell when no file was dropped on a day"
          checked={file_by !== null}
          onChange={(event) =>
            draft.change({ file_by: event.currentTarget.checked ? { hour_utc: 7, grace_minutes: 15 } : null })
          }
          disabled={!mayChange}
        />
        {file_by !== null && (
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Whole
              label="By which hour, UTC"
              value={file_by.hour_utc}
              range={[0, 23]}
              onChange={(hour_utc) => draft.change({ file_by: { ...file_by, hour_utc } })}
            />
            <Whole
              label="Minutes of grace after this hour"
              value={file_by.grace_minutes}
              range={[0, 1_440]}
              onChange={(grace_minutes) => draft.change({ file_by: { ...file_by, grace_minutes } })}
            />
          </SimpleGrid>
        )}
        {mayChange && (
          <SaveDraft
            draft={draft}
            change={save}
            isReady={checked.success}
            onSave={() => save.mutate({ path: { org }, body: draft.value }, { onSuccess: draft.drop })}
          />
        )}
      </Stack>
    </Paper>
  )
}

interface WholeProps {
  readonly label: string
  readonly value: number
  readonly range: readonly [number, number]
  readonly onChange: (value: number) => void
}

function Whole({ label, value, range: [min, max], onChange }: WholeProps) {
  const { mayChange } = useOrg()
  return (
    <NumberInput
      label={label}
      value={value}
      onChange={(typed) => typeof typed === 'number' && onChange(typed)}
      min={min}
      max={max}
      allowDecimal={false}
      disabled={!mayChange}
    />
  )
}
