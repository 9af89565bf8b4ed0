// The signing key of the reporting webhook, and the one before it, which stays accepted until somebody ends that.
import { Button, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { SettingsAnswer } from '../../../contract/settings.ts'
import { useChange } from '../../api/use-api.ts'
import { Failure } from '../../parts/failure.tsx'
import { SaveBar } from '../../parts/save-bar.tsx'
import { useOrg } from '../../session/use-session.ts'
import { formatInstant } from '../../words/format.ts'
import type { ConnectionFormProps } from './connection-form.tsx'
import { SecretField } from './secret-field.tsx'

export function SigningKeyForm({ settings, etag }: ConnectionFormProps) {
  const { org, mayChange } = useOrg()
  const [signingKey, setSigningKey] = useState('')
  const save = useChange('PUT /api/orgs/{org}/settings')
  const drop = () => setSigningKey('')
  const body = { signing_key: signingKey.trim() }
  return (
    <Stack component="form" onSubmit={(event) => event.preventDefault()}>
      <SecretField
        label="Signing key"
        hint="Customer.io shows it with the reporting webhook. Until one is stored, unsigned events are accepted."
        stored={settings.signing_key}
        value={signingKey}
        onChange={setSigningKey}
        disabled={!mayChange}
      />
      {mayChange && (
        <SaveBar
          isChanged={signingKey !== ''}
          isSaving={save.isPending}
          isSaved={save.isSuccess}
          error={save.error}
          onSave={() => save.mutate({ path: { org }, body, ifMatch: etag }, { onSuccess: drop })}
          onDrop={drop}
          label="Save signing key"
        />
      )}
      {settings.previous_signing_key !== null && (
        <PreviousKey stored={settings.previous_signing_key} mayChange={mayChange} />
      )}
    </Stack>
  )
}

interface PreviousKeyProps {
  readonly stored: NonNullable<SettingsAnswer['previous_signing_key']>
  readonly mayChange: boolean
}

function PreviousKey({ stored, mayChange }: PreviousKeyProps) {
  const { org } = useOrg()
  const end = useChange('PUT /api/orgs/{org}/settings')
  return (
    <Stack gap="sm" align="flex-start" component="section" aria-label="The previous signing key">
      <Text size="sm">
        The previous key, which ends in …{stored.last_four} (since {formatInstant(stored.since)}), is still accepted, so
        that nothing is refused while Customer.io changes over.
      </Text>
      {end.isError && <Failure error={end.error} />}
      {mayChange && (
        <Button
          variant="default"
          loading={end.isPending}
          onClick={() => end.mutate({ path: { org }, body: { previous_signing_key: null } })}
        >
          Stop accepting it
        </Button>
      )}
    </Stack>
  )
}
