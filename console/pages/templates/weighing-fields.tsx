// How copies are weighed: learned from the key metric, all alike, or by shares that somebody sets.
import { NumberInput, Select, SimpleGrid, Stack, Text } from '@mantine/core'
import type { CopyAnswer } from '../../../contract/template-answers.ts'
import { type Algorithm, algorithmSchema } from '../../../contract/weights.ts'

const algorithms: readonly { readonly value: Algorithm; readonly label: string }[] = [
  { value: 'thompson', label: 'Learned: the better a copy does, the more people get it' },
  { value: 'uniform', label: 'All alike' },
  { value: 'fixed', label: 'By shares set here' },
]

export interface Weight {
  readonly copy_id: string
  /** Any scale: what matters is the part of the sum. */
  readonly weight: number
}

export interface Weighing {
  readonly algorithm: Algorithm
  readonly floor: number
  readonly weights: Weight[] | null
}

export interface WeighingFieldsProps {
  readonly value: Weighing
  readonly onChange: (changes: Partial<Weighing>) => void
  /** Those that may be drawn. */
  readonly copies: readonly CopyAnswer[]
  readonly disabled: boolean
}

export function WeighingFields({ value, onChange, copies, disabled }: WeighingFieldsProps) {
  return (
    <>
      <Select
        label="How copies are drawn"
        data={[...algorithms]}
        value={value.algorithm}
        onChange={(algorithm) => onChange({ algorithm: algorithmSchema.parse(algorithm) })}
        allowDeselect={false}
        disabled={disabled}
      />
      {value.algorithm === 'thompson' && (
        <NumberInput
          label="Least share of a copy, %"
          description="So that a copy with a bad start is still tried."
          value={toPercent(value.floor)}
          onChange={(percent) => typeof percent === 'number' && onChange({ floor: percent / 100 })}
          min={0}
          max={100}
          disabled={disabled}
        />
      )}
      {value.algorithm === 'fixed' && <Shares value={value} onChange={onChange} copies={copies} disabled={disabled} />}
    </>
  )
}

function Shares({ value, onChange, copies, disabled }: WeighingFieldsProps) {
  const weights = value.weights ?? []
  const weightOf = (id: string) => weights.find(({ copy_id }) => copy_id === id)?.weight ?? 0
  const sum = weights.reduce((total, { weight }) => total + weight, 0)
  const set = (id: string, percent: number | string) => {
    if (typeof percent !== 'number') return
    const others = weights.filter(({ copy_id }) => copy_id !== id)
    const next = percent === 0 ? others : [...others, { copy_id: id, weight: percent / 100 }]
    onChange({ weights: next.length === 0 ? null : next })
  }
  return (
    <Stack gap="xs">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {copies.map(({ copy_id }) => (
          <NumberInput
            key={copy_id}
            label={`Share of ${copy_id}, %`}
            value={toPercent(weightOf(copy_id))}
            onChange={(percent) => set(copy_id, percent)}
            min={0}
            max={100}
            disabled={disabled}
          />
        ))}
      </SimpleGrid>
      <Text size="sm" c="dimmed" role="status">
        {sum === 0
          ? 'No shares are set: all copies are drawn alike.'
          : `Together ${toPercent(sum)} %; brought to 100 % when they are drawn. A copy with no share is not drawn.`}
      </Text>
    </Stack>
  )
}

/** One decimal at the most. */
function toPercent(share: number): number {
  return Math.round(share * 1_000) / 10
}
