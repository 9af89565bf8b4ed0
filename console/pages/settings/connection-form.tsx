// The connection to Customer.io: which of its regions, the App API key, and the workspace that the key is of.
import { Select, Stack } from '@mantine/core'
import { useState } from 'react'
import * as z from 'zod/mini'
import type { SettingsAnswer } from '../../../contract/settings.ts'
import { useChange } from '../../api/use-api.ts'
import { SaveBar } from '../../parts/save-bar.tsx'
import { useDraft } from '../../parts/use-draft.ts'
import { useOrg } from '../../session/use-session.ts'
import { SecretField } from './secret-field.tsx'
import { WorkspaceField } from './workspace-field.tsx'

const regionSchema = z.enum(['us', 'eu'])
const draftSchema = z.object({ region: regionSchema, workspace: z.object({ id: z.string(), name: z.string() }) })

const esps = [{ value: 'customerio', label: 'Customer.io' }]
const regions = [
  { value: 'us', label: 'US: fly.customer.io' },
  { value: 'eu', label: 'EU: fly-eu.customer.io' },
]

export interface ConnectionFormProps {
  readonly settings: SettingsAnswer
  readonly etag: string | undefined
}

/** The key is kept in this page only: secrets are never written into the browser's storage. */
export function ConnectionForm({ settings, etag }: ConnectionFormProps) {
  const { org, mayChange } = useOrg()
  const stored = { id: settings.workspace?.id ?? '', name: settings.workspace?.name ?? '' }
  const saved = { region: settings.region, workspace: stored }
  const draft = useDraft(`${org} connection`, draftSchema, saved, etag)
  const [appApiKey, setAppApiKey] = useState('')
  const save = useChange('PUT /api/orgs/{org}/settings')
  const { region, workspace } = draft.value
  const isWorkspaceNew = workspace.id !== stored.id || (workspace.id !== '' && workspace.name !== stored.name)
  const named = workspace.id === '' ? null : { id: workspace.id, name: workspace.name || workspace.id }
  const body = {
    ...(region !== settings.region && { region }),
    ...(isWorkspaceNew && { workspace: named }),
    ...(appApiKey !== '' && { app_api_key: appApiKey.trim() }),
  }
  const drop = () => {
    draft.drop()
    setAppApiKey('')
  }
  return (
    <Stack component="form" onSubmit={(event) => event.preventDefault()}>
      <Select
        label="Sent by"
        description="The system that sends your messages."
        data={esps}
        value={settings.esp}
        allowDeselect={false}
        disabled={!mayChange}
      />
      <Select
        label="Region"
        description="The address that your team sees when signed in to Customer.io."
        data={regions}
        value={region}
        onChange={(value) => draft.change({ region: regionSchema.parse(value) })}
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
        value={workspace}
        onChange={(chosen) => draft.change({ workspace: chosen })}
        hasKey={settings.app_api_key !== null}
        disabled={!mayChange}
      />
      {mayChange && (
        <SaveBar
          isChanged={Object.keys(body).length > 0}
          isSaving={save.isPending}
          isSaved={save.isSuccess}
          error={save.error}
          onSave={() => save.mutate({ path: { org }, body, ifMatch: etag }, { onSuccess: drop })}
          onDrop={drop}
          label="Save connection"
        />
      )}
    </Stack>
  )
}
