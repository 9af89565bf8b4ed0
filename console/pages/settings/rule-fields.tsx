// How an event of the org's own is counted, as fields: for how long, from when, for which message, and what it is worth.
import { NumberInput, Select, SimpleGrid } from '@mantine/core'
import * as z from 'zod/mini'
import { metricRulesSchema } from '../../../contract/metric.ts'

const { anchor, model, scope, value } = metricRulesSchema.shape
/** As they are typed: the API's own schema decides whether they may be saved. */
export const ruleShape = {
  window_seconds: z.number(),
  delay_seconds: z.number(),
  anchor,
  model,
  scope,
  value,
  currency: z.nullable(z.string()),
}
const rulesSchema = z.object(ruleShape)
export type Rules = z.infer<typeof rulesSchema>

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
const values = [
  { value: 'sum', label: 'its value, summed up' },
  { value: 'ignore', label: 'nothing: only that it happened counts' },
]

export interface RuleFieldsProps {
  readonly rules: Rules
  readonly mayChange: boolean
  readonly onChange: (changes: Partial<Rules>) => void
}

export function RuleFields({ rules, mayChange, onChange }: RuleFieldsProps) {
  const disabled = !mayChange
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <NumberInput
        label="Counts for how many days"
        value={rules.window_seconds / day}
        onChange={(days) => typeof days === 'number' && onChange({ window_seconds: Math.round(days * day) })}
        min={0}
        max={366}
        disabled={disabled}
      />
      <Select
        label="It is worth"
        data={values}
        value={rules.value}
        onChange={(chosen) => onChange({ value: value.parse(chosen) })}
        allowDeselect={false}
        disabled={disabled}
      />
      <Select
        label="Beginning when"
        data={anchors}
        value={rules.anchor}
        onChange={(chosen) => onChange({ anchor: anchor.parse(chosen) })}
        allowDeselect={false}
        disabled={disabled}
      />
      <NumberInput
        label="And how many hours later"
        value={rules.delay_seconds / hour}
        onChange={(hours) => typeof hours === 'number' && onChange({ delay_seconds: Math.round(hours * hour) })}
        min={0}
        max={8_784}
        disabled={disabled}
      />
      <Select
        label="It counts for"
        data={models}
        value={rules.model}
        onChange={(chosen) => onChange({ model: model.parse(chosen) })}
        allowDeselect={false}
        disabled={disabled}
      />
      <Select
        label="Among the messages of"
        data={scopes}
        value={rules.scope}
        onChange={(chosen) => onChange({ scope: scope.parse(chosen) })}
        allowDeselect={false}
        disabled={disabled}
      />
    </SimpleGrid>
  )
}
