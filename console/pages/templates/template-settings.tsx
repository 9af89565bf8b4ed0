// How a template is tested: its name, state, split and key metric.
import { Group, NumberInput, Paper, Select, Stack, TextInput } from '@mantine/core'
import { useParams } from 'react-router'
import * as z from 'zod/mini'
import { splitModeSchema, templateStatusSchema } from '../../../contract/template.ts'
import { type TemplateAnswer, templateChangeSchema } from '../../../contract/template-answers.ts'
import { algorithmSchema } from '../../../contract/weights.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { AskFirst } from '../../parts/ask-first.tsx'
import { changesOf } from '../../parts/changes.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { SaveDraft } from '../../parts/save-draft.tsx'
import { useDraft } from '../../parts/use-draft.ts'
import { useOrg } from '../../session/use-session.ts'
import { keyMetricChoices } from '../results/metrics.ts'
import { statusNotes } from './template-status.tsx'
import { WeighingFields } from './weighing-fields.tsx'

const draftSchema = z.object({
  name: z.string(),
  status: templateStatusSchema,
  split_mode: splitModeSchema,
  control_share: z.number(),
  key_metric: z.string(),
  algorithm: algorithmSchema,
  floor: z.number(),
  weights: z.nullable(z.array(z.object({ copy_id: z.string(), weight: z.number() }))),
  copy_limit_bytes: z.number(),
  fallback_copy_id: z.nullable(z.string()),
})

const splits = [
  { value: 'external', label: 'Customer.io splits: every call gets JustAI’s copy' },
  { value: 'persistent', label: 'JustAI splits by person: the same arm every time' },
  { value: 'random', label: 'JustAI splits at random, call by call' },
]

export function TemplateSettings() {
  const { org } = useOrg()
  const { template = '' } = useParams()
  const read = useRead('GET /api/orgs/{org}/templates/{template}', { path: { org, template } })
  return <Loaded of={read}>{(data, etag) => <SettingsForm template={data} etag={etag} />}</Loaded>
}

function SettingsForm({ template, etag }: { readonly template: TemplateAnswer; readonly etag: string | undefined }) {
  const { org, mayChange } = useOrg()
  const saved = draftSchema.parse(template)
  const draft = useDraft(`${org} ${template.template_id} settings`, draftSchema, saved, etag)
  const save = useChange('PUT /api/orgs/{org}/templates/{template}')
  const { value } = draft
  const path = { org, template: template.template_id }
  const statuses = templateStatusSchema.options
    .filter((status) => status === value.status || status !== 'draft')
    .map((status) => ({ value: status, label: `${status}: ${statusNotes[status]}` }))
  const settings = useRead('GET /api/orgs/{org}/settings', { path: { org } })
  const metrics = keyMetricChoices(
    (settings.data?.data.metrics ?? []).map(({ name }) => name),
    value.key_metric,
  )
  const drawn = template.variants.filter(({ status, arm }) => status === 'active' && arm === 'treatment')
  const changes = templateChangeSchema.safeParse(changesOf(value, saved))
  return (
    <Paper withBorder p="md" maw={640}>
      <Stack>
        <TextInput
          label="Name"
          value={value.name}
          onChange={(event) => draft.change({ name: event.currentTarget.value })}
          error={value.name.trim() === '' ? 'Give it a name.' : undefined}
          disabled={!mayChange}
        />
        <Select
          label="State"
          data={statuses}
          value={value.status}
          onChange={(status) => draft.change({ status: templateStatusSchema.parse(status) })}
          allowDeselect={false}
          disabled={!mayChange}
        />
        <Select
          label="Key metric"
          description="What “better” means for this template."
          data={metrics}
          value={value.key_metric}
          onChange={(metric) => draft.change({ key_metric: metric ?? value.key_metric })}
          allowDeselect={false}
          disabled={!mayChange}
        />
        <Select
          label="Who splits people"
          data={splits}
          value={value.split_mode}
          onChange={(mode) => draft.change({ split_mode: splitModeSchema.parse(mode) })}
          allowDeselect={false}
          disabled={!mayChange}
        />
        <NumberInput
          label="Share in control, %"
          description={
            value.split_mode === 'external'
              ? 'As the campaign splits: the results check the split against it. 0: not known.'
              : 'Of people who get your existing message.'
          }
          value={Math.round(value.control_share * 1000) / 10}
          onChange={(percent) => typeof percent === 'number' && draft.change({ control_share: percent / 100 })}
          min={0}
          max={100}
          disabled={!mayChange}
        />
        <WeighingFields value={value} onChange={draft.change} copies={drawn} disabled={!mayChange} />
        <Select
          label="Fallback copy"
          description="Served when no copy fits a person; never part of a comparison."
          data={template.variants.filter(({ status }) => status === 'active').map(({ copy_id }) => copy_id)}
          value={value.fallback_copy_id}
          onChange={(id) => draft.change({ fallback_copy_id: id })}
          clearable
          placeholder="None"
          disabled={!mayChange}
        />
        <NumberInput
          label="Size limit of a copy, bytes"
          description="Customer.io documents 1,000 for an attribute. Larger copy still goes out and is marked."
          value={value.copy_limit_bytes}
          onChange={(bytes) => typeof bytes === 'number' && draft.change({ copy_limit_bytes: Math.round(bytes) })}
          min={100}
          max={65_536}
          disabled={!mayChange}
        />
        {mayChange && (
          <SaveDraft
            draft={draft}
            change={save}
            isReady={changes.success}
            onSave={() =>
              changes.success &&
              save.mutate({ path, body: changes.data, ifMatch: draft.etag }, { onSuccess: draft.drop })
            }
          />
        )}
        {mayChange && template.status !== 'archived' && <Archive path={path} name={template.name} />}
      </Stack>
    </Paper>
  )
}

function Archive({ path, name }: { readonly path: { org: string; template: string }; readonly name: string }) {
  const archive = useChange('DELETE /api/orgs/{org}/templates/{template}')
  return (
    <Group>
      <AskFirst
        label="Archive this template"
        question="Archive this template?"
        size="sm"
        change={archive}
        onSure={(done) => archive.mutate({ path }, { onSuccess: done })}
      >
        <b>{name}</b> serves no copy any more: the webhook action’s calls are refused. Its results stay.
      </AskFirst>
    </Group>
  )
}
