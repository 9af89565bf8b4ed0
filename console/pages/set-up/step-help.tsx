// What to do in each step of the set-up: the sentences of the set-up document, what to paste there, and the fields to fill in here.
import { Anchor, Button, Group, List, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { useRead } from '../../api/use-api.ts'
import { CopyValue } from '../../parts/copy-value.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Unfold } from '../../parts/unfold.tsx'
import { useOrg } from '../../session/use-session.ts'
import { IntegrationOf } from '../integration/integration.tsx'
import { ConnectionForm } from '../settings/connection-form.tsx'
import { NewKey } from '../settings/new-key.tsx'
import { SigningKeyForm } from '../settings/signing-key-form.tsx'
import { NewTemplate } from '../templates/new-template.tsx'
import { MendWebhook, VerifyKey, VerifyTemplate } from './ask-customerio.tsx'
import { FillGap } from './fill-gap.tsx'
import type { StepChecks } from './group-checks.ts'

export function StepHelp({ group }: { readonly group: StepChecks }): ReactNode {
  const { org } = useOrg()
  switch (group.step) {
    case 'customerio':
      return <KeyHelp />
    case 'keys':
      return (
        <Stack gap="sm">
          <Text size="sm">
            Make a key that may ask for copy, and keep it in a password manager: the Webhook Action at Customer.io sends
            it. All of them are listed under <Go to={`/${org}/settings/keys`}>API keys</Go>.
          </Text>
          <NewKey />
        </Stack>
      )
    case 'webhook':
      return <WebhookHelp />
    case 'traffic':
      return (
        <Stack gap="sm">
          <Text size="sm">
            Send yourself a message of the campaign and open it. It shows up in the{' '}
            <Go to={`/${org}/activity/feed`}>activity</Go> within seconds.
          </Text>
          <Unfold label="Fill a gap">
            <FillGap />
          </Unfold>
        </Stack>
      )
    case 'template':
      return group.template === undefined ? <MakeTemplate /> : <TemplateHelp template={group.template} />
    case 'results':
      return (
        <Text size="sm">
          They follow every change of the settings by themselves, within minutes. What became of every event is in the{' '}
          <Go to={`/${org}/activity/accounts`}>accounts</Go>.
        </Text>
      )
    case 'set-aside':
      return (
        <Text size="sm">
          See <Go to={`/${org}/activity/quarantine`}>what was set aside</Go> and why; it can be read again. Files are
          under <Go to={`/${org}/activity/files`}>files</Go>.
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

function KeyHelp() {
  const { org } = useOrg()
  const read = useRead('GET /api/orgs/{org}/settings', { path: { org } })
  return (
    <Stack gap="sm">
      <Text size="sm">
        At Customer.io: Workspace settings, API and Webhook Credentials, App API Keys. Name it JustAI and choose the
        workspace that you send from. Then store it here, and verify it.
      </Text>
      <Loaded of={read}>{(settings, etag) => <ConnectionForm settings={settings} etag={etag} />}</Loaded>
      <VerifyKey />
    </Stack>
  )
}

function WebhookHelp() {
  const { org } = useOrg()
  const read = useRead('GET /api/orgs/{org}/settings', { path: { org } })
  return (
    <Stack gap="sm">
      <Text size="sm">
        The button makes it at Customer.io. By hand: Data &amp; Integrations, Integrations, Add Integration, Reporting
        Webhook.
      </Text>
      <MendWebhook />
      <CopyValue label="Webhook name" value="JustAI" />
      <CopyValue label="Webhook endpoint" value={read.data?.data.webhook_url ?? '…'} />
      <List size="sm">
        <List.Item>Events: at least sent, opened, clicked and converted.</List.Item>
        <List.Item>Options: send only the first time the event occurs. Save, then enable it.</List.Item>
        <List.Item>Copy its signing key into the field: from then on nobody else can report events.</List.Item>
      </List>
      <Loaded of={read}>{(settings, etag) => <SigningKeyForm settings={settings} etag={etag} />}</Loaded>
    </Stack>
  )
}

function MakeTemplate() {
  const { org } = useOrg()
  const [isMaking, making] = useDisclosure()
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm">
        A template is one message of yours whose copy is being improved. Make it, write its copy, and connect its
        campaign; it is a step of its own then. All of them are listed under <Go to={`/${org}/templates`}>Templates</Go>
        .
      </Text>
      <Button onClick={making.open}>New template</Button>
      <NewTemplate opened={isMaking} onClose={making.close} />
    </Stack>
  )
}

function TemplateHelp({ template }: { readonly template: string }) {
  const { org } = useOrg()
  const base = `/${org}/templates/${template}`
  return (
    <Stack gap="sm">
      <Text size="sm">
        Write its <Go to={`${base}/copy`}>copy</Go>. Then paste the request, the headers, the body and the response
        attribute into its campaign, and name the campaign here. At last set its state to active in its{' '}
        <Go to={`${base}/settings`}>Settings</Go>: a draft gives no copy.
      </Text>
      <Unfold label="What to paste, and its campaign">
        <IntegrationOf template={template} />
      </Unfold>
      <Group align="flex-start">
        <VerifyTemplate template={template} />
        <Button component={Link} to={`${base}/results`} size="xs" variant="default">
          Results
        </Button>
      </Group>
    </Stack>
  )
}
