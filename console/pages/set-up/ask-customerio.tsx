// Asking Customer.io now: whether the key is good, the webhook there, the campaign as it should be. The lights tell the answer.
import { Button, Group, Stack, Text } from '@mantine/core'
import { useChange } from '../../api/use-api.ts'
import { Failure } from '../../parts/failure.tsx'
import { useOrg } from '../../session/use-session.ts'

interface AskProps {
  readonly label: string
  readonly isAsking: boolean
  readonly isAnswered: boolean
  readonly error: unknown
  readonly onAsk: () => void
}

function Ask({ label, isAsking, isAnswered, error, onAsk }: AskProps) {
  return (
    <Stack gap="xs" align="flex-start">
      <Group gap="sm">
        <Button size="xs" loading={isAsking} onClick={onAsk}>
          {label}
        </Button>
        <Text size="sm" c="dimmed" role="status">
          {isAnswered ? 'Customer.io answered; the lights tell what it said.' : ''}
        </Text>
      </Group>
      {error !== null && <Failure error={error} />}
    </Stack>
  )
}

export function AskCustomerio() {
  const { org } = useOrg()
  const ask = useChange('POST /api/orgs/{org}/settings/verify')
  return (
    <Ask
      label="Verify the key"
      isAsking={ask.isPending}
      isAnswered={ask.isSuccess}
      error={ask.error}
      onAsk={() => ask.mutate({ path: { org } })}
    />
  )
}

export function MendWebhook() {
  const { org } = useOrg()
  const mend = useChange('POST /api/orgs/{org}/reporting-webhook')
  return (
    <Ask
      label="Create or mend it at Customer.io"
      isAsking={mend.isPending}
      isAnswered={mend.isSuccess}
      error={mend.error}
      onAsk={() => mend.mutate({ path: { org }, body: { mend: true } })}
    />
  )
}

export function VerifyTemplate({ template }: { readonly template: string }) {
  const { org } = useOrg()
  const verify = useChange('POST /api/orgs/{org}/templates/{template}/integration/verify')
  return (
    <Ask
      label="Verify the campaign"
      isAsking={verify.isPending}
      isAnswered={verify.isSuccess}
      error={verify.error}
      onAsk={() => verify.mutate({ path: { org, template } })}
    />
  )
}
