// Ids at another system: chosen from a list by id or name, or typed where there is no list. Ids stay visible, because people
// compare them with what they see there.
import { Autocomplete, type OptionsFilter, TagsInput, Text } from '@mantine/core'

export interface Choice {
  readonly id: string
  /** What people call it; empty when it has no name. */
  readonly name: string
  /** What else helps to tell it apart. */
  readonly note?: string
}

interface PickProps {
  readonly label: string
  readonly description: string
  readonly choices: readonly Choice[]
  readonly error?: string | undefined
  readonly disabled: boolean
}

export interface PickIdProps extends PickProps {
  readonly value: string
  readonly onChange: (id: string) => void
}

export interface PickIdsProps extends PickProps {
  readonly value: readonly string[]
  readonly onChange: (ids: string[]) => void
}

export function PickId({ choices, value, onChange, description, error, ...rest }: PickIdProps) {
  return (
    <Autocomplete
      {...rest}
      {...listed(choices)}
      description={namesOf([value], choices) ?? description}
      value={value}
      onChange={(id) => onChange(id.trim())}
      error={error}
    />
  )
}

export function PickIds({ choices, value, onChange, description, error, ...rest }: PickIdsProps) {
  return (
    <TagsInput
      {...rest}
      {...listed(choices)}
      description={namesOf(value, choices) ?? description}
      value={[...value]}
      onChange={(ids) => onChange(ids.map((id) => id.trim()))}
      error={error}
    />
  )
}

function listed(choices: readonly Choice[]) {
  const byId = new Map(choices.map((choice) => [choice.id, choice]))
  const told = (id: string) => {
    const { name = '', note = '' } = byId.get(id) ?? {}
    return [name, note].filter((part) => part !== '').join(', ')
  }
  const filter: OptionsFilter = ({ options, search }) => {
    const words = search.trim().toLowerCase()
    return options.filter(
      (option) => 'value' in option && `${option.value} ${told(option.value)}`.toLowerCase().includes(words),
    )
  }
  return {
    data: choices.map(({ id }) => id),
    filter,
    renderOption: ({ option }: { readonly option: { readonly value: string } }) => (
      <div>
        <Text size="sm">{option.value}</Text>
        <Text size="xs" c="dimmed" className="words">
          {told(option.value)}
        </Text>
      </div>
    ),
  }
}

/** `41: Ask for copy, 42: …`; undefined when none of the ids is in the list. */
function namesOf(ids: readonly string[], choices: readonly Choice[]): string | undefined {
  const named = ids.flatMap((id) => choices.find((choice) => choice.id === id && choice.name !== '') ?? [])
  return named.length === 0 ? undefined : named.map(({ id, name }) => `${id}: ${name}`).join(', ')
}
