// The workspace at Customer.io: chosen from those that the stored key may read, or typed while there is no list.
import { Group, Select, Text, TextInput } from '@mantine/core'
import { useRead } from '../../api/use-api.ts'
import { useOrg } from '../../session/use-session.ts'

export interface Workspace {
  readonly id: string
  readonly name: string
}

export interface WorkspaceFieldProps {
  readonly value: Workspace
  readonly onChange: (workspace: Workspace) => void
  /** An App API key is stored, so that Customer.io can be asked. */
  readonly hasKey: boolean
  readonly disabled: boolean
}

/** Every reading asks Customer.io. */
const listStaleMs = 60_000

export function WorkspaceField({ value, onChange, hasKey, disabled }: WorkspaceFieldProps) {
  const { org } = useOrg()
  const read = useRead(
    'GET /api/orgs/{org}/customerio/workspaces',
    { path: { org } },
    { enabled: hasKey && !disabled, staleMs: listStaleMs },
  )
  const listed = read.data?.data
  if (read.isLoading)
    return (
      <Text size="sm" c="dimmed" aria-busy="true">
        Asking Customer.io for its workspaces …
      </Text>
    )
  if (listed?.state !== 'ok' || listed.workspaces.length === 0) {
    return (
      <>
        <Group grow align="flex-start">
          <TextInput
            label="Workspace ID"
            description="In its address: …/workspaces/12345/…"
            value={value.id}
            onChange={(event) => onChange({ ...value, id: event.currentTarget.value.trim() })}
            disabled={disabled}
          />
          <TextInput
            label="Workspace name"
            description="Such as Production."
            value={value.name}
            onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
            disabled={disabled}
          />
        </Group>
        <Text size="sm" c="dimmed" className="words">
          {listed === undefined
            ? 'Once the App API key is saved, workspaces can be chosen from a list.'
            : `There is no list to choose from: ${listed.seen} ${listed.what_to_do}`}
        </Text>
      </>
    )
  }
  const isListed = value.id === '' || listed.workspaces.some(({ id }) => id === value.id)
  const workspaces = isListed
    ? listed.workspaces
    : [...listed.workspaces, { id: value.id, name: `${value.name}, not listed` }]
  return (
    <Select
      label="Workspace"
      description="The one that you send from, and that the key was made in."
      placeholder="Choose it"
      data={workspaces.map(({ id, name }) => ({ value: id, label: name === '' ? id : `${name} (${id})` }))}
      value={value.id === '' ? null : value.id}
      onChange={(id) => {
        const chosen = listed.workspaces.find((each) => each.id === id)
        if (chosen !== undefined) onChange(chosen)
      }}
      allowDeselect={false}
      disabled={disabled}
    />
  )
}
