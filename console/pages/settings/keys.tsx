// The org's API keys: for webhook actions, for servers that send events, for programs that administrate.
import { Badge, Group, Stack, Table, Text } from '@mantine/core'
import type { KeyAnswer } from '../../../contract/key-answers.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { AskFirst } from '../../parts/ask-first.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Wide } from '../../parts/wide.tsx'
import { useOrg } from '../../session/use-session.ts'
import { formatInstant } from '../../words/format.ts'
import { NewKey } from './new-key.tsx'

export function Keys() {
  const { org, mayChange } = useOrg()
  const keys = useRead('GET /api/orgs/{org}/keys', { path: { org } })
  return (
    <Stack>
      <Text size="sm" c="dimmed" maw="70ch">
        A key is shown once, when it is made: keep it in a password manager. Have two at a time to change one without a
        pause.
      </Text>
      {mayChange && <NewKey />}
      <Loaded of={keys}>
        {({ keys: all }) =>
          all.length === 0 ? (
            <Empty title="No key yet">The webhook action at Customer.io needs one with the scope “generate”.</Empty>
          ) : (
            <KeyTable keys={all} mayChange={mayChange} />
          )
        }
      </Loaded>
    </Stack>
  )
}

type KeyState = 'in use' | 'revoked' | 'expired'

function stateOf({ revoked_at, expires_at }: KeyAnswer): KeyState {
  if (revoked_at !== null) return 'revoked'
  return expires_at !== null && Date.parse(expires_at) <= Date.now() ? 'expired' : 'in use'
}

function KeyTable({ keys, mayChange }: { readonly keys: readonly KeyAnswer[]; readonly mayChange: boolean }) {
  return (
    <Wide label="API keys" minWidth={680}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Key</Table.Th>
          <Table.Th>May</Table.Th>
          <Table.Th>Made</Table.Th>
          <Table.Th>Last used</Table.Th>
          <Table.Th>State</Table.Th>
          {mayChange && <Table.Th>Revoke</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {keys.map((key) => {
          const state = stateOf(key)
          return (
            <Table.Tr key={key.id}>
              <Table.Td className="words" miw={140} maw={220}>
                {key.name ?? 'unnamed'}
                <Text size="xs" c="dimmed">
                  …{key.last_four}
                </Text>
              </Table.Td>
              <Table.Td>
                <Group gap={4}>
                  {key.scopes.map((scope) => (
                    <Badge key={scope} variant="default" tt="none">
                      {scope}
                    </Badge>
                  ))}
                </Group>
              </Table.Td>
              <Table.Td>{formatInstant(key.created_at)}</Table.Td>
              <Table.Td>{key.last_used_at === null ? 'never' : formatInstant(key.last_used_at)}</Table.Td>
              <Table.Td>
                {state === 'in use' && key.expires_at !== null ? `until ${formatInstant(key.expires_at)}` : state}
              </Table.Td>
              {mayChange && <Table.Td>{state === 'in use' && <Revoke apiKey={key} />}</Table.Td>}
            </Table.Tr>
          )
        })}
      </Table.Tbody>
    </Wide>
  )
}

function Revoke({ apiKey }: { readonly apiKey: KeyAnswer }) {
  const { org } = useOrg()
  const revoke = useChange('DELETE /api/orgs/{org}/keys/{key}')
  const name = apiKey.name ?? `…${apiKey.last_four}`
  return (
    <AskFirst
      label="Revoke"
      about={name}
      question="Revoke this key?"
      colour="red"
      change={revoke}
      onSure={(done) => revoke.mutate({ path: { org, key: apiKey.id } }, { onSuccess: done })}
    >
      Whatever still uses <b>{name}</b> is refused within a minute. This cannot be taken back.
    </AskFirst>
  )
}
