// The connection to Customer.io: which of its regions, the App API key, and the signing key of the reporting webhook.
import { Button, Paper, Select, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import type { SettingsAnswer } from '../../../contract/settings.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { CopyValue } from '../../parts/copy-value.tsx'
import { Failure } from '../../parts/failure.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { SaveBar } from '../../parts/save-bar.tsx'
import { useOrg } from '../../session/use-session.ts'
import { formatInstant } from '../../words/format.ts'
import { SecretField } from './secret-field.tsx'
import { WorkspaceField } from './workspace-field.tsx'

export function CustomerioSettings() {
  const { org } = useOrg()
  const read = useRead('GET /api/orgs/{org}/settings', { path: { org } })
  return <Loaded of={read}>{(data, etag) => <ConnectionForm settings={data} etag={etag} />}</Loaded>
}

const regions = [
  { value: 'us', label: 'US: fly.customer.io' },
  { value: 'eu', label: 'EU: fly-eu.customer.io' },
]

interface FormProps {
  readonly settings: SettingsAnswer
  readonly etag: string | undefined
}

/** What is typed here is kept in this page only: secrets are never written into the browser's storage. */
function ConnectionForm({ settings, etag }: FormProps) {
  const { org, mayChange } = useOrg()
  const [region, setRegion] = useState<string>(settings.region)
  const stored = { id: settings.workspace?.id ?? '', name: settings.workspace?.name ?? '' }
  const [typed, setTyped] = useState(stored)
  const [appApiKey, setAppApiKey] = useState('')
  const [signingKey, setSigningKey] = useState('')
  const save = useChange('PUT /api/orgs/{org}/settings')
  const workspace = typed.id === '' ? null : { id: typed.id, name: typed.name === '' ? typed.id : typed.name }
  const isWorkspaceNew = typed.id !== stored.id || (workspace !== null && workspace.name !== stored.name)
  const body = {
    ...(region !== settings.region && { region: region === 'eu' ? ('eu' as const) : ('us' as const) }),
    ...(isWorkspaceNew && { workspace }),
    ...(appApiKey !== '' && { app_api_key: appApiKey.trim() }),
    ...(signingKey !== '' && { signing_key: signingKey.trim() }),
  }
  const typedDone = () => {
    setAppApiKey('')
    setSigningKey('')
  }
  const drop = () => {
    setRegion(settings.region)
    setTyped(stored)
    typedDone()
  }
  return (
    <Stack gap="lg" maw={640}>
      <Paper withBorder p="md">
        <Stack component="form" onSubmit={(event) => event.preventDefault()}>
          <Title order={2} size="h4">
            Workspace and key
          </Title>
          <Select
            label="Region"
            description="The address that your team sees when signed in to Customer.io."
            data={regions}
            value={region}
            onChange={(value) => setRegion(value ?? settings.region)}
            allowDeselect={false}
            disabled={!mayChange}
          />
          <SecretField
            label="App API key"
            hint="Customer.io: Workspace settings, API and Webhook Credentials, App API Keys; name it JustAI."
            stored={settings.app_api_key}
            value={appApiKey}
            onChange={setAppApiKey}
            disabled={!mayChange}
          />
          <WorkspaceField
            value={typed}
            onChange={setTyped}
            hasKey={settings.app_api_key !== null}
            disabled={!mayChange}
          />
          <Title order={2} size="h4" mt="sm">
            Reporting webhook
          </Title>
          <CopyValue label="Endpoint" value={settings.webhook_url} />
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
              isChanged={Object.keys(body).length > 0}
              isSaving={save.isPending}
              isSaved={save.isSuccess}
              error={save.error}
              onSave={() => save.mutate({ path: { org }, body, ifMatch: etag }, { onSuccess: typedDone })}
              onDrop={drop}
            />
          )}
        </Stack>
      </Paper>
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
    <Paper withBorder p="md">
      <Stack gap="sm" align="flex-start">
        <Title order={2} size="h4">
          The previous signing key
        </Title>
        <Text size="sm">
          The key that ends in …{stored.last_four} (since {formatInstant(stored.since)}) is still accepted, so that
          nothing is refused while Customer.io changes over.
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
    </Paper>
  )
}
