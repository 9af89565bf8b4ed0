// A secret that goes in and never comes out: shows that one is stored, its end and since when.
import { PasswordInput } from '@mantine/core'
import { formatInstant } from '../../words/format.ts'

export interface SecretFieldProps {
  readonly label: string
  readonly stored: { readonly last_four: string; readonly since: string } | null
  readonly value: string
  readonly onChange: (value: string) => void
  readonly disabled: boolean
  readonly hint: string
}

export function SecretField({ label, stored, value, onChange, disabled, hint }: SecretFieldProps) {
  const state =
    stored === null
      ? 'None is stored yet.'
      : `Stored, ends in …${stored.last_four}, since ${formatInstant(stored.since)}.`
  return (
    <PasswordInput
      label={label}
      description={`${state} ${hint}`}
      placeholder={stored === null ? 'Paste it here' : 'Paste another to replace it'}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoComplete="off"
      disabled={disabled}
      visibilityToggleButtonProps={{ 'aria-label': `Show what is typed for ${label}` }}
    />
  )
}
