// How the org's own events are counted: for how long after a message, and for which message. Saving counts anew in the
// background whatever the change concerns.
import { Button, Group, Paper, Stack, Switch, Text, TextInput } from '@mantine/core'
import * as z from 'zod/mini'
import { metricRulesWireSchema, metricsWireSchema } from '../../../contract/metric-answers.ts'
import type { SettingsAnswer } from '../../../contract/settings.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { changesOf, withRow } from '../../parts/changes.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { SaveDraft } from '../../parts/save-draft.tsx'
import { useDraft } from '../../parts/use-draft.ts'
import { useOrg } from '../../session/use-session.ts'
import { RuleFields, ruleShape } from './rule-fields.tsx'

const definitionSchema = z.object({ name: z.string(), ...ruleShape })
type Definition = z.infer<typeof definitionSchema>
const draftSchema = z.object({
  metrics: z.array(definitionSchema),
  metric_defaults: z.nullable(z.object(ruleShape)),
})
/** What may be saved of it. */
const changeSchema = z.object({
  metrics: metricsWireSchema,
  metric_defaults: z.nullable(metricRulesWireSchema),
})

export function MetricSettings() {
  const { org } = useOrg()
  const read = useRead('GET /api/orgs/{org}/settings', { path: { org } })
  return <Loaded of={read}>{(data, etag) => <MetricForm settings={data} etag={etag} />}</Loaded>
}

function MetricForm({ settings, etag }: { readonly settings: SettingsAnswer; readonly etag: string | undefined }) {
  const { org, mayChange } = useOrg()
  const saved = { metrics: [...settings.metrics], metric_defaults: settings.metric_defaults }
  const draft = useDraft(`${org} metrics`, draftSchema, saved, etag)
  const save = useChange('PUT /api/orgs/{org}/settings')
  const { metrics, metric_defaults } = draft.value
  const checked = changeSchema.safeParse(draft.value)
  const set = (at: number, changes: Partial<Definition> | undefined) =>
    draft.change({ metrics: withRow(metrics, at, changes) })
  const usual = metricRulesWireSchema.parse({})
  const add = () => draft.change({ metrics: [...metrics, { name: '', ...(metric_defaults ?? usual) }] })
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
        <Group>
          <Button variant="default" onClick={add}>
            Add a metric
          </Button>
        </Group>
      )}
      <Paper withBorder p="sm" component="section" aria-label="Events without a definition">
        <Stack>
          <Switch
            label="Count events without a definition otherwise than said above"
            checked={metric_defaults !== null}
            onChange={(event) => draft.change({ metric_defaults: event.currentTarget.checked ? usual : null })}
            disabled={!mayChange}
          />
          {metric_defaults !== null && (
            <RuleFields
              rules={metric_defaults}
              mayChange={mayChange}
              onChange={(changes) => draft.change({ metric_defaults: { ...metric_defaults, ...changes } })}
            />
          )}
        </Stack>
      </Paper>
      {mayChange && (
        <SaveDraft
          draft={draft}
          change={save}
          isReady={checked.success}
          onSave={() =>
            checked.success &&
            save.mutate(
              { path: { org }, body: changesOf(checked.data, saved), ifMatch: draft.etag },
              { onSuccess: draft.drop },
            )
          }
        />
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
      <Stack>
        <TextInput
          label="Event name"
          value={definition.name}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
          disabled={!mayChange}
        />
        <RuleFields rules={definition} mayChange={mayChange} onChange={onChange} />
        {mayChange && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => onChange(undefined)}
            style={{ alignSelf: 'flex-start' }}
          >
            Remove this metric
          </Button>
        )}
      </Stack>
    </Paper>
  )
}
