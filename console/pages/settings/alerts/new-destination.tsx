// Adds an address that alerts are posted to, and shows the secret that they are signed with, once.
import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { alertKinds } from '../../../../contract/alert.ts'
import { maxDestinations } from '../../../../contract/limits.ts'
import { useChange } from '../../../api/use-api.ts'
import { Failure } from '../../../parts/failure.tsx'
import { useOrg } from '../../../session/use-session.ts'
import { kindWords } from './alert-words.ts'
import { SecretOnce } from './secret-once.tsx'

export function NewDestination({ isFull }: { readonly isFull: boolean }) {
  const { org } = useOrg()
  const [isOpen, setOpen] = useState(false)
  const [url, setUrl] = useState('')
  const [kinds, setKinds] = useState<string[]>([...alertKinds])
  const add = useChange('POST /api/orgs/{org}/alerts/destinations')
  const chosen = alertKinds.filter((kind) => kinds.includes(kind))
  const typed = url.trim()
  const isBad = typed !== '' && !/^https:\/\/./i.test(typed)
  const close = () => {
    setOpen(false)
    add.reset()
    setUrl('')
    setKinds([...alertKinds])
  }
  const secret = add.data?.data.secret
  return (
    <Group>
      {isFull ? (
        <Text size="sm">These are all {maxDestinations} that there may be.</Text>
      ) : (
        <Button onClick={() => setOpen(true)}>Add an address</Button>
      )}
      {/* Once the secret is shown, only the button closes it: a click beside the dialog would lose it. */}
      <Modal
        opened={isOpen}
        onClose={close}
        title="New address of alerts"
        closeOnClickOutside={secret === undefined}
        closeOnEscape={secret === undefined}
        withCloseButton={secret === undefined}
      >
        {secret === undefined ? (
          <Stack component="form" onSubmit={(event) => event.preventDefault()}>
            <TextInput
              label="Address"
              description="https, on port 443 of the public internet."
              placeholder="https://hooks.example.com/justai"
              type="url"
              value={url}
              onChange={(event) => setUrl(event.currentTarget.value)}
              error={isBad ? 'It begins with https://' : undefined}
              maxLength={2_000}
              data-autofocus
            />
            <Checkbox.Group label="It is told when" value={kinds} onChange={setKinds}>
              <Stack gap="xs" mt="xs">
                {alertKinds.map((kind) => (
                  <Checkbox key={kind} value={kind} label={kindWords[kind]} />
                ))}
              </Stack>
            </Checkbox.Group>
            {add.isError && <Failure error={add.error} />}
            <Button
              loading={add.isPending}
              disabled={typed === '' || isBad || chosen.length === 0}
              onClick={() => add.mutate({ path: { org }, body: { url: typed, kinds: chosen } })}
            >
              Add address
            </Button>
          </Stack>
        ) : (
          <SecretOnce secret={secret} onKept={close} />
        )}
      </Modal>
    </Group>
  )
}
