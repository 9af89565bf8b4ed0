// How the org's own events are counted: for how long after a message, and for which message. Saving counts anew in the
// background whatever the change concerns.
import { Button, Group, NumberInput, Paper, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import * as z from 'zod/mini'
import { metricRulesSchema } from '../../../contract/metric.ts'
import { metricRulesWireSchema, metricsWireSchema } from '../../../contract/metric-answers.ts'
import type { SettingsAnswer } from '../../../contract/settings.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { withRow } from '../../parts/changes.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { SaveDraft } from '../../parts/save-draft.tsx'
import { useDraft } from '../../parts/use-draft.ts'
import { useOrg } from '../../session/use-session.ts'

const { anchor, model, scope, value } = metricRulesSchema.shape
/** As it is typed: the API's own schema decides whether it may be saved. */
const definitionSchema = z.object({
  name: z.string(),
  window_seconds: z.number(),
  delay_seconds: z.number(),
  anchor,
  model,
  scope,
  value,
  currency: z.nullable(z.string()),
})
type Definition = z.infer<typeof definitionSchema>
const draftSchema = z.object({ metrics: z.array(definitionSchema) })
const [hour, day] = [3_600, 86_400]

const models = [
  { value: 'last', label: 'the last message before it' },
  { value: 'first', label: 'the first message before it' },
  { value: 'every', label: 'every message before it' },
]
const anchors = [
  { value: 'sent', label: 'the message was sent' },
  { value: 'delivered', label: 'the message was delivered' },
]
const scopes = [
  { value: 'template', label: 'each template by itself' },
  { value: 'org', label: 'all templates: one of them gets it' },
]

export function MetricSettings() {
  const { org } = useOrg()
  const read = useRead('GET /api/orgs/{org}/settings', { path: { org } })
  return <Loaded of={read}>{(data, etag) => <MetricForm settings={data} etag={etag} />}</Loaded>
}

function MetricForm({ settings, etag }: { readonly settings: SettingsAnswer; readonly etag: string | undefined }) {
  const { org, mayChange } = useOrg()
  const saved = { metrics: [...settings.metrics] }
  const draft = useDraft(`${org} metrics`, draftSchema, saved, etag)
  const save = useChange('PUT /api/orgs/{org}/settings')
  const { metrics } = draft.value
  const checked = metricsWireSchema.safeParse(metrics)
  const set = (at: number, changes: Partial<Definition> | undefined) =>
    draft.change({ metrics: withRow(metrics, at, changes) })
  const add = () => draft.change({ metrics: [...metrics, { name: '', ...metricRulesWireSchema.parse({}) }] })
  return (
    <Stack maw={760}>
      <Text size="sm" c="dimmed">
        Events of your own, such as purchases, count without being defined: up to 14 days after a message was sent, for
        the last message before them. Define one here to count it otherwise.
      </Text>
      {metrics.map((definition, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name while they are typed
        <Row key={at} definition={definition} mayChange={mayChange} onChange={(changes) => set(at, changes)} />
      ))}
      {mayChange && (
        <>
          <Group>
            <Button variant="default" onClick={add}>
              Add a metric
            </Button>
          </Group>
          <SaveDraft
            draft={draft}
            change={save}
            isReady={checked.success}
            onSave={() =>
              checked.success &&
              save.mutate(
                { path: { org }, body: { metrics: checked.data }, ifMatch: draft.etag },
                { onSuccess: draft.drop },
              )
            }
          />
        </>
      )}
    </Stack>
  )
}

interface RowProps {
  readonly definition: Definition
  readonly mayChange: boolean
  /** Undefined takes the definition away. */
  readonly onChange: (changes: Partial<Definition> | undefined) => void
}

function Row({ definition, mayChange, onChange }: RowProps) {
  return (
    <Paper withBorder p="sm" component="section" aria-label={`Metric ${definition.name}`}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label="Event name"
          value={definition.name}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
          disabled={!mayChange}
        />
        <NumberInput
          label="Counts for how many days"
          value={definition.window_seconds / day}
          onChange={(days) => typeof days === 'number' && onChange({ window_seconds: Math.round(days * day) })}
          min={0}
          max={366}
          disabled={!mayChange}
        />
        <Select
          label="Beginning when"
          data={anchors}
          value={definition.anchor}
          onChange={(chosen) => onChange({ anchor: anchor.parse(chosen) })}
          allowDeselect={false}
          disabled={!mayChange}
        />
        <NumberInput
          label="And how many hours later"
          value={definition.delay_seconds / hour}
          onChange={(hours) => typeof hours === 'number' && onChange({ delay_seconds: Math.round(hours * hour) })}
          min={0}
          max={8_784}
          disabled={!mayChange}
        />
        <Select
          label="It counts for"
          data={models}
          value={definition.model}
          onChange={(chosen) => onChange({ model: model.parse(chosen) })}
          allowDeselect={false}
          disabled={!mayChange}
        />
        <Select
          label="Among the messages of"
          data={scopes}
          value={definition.scope}
          onChange={(chosen) => onChange({ scope: scope.parse(chosen) })}
          allowDeselect={false}
          disabled={!mayChange}
        />
      </SimpleGrid>
      {mayChange && (
        <Button size="compact-sm" variant="default" mt="sm" onClick={() => onChange(undefined)}>
          Remove this metric
        </Button>
      )}
    </Paper>
  )
}
