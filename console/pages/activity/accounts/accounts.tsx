// What became of every event, day by day: accepted is counted, unmatched and set aside together. A nightly check finds it.
import { List, Stack, Table, Text } from '@mantine/core'
import type { AccountAnswer, AccountsAnswer } from '../../../../contract/setup-answers.ts'
import { useRead } from '../../../api/use-api.ts'
import { Empty } from '../../../parts/empty.tsx'
import { Loaded } from '../../../parts/loaded.tsx'
import { Wide } from '../../../parts/wide.tsx'
import { useOrg } from '../../../session/use-session.ts'
import { formatCount, formatInstant } from '../../../words/format.ts'
import { accountParts, accountSentence, partNotes, sumOfAccounts } from './account-words.ts'

export function Accounts() {
  const { org } = useOrg()
  const health = useRead('GET /api/orgs/{org}/health', { path: { org } })
  return (
    <Stack>
      <Text size="sm" c="dimmed" maw="70ch">
        Nothing that Customer.io reports is lost unseen: every night each event is looked up again in the results.
      </Text>
      <Loaded of={health}>
        {({ accounts }) =>
          accounts === null ? (
            <Empty title="Not checked yet">The first check is in the night after the first events.</Empty>
          ) : (
            <Checked accounts={accounts} />
          )
        }
      </Loaded>
    </Stack>
  )
}

function Checked({ accounts }: { readonly accounts: AccountsAnswer }) {
  const { days, earlier, counted_at } = accounts
  return (
    <Stack>
      <Text size="lg" fw={700} role="status">
        {accountSentence(accounts)}
      </Text>
      <Wide label="Accounts by day" minWidth={720}>
        <Table.Caption>By the day on which they came in, UTC. As of {formatInstant(counted_at)}.</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th miw={110}>Day</Table.Th>
            <Table.Th className="numbers">Accepted</Table.Th>
            {accountParts.map(([part, label]) => (
              <Table.Th key={part} className="numbers">
                {label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {days.toReversed().map((day) => (
            <Line key={day.day} name={day.day} account={day} />
          ))}
          {earlier !== null && <Line name="before that" account={earlier} />}
          <Line name="together" account={sumOfAccounts(accounts)} isSum />
        </Table.Tbody>
      </Wide>
      <List size="sm" spacing={4}>
        {partNotes.map(([name, words]) => (
          <List.Item key={name}>
            <b>{name}</b>: {words}
          </List.Item>
        ))}
      </List>
    </Stack>
  )
}

interface LineProps {
  readonly name: string
  readonly account: AccountAnswer
  readonly isSum?: boolean
}

function Line({ name, account, isSum = false }: LineProps) {
  return (
    <Table.Tr fw={isSum ? 700 : undefined}>
      <Table.Th scope="row" fw={isSum ? 700 : 400}>
        {name}
      </Table.Th>
      <Table.Td className="numbers">{formatCount(account.accepted)}</Table.Td>
      {accountParts.map(([part]) => (
        <Table.Td
          key={part}
          className="numbers"
          {...(part === 'unaccounted' && account[part] > 0 && { c: 'red.9', fw: 700 })}
        >
          {formatCount(account[part])}
        </Table.Td>
      ))}
    </Table.Tr>
  )
}
