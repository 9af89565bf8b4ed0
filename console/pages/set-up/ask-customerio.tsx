// Asking Customer.io now: whether the key is good, the webhook there, the campaign as it should be. What it said is told by the
// lights of the set-up, or beside the button where there are none.
import { Button, Group, Stack, Text } from '@mantine/core'
import type { Check } from '../../../contract/check.ts'
import { useChange } from '../../api/use-api.ts'
import { Failure } from '../../parts/failure.tsx'
import { useOrg } from '../../session/use-session.ts'
import { CheckLine } from './check-line.tsx'

interface AskProps {
  readonly label: string
  readonly isAsking: boolean
  readonly isAnswered: boolean
  readonly error: unknown
  readonly onAsk: () => void
  /** What was found, where no lights tell it. */
  readonly checks?: readonly Check[] | undefined
}

function Ask({ label, isAsking, isAnswered, error, onAsk, checks }: AskProps) {
  return (
    <Stack gap="xs" align="flex-start">
      <Group gap="sm">
        <Button size="xs" variant="light" loading={isAsking} onClick={onAsk}>
          {label}
        </Button>
        <Text size="sm" c="dimmed" role="status">
          {isAnswered && checks === undefined ? 'Customer.io answered; the lights tell what it said.' : ''}
        </Text>
      </Group>
      {checks?.map((check) => (
        <CheckLine key={check.id} check={check} />
      ))}
      {error !== null && <Failure error={error} />}
    </Stack>
  )
}

/** `tells`: says itself what was found. */
export function VerifyKey({ tells = false }: { readonly tells?: boolean }) {
  const { org } = useOrg()
  const ask = useChange('POST /api/orgs/{org}/settings/verify')
  return (
    <Ask
      label="Verify the key"
      isAsking={ask.isPending}
      isAnswered={ask.isSuccess}
      error={ask.error}
      onAsk={() => ask.mutate({ path: { org } })}
      checks={tells ? ask.data?.data.checks : undefined}
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
