// Makes an API key and shows it, once.
import { Alert, Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type Scope, scopeSchema } from '../../../contract/api-key.ts'
import { useChange } from '../../api/use-api.ts'
import { CopyValue } from '../../parts/copy-value.tsx'
import { Failure } from '../../parts/failure.tsx'
import { useOrg } from '../../session/use-session.ts'

const uses: Readonly<Record<Scope, string>> = {
  generate: 'ask for copy: webhook actions at Customer.io',
  events: 'send events: your servers',
  admin: 'read and change everything here: your own programs',
}

export function NewKey() {
  const { org } = useOrg()
  const [isOpen, setOpen] = useState(false)
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<string[]>(['generate'])
  const [lastDay, setLastDay] = useState('')
  const make = useChange('POST /api/orgs/{org}/keys')
  const chosen = scopeSchema.options.filter((scope) => scopes.includes(scope))
  const close = () => {
    setOpen(false)
    make.reset()
    setName('')
    setLastDay('')
  }
  const shown = make.data?.data.key
  return (
    <Group>
      <Button onClick={() => setOpen(true)}>New key</Button>
      {/* Once the key is shown, only the button closes it: a click beside the dialog would lose it. */}
      <Modal
        opened={isOpen}
        onClose={close}
        title="New API key"
        closeOnClickOutside={shown === undefined}
        closeOnEscape={shown === undefined}
        withCloseButton={shown === undefined}
      >
        {shown === undefined ? (
          <Stack component="form" onSubmit={(event) => event.preventDefault()}>
            <TextInput
              label="What it is for"
              placeholder="Webhook action"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              data-autofocus
            />
            <Checkbox.Group label="It may" value={scopes} onChange={setScopes}>
              <Stack gap="xs" mt="xs">
                {scopeSchema.options.map((scope) => (
                  <Checkbox key={scope} value={scope} label={`${scope}: ${uses[scope]}`} />
                ))}
              </Stack>
            </Checkbox.Group>
            <TextInput
              label="Last day, UTC"
              description="Empty: until it is revoked."
              type="date"
              value={lastDay}
              min={new Date().toISOString().slice(0, 10)}
              onChange={(event) => setLastDay(event.currentTarget.value)}
            />
            {make.isError && <Failure error={make.error} />}
            <Button
              loading={make.isPending}
              disabled={chosen.length === 0}
              onClick={() =>
                make.mutate({
                  path: { org },
                  body: {
                    scopes: chosen,
                    ...(name.trim() !== '' && { name: name.trim() }),
                    ...(lastDay !== '' && { expires_at: `${lastDay}T23:59:59.000Z` }),
                  },
                })
              }
            >
              Make key
            </Button>
          </Stack>
        ) : (
          <Stack>
            <Alert color="yellow" title="This is the only time it is shown">
              Copy it into a password manager now.
            </Alert>
            <CopyValue label="API key" value={shown} />
            <Button onClick={close}>I have kept it</Button>
          </Stack>
        )}
      </Modal>
    </Group>
  )
}
