// The foot of a form: save, discard, and what became of it.
import { Button, Group, Stack, Text } from '@mantine/core'
import { isOvertaken } from '../api/problem.ts'
import { Failure } from './failure.tsx'

export interface SaveBarProps {
  readonly isChanged: boolean
  /** False while what was typed cannot be saved. */
  readonly isReady?: boolean
  readonly isSaving: boolean
  readonly isSaved: boolean
  readonly error: unknown
  readonly onSave: () => void
  readonly onDrop: () => void
  /** Puts what was typed upon what somebody else saved meanwhile. */
  readonly onRebase?: () => void
  readonly label?: string
}

export function SaveBar(props: SaveBarProps) {
  const { isChanged, isReady = true, isSaving, isSaved, error, onSave, onDrop, onRebase, label = 'Save' } = props
  return (
    <Stack gap="sm">
      {error !== null && error !== undefined && (
        <Failure
          error={error}
          title="Nothing was saved; what you typed is still here"
          {...(onRebase !== undefined && isOvertaken(error) && { retry: onRebase, retryLabel: 'Put mine on top' })}
        />
      )}
      <Group gap="sm">
        <Button onClick={onSave} loading={isSaving} disabled={!isChanged || !isReady}>
          {label}
        </Button>
        {isChanged && (
          <Button variant="default" onClick={onDrop} disabled={isSaving}>
            Discard
          </Button>
        )}
        <Text size="sm" c="dimmed" role="status">
          {isSaved && !isChanged ? 'Saved' : ''}
        </Text>
      </Group>
    </Stack>
  )
}
