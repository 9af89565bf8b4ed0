// How a template is tested: its name, state, split and key metric.
import { Button, Group, Modal, NumberInput, Paper, Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useParams } from 'react-router'
import * as z from 'zod/mini'
import { splitModeSchema, templateStatusSchema } from '../../../contract/template.ts'
import type { TemplateAnswer } from '../../../contract/template-answers.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { Failure } from '../../parts/failure.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { SaveBar } from '../../parts/save-bar.tsx'
import { useDraft } from '../../parts/use-draft.ts'
import { useOrg } from '../../session/use-session.ts'
import { labelOf, reportedMetrics } from '../results/metrics.ts'
import { statusNotes } from './template-status.tsx'

const draftSchema = z.object({
  name: z.string(),
  status: templateStatusSchema,
  split_mode: splitModeSchema,
  control_share: z.number(),
  key_metric: z.string(),
  copy_limit_bytes: z.number(),
  fallback_copy_id: z.nullable(z.string()),
})
type SettingsDraft = z.infer<typeof draftSchema>

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

/** Only what differs goes to the API, so that two people may change different things at once. */
function changed(draft: SettingsDraft, saved: SettingsDraft): Partial<SettingsDraft> {
  const before = new Map(Object.entries(saved))
  return Object.fromEntries(Object.entries(draft).filter(([name, value]) => before.get(name) !== value))
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
  const metrics = reportedMetrics.some((metric) => metric.value === value.key_metric)
    ? reportedMetrics
    : [...reportedMetrics, { value: value.key_metric, label: labelOf(value.key_metric) }]
  return (
    <Paper withBorder p="md" maw={640}>
      <Stack>
        <TextInput
          label="Name"
          value={value.name}
          onChange={(event) => draft.change({ name: event.currentTarget.value })}
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
          data={[...metrics]}
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
        {value.split_mode !== 'external' && (
          <NumberInput
            label="Share in control, %"
            value={Math.round(value.control_share * 1000) / 10}
            onChange={(percent) => typeof percent === 'number' && draft.change({ control_share: percent / 100 })}
            min={0}
            max={100}
            disabled={!mayChange}
          />
        )}
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
          <SaveBar
            isChanged={draft.isChanged}
            isSaving={save.isPending}
            isSaved={save.isSuccess}
            error={save.error}
            onSave={() =>
              save.mutate({ path, body: changed(value, saved), ifMatch: draft.etag }, { onSuccess: draft.drop })
            }
            onDrop={draft.drop}
          />
        )}
        {mayChange && template.status !== 'archived' && <Archive path={path} name={template.name} />}
      </Stack>
    </Paper>
  )
}

function Archive({ path, name }: { readonly path: { org: string; template: string }; readonly name: string }) {
  const [isAsking, setAsking] = useState(false)
  const archive = useChange('DELETE /api/orgs/{org}/templates/{template}')
  return (
    <Group>
      <Button variant="default" onClick={() => setAsking(true)}>
        Archive this template
      </Button>
      <Modal opened={isAsking} onClose={() => setAsking(false)} title="Archive this template?">
        <Stack>
          <Text className="words">
            <b>{name}</b> serves no copy any more: the webhook action’s calls are refused. Its results stay.
          </Text>
          {archive.isError && <Failure error={archive.error} />}
          <Button
            loading={archive.isPending}
            onClick={() => archive.mutate({ path }, { onSuccess: () => setAsking(false) })}
          >
            Archive
          </Button>
        </Stack>
      </Modal>
    </Group>
  )
}
