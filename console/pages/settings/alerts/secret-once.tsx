// A secret of alerts, at the only time that it is shown.
import { Alert, Button, Stack } from '@mantine/core'
import { CopyValue } from '../../../parts/copy-value.tsx'

export function SecretOnce({ secret, onKept }: { readonly secret: string; readonly onKept: () => void }) {
  return (
    <Stack>
      <Alert color="yellow" title="This is the only time it is shown">
        Your server checks by it that an alert is ours, with any library of Standard Webhooks. Copy it there now.
      </Alert>
      <CopyValue label="Secret" value={secret} />
      <Button onClick={onKept}>I have kept it</Button>
    </Stack>
  )
}
