// The connection to Customer.io and its reporting webhook. The set-up has the same forms, each in its step.
import { Paper, Stack, Title } from '@mantine/core'
import { useRead } from '../../api/use-api.ts'
import { CopyValue } from '../../parts/copy-value.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { useOrg } from '../../session/use-session.ts'
import { VerifyKey } from '../set-up/ask-customerio.tsx'
import { ConnectionForm } from './connection-form.tsx'
import { SigningKeyForm } from './signing-key-form.tsx'

export function CustomerioSettings() {
  const { org, mayChange } = useOrg()
  const read = useRead('GET /api/orgs/{org}/settings', { path: { org } })
  return (
    <Loaded of={read}>
      {(settings, etag) => (
        <Stack gap="lg" maw={640}>
          <Paper withBorder p="md">
            <Stack>
              <Title order={2} size="h4">
                Workspace and key
              </Title>
              <ConnectionForm settings={settings} etag={etag} />
              {mayChange && settings.app_api_key !== null && <VerifyKey tells />}
            </Stack>
          </Paper>
          <Paper withBorder p="md">
            <Stack>
              <Title order={2} size="h4">
                Reporting webhook
              </Title>
              <CopyValue label="Endpoint" value={settings.webhook_url} />
              <SigningKeyForm settings={settings} etag={etag} />
            </Stack>
          </Paper>
        </Stack>
      )}
    </Loaded>
  )
}
