// Which campaigns and actions at Customer.io are this template's. Without this, what is sent is kept but counted nowhere.
import { Button, Group, Paper, Select, Stack, TagsInput, Text, TextInput, Title } from '@mantine/core'
import * as z from 'zod/mini'
import { actionIdSchema, sourceRefSchema } from '../../../contract/ids.ts'
import { attributeScopeSchema } from '../../../contract/template.ts'
import { integrationChangeSchema, type TemplateAnswer } from '../../../contract/template-answers.ts'
import { useChange } from '../../api/use-api.ts'
import { SaveBar } from '../../parts/save-bar.tsx'
import { useDraft } from '../../parts/use-draft.ts'
import { useOrg } from '../../session/use-session.ts'

const sourceDraftSchema = z.object({
  kind: z.string(),
  id: z.string(),
  webhook: z.array(z.string()),
  control: z.array(z.string()),
  treatment: z.array(z.string()),
  windowDays: z.number(),
})
type SourceDraft = z.infer<typeof sourceDraftSchema>
const draftSchema = z.object({ scope: attributeScopeSchema, sources: z.array(sourceDraftSchema) })

const kinds = [
  { value: 'campaign', label: 'Campaign' },
  { value: 'broadcast', label: 'Broadcast' },
  { value: 'newsletter', label: 'Newsletter' },
  { value: 'transactional', label: 'Transactional message' },
]
const newSource: SourceDraft = { kind: 'campaign', id: '', webhook: [], control: [], treatment: [], windowDays: 30 }

function draftOf({ attribute_scope, sources }: TemplateAnswer): z.infer<typeof draftSchema> {
  return {
    scope: attribute_scope,
    sources: sources.map((each) => {
      const [kind = 'campaign', id = ''] = each.source.split(':')
      const { webhook_action_ids: webhook, control_action_ids: control, treatment_action_ids: treatment } = each
      return { kind, id, webhook, control, treatment, windowDays: each.serve_window_days }
    }),
  }
}

function changeOf({ scope, sources }: z.infer<typeof draftSchema>) {
  return {
    attribute_scope: scope,
    sources: sources.map(({ kind, id, webhook, control, treatment, windowDays }) => ({
      source: `${kind}:${id.trim()}`,
      webhook_action_ids: webhook,
      control_action_ids: control,
      treatment_action_ids: treatment,
      serve_window_days: windowDays,
    })),
  }
}

export interface ConnectProps {
  readonly template: TemplateAnswer
  readonly etag: string | undefined
}

export function Connect({ template, etag }: ConnectProps) {
  const { org, mayChange } = useOrg()
  const draft = useDraft(`${org} ${template.template_id} integration`, draftSchema, draftOf(template), etag)
  const save = useChange('PUT /api/orgs/{org}/templates/{template}/integration')
  const { scope, sources } = draft.value
  const checked = integrationChangeSchema.safeParse(changeOf(draft.value))
  const set = (at: number, changes: Partial<SourceDraft> | undefined) =>
    draft.change({
      sources: sources.flatMap((each, index) =>
        index !== at ? [each] : changes === undefined ? [] : [{ ...each, ...changes }],
      ),
    })
  return (
    <Paper withBorder p="md" component="section" aria-label="Here">
      <Stack>
        <Title order={2} size="h4">
          Here
        </Title>
        <Text size="sm" c="dimmed">
          Ids are in Customer.io’s addresses: …/campaigns/<b>23</b>/… and …/actions/<b>41</b>. Saving a connection late
          loses nothing: what was reported before is counted then.
        </Text>
        <fieldset disabled={!mayChange} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
          <Stack>
            {sources.map((source, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name while they are typed
              <Source key={at} source={source} mayChange={mayChange} onChange={(changes) => set(at, changes)} />
            ))}
            {mayChange && (
              <Group>
                <Button variant="default" onClick={() => draft.change({ sources: [...sources, newSource] })}>
                  Add a campaign
                </Button>
              </Group>
            )}
            <Select
              label="Where Customer.io keeps the copy"
              description="With the journey, a person can be in the campaign twice and get different copy each time."
              data={[
                { value: 'customer', label: 'With the person' },
                { value: 'journey', label: 'With the journey' },
              ]}
              value={scope}
              onChange={(value) => draft.change({ scope: value === 'journey' ? 'journey' : 'customer' })}
              allowDeselect={false}
              maw={360}
              disabled={!mayChange}
            />
          </Stack>
        </fieldset>
        {mayChange && (
          <SaveBar
            isChanged={draft.isChanged && checked.success}
            isSaving={save.isPending}
            isSaved={save.isSuccess}
            error={save.error}
            onSave={() =>
              checked.success &&
              save.mutate(
                { path: { org, template: template.template_id }, body: checked.data, ifMatch: draft.etag },
                { onSuccess: draft.drop },
              )
            }
            onDrop={draft.drop}
          />
        )}
      </Stack>
    </Paper>
  )
}

interface SourceProps {
  readonly source: SourceDraft
  readonly mayChange: boolean
  /** Undefined takes the source away. */
  readonly onChange: (changes: Partial<SourceDraft> | undefined) => void
}

function Source({ source, mayChange, onChange }: SourceProps) {
  const isId = sourceRefSchema.safeParse(`${source.kind}:${source.id.trim()}`).success
  const actions = (label: string, description: string, name: 'webhook' | 'control' | 'treatment') => (
    <TagsInput
      label={label}
      description={description}
      value={source[name]}
      onChange={(values) => onChange({ [name]: values.map((value) => value.trim()) })}
      error={source[name].every((id) => actionIdSchema.safeParse(id).success) ? undefined : 'Action ids are numbers.'}
      disabled={!mayChange}
    />
  )
  return (
    <Paper withBorder p="sm">
      <Stack gap="sm">
        <Group align="flex-start" gap="sm">
          <Select
            label="Kind"
            data={kinds}
            value={source.kind}
            onChange={(kind) => onChange({ kind: kind ?? 'campaign' })}
            allowDeselect={false}
            disabled={!mayChange}
          />
          <TextInput
            label="Campaign ID"
            value={source.id}
            onChange={(event) => onChange({ id: event.currentTarget.value })}
            error={source.id === '' || isId ? undefined : 'Letters, digits, - and _.'}
            disabled={!mayChange}
          />
        </Group>
        {actions('Webhook Action IDs', 'The action that asks JustAI for copy.', 'webhook')}
        {actions('Control Action IDs', 'Messages that people in control get, when there are several.', 'control')}
        {actions('Treatment Action IDs', 'Messages with JustAI’s copy. May stay empty.', 'treatment')}
        {mayChange && (
          <Group>
            <Button size="compact-sm" variant="default" onClick={() => onChange(undefined)}>
              Remove this campaign
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  )
}
