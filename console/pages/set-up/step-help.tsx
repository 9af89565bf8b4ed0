// What to do in each step of the set-up: the sentences of the set-up document, what to paste, and where to go.
import { Anchor, Button, Group, List, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { useRead } from '../../api/use-api.ts'
import { CopyValue } from '../../parts/copy-value.tsx'
import { useOrg } from '../../session/use-session.ts'
import { AskCustomerio, MendWebhook, VerifyTemplate } from './ask-customerio.tsx'
import type { Step, StepChecks } from './group-checks.ts'

const titles: Readonly<Record<Step, string>> = {
  customerio: 'Key of Customer.io',
  keys: 'Key of JustAI',
  webhook: 'Reporting webhook',
  traffic: 'What arrives',
  template: 'Template',
  results: 'Results',
  'set-aside': 'What could not be read',
}

export function titleOf({ step, template }: StepChecks): string {
  return template === undefined ? titles[step] : `${titles[step]} ${template}`
}

export function StepHelp({ group }: { readonly group: StepChecks }): ReactNode {
  const { org, mayChange } = useOrg()
  if (!mayChange) return null
  switch (group.step) {
    case 'customerio':
      return (
        <Stack gap="sm" align="flex-start">
          <Text size="sm">
            At Customer.io: Workspace settings, API and Webhook Credentials, App API Keys. Name it JustAI and choose the
            workspace that you send from. Then store it in the <Go to={`/${org}/settings/customerio`}>settings</Go>.
          </Text>
          <AskCustomerio />
        </Stack>
      )
    case 'keys':
      return (
        <Text size="sm">
          Make an <Go to={`/${org}/settings/keys`}>API key</Go> that may ask for copy, and keep it in a password
          manager: the Webhook Action at Customer.io sends it.
        </Text>
      )
    case 'webhook':
      return <WebhookHelp />
    case 'traffic':
      return (
        <Text size="sm">
          Send yourself a message of the campaign and open it. It shows up in the{' '}
          <Go to={`/${org}/activity/feed`}>activity</Go> within seconds.
        </Text>
      )
    case 'template':
      return <TemplateHelp template={group.template ?? ''} />
    case 'results':
      return <Text size="sm">They follow every change of the settings by themselves, within minutes.</Text>
    case 'set-aside':
      return (
        <Text size="sm">
          See <Go to={`/${org}/activity/quarantine`}>what was set aside</Go> and why; it can be read again.
        </Text>
      )
  }
}

function Go({ to, children }: { readonly to: string; readonly children: string }) {
  return (
    <Anchor component={Link} to={to} size="sm" underline="always">
      {children}
    </Anchor>
  )
}

function WebhookHelp() {
  const { org } = useOrg()
  const { data } = useRead('GET /api/orgs/{org}/settings', { path: { org } })
  return (
    <Stack gap="sm">
      <Text size="sm">
        The button makes it at Customer.io. By hand: Data &amp; Integrations, Integrations, Add Integration, Reporting
        Webhook.
      </Text>
      <CopyValue label="Webhook name" value="JustAI" />
      <CopyValue label="Webhook endpoint" value={data?.data.webhook_url ?? '…'} />
      <List size="sm">
        <List.Item>Events: at least sent, opened, clicked and converted.</List.Item>
        <List.Item>Options: send only the first time the event occurs. Save, then enable it.</List.Item>
        <List.Item>
          Copy its signing key into the <Go to={`/${org}/settings/customerio`}>settings</Go>: from then on nobody else
          can report events.
        </List.Item>
      </List>
      <MendWebhook />
    </Stack>
  )
}

function TemplateHelp({ template }: { readonly template: string }) {
  const { org } = useOrg()
  const base = `/${org}/templates/${template}`
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm">
        Write its <Go to={`${base}/copy`}>copy</Go>, then set up its campaign with what{' '}
        <Go to={`${base}/integration`}>integration</Go> gives to paste.
      </Text>
      <Group>
        <VerifyTemplate template={template} />
        <Button component={Link} to={`${base}/results`} size="xs" variant="default">
          Results
        </Button>
      </Group>
    </Stack>
  )
}
