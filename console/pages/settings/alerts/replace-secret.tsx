// Gives an address a new secret: asks first, then shows it, once. The one before signs along for a day.
import { Button, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../../api/use-api.ts'
import { Failure } from '../../../parts/failure.tsx'
import { useOrg } from '../../../session/use-session.ts'
import type { Destination } from './alert-words.ts'
import { SecretOnce } from './secret-once.tsx'

export function ReplaceSecret({ destination: { id, url } }: { readonly destination: Destination }) {
  const { org } = useOrg()
  const [isOpen, setOpen] = useState(false)
  const replace = useChange('POST /api/orgs/{org}/alerts/destinations/{id}/rotate')
  const secret = replace.data?.data.secret
  const close = () => {
    setOpen(false)
    replace.reset()
  }
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setOpen(true)} aria-label={`Replace secret of ${url}`}>
        Replace secret
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title="Replace the secret?"
        closeOnClickOutside={secret === undefined}
        closeOnEscape={secret === undefined}
        withCloseButton={secret === undefined}
      >
        {secret === undefined ? (
          <Stack>
            <Text className="words">
              Alerts to <b>{url}</b> are signed with a new secret from now on, and for a day with the one before too.
            </Text>
            {replace.isError && <Failure error={replace.error} />}
            <Button loading={replace.isPending} onClick={() => replace.mutate({ path: { org, id } })}>
              Replace
            </Button>
          </Stack>
        ) : (
          <SecretOnce secret={secret} onKept={close} />
        )}
      </Modal>
    </>
  )
}
