// What was posted or is to be, the latest first: to where, how it stands, and what the other side answered.
import { Badge, Stack, Table, Text } from '@mantine/core'
import { useRead } from '../../../api/use-api.ts'
import { Empty } from '../../../parts/empty.tsx'
import { Loaded } from '../../../parts/loaded.tsx'
import { Pager, usePage } from '../../../parts/pager.tsx'
import { Wide } from '../../../parts/wide.tsx'
import { useOrg } from '../../../session/use-session.ts'
import { formatInstant } from '../../../words/format.ts'
import { type Delivery, type Destination, deliveryLooks, triesOf, wordsOf } from './alert-words.ts'

/** A test shows how it went while the page is open. */
const refetchMs = 5_000

export function Deliveries({ destinations }: { readonly destinations: readonly Destination[] }) {
  const { org } = useOrg()
  const next = usePage()
  const read = useRead('GET /api/orgs/{org}/alerts/deliveries', { path: { org }, query: { next } }, { refetchMs })
  const urls = new Map(destinations.map(({ id, url }) => [id, url]))
  return (
    <Loaded of={read}>
      {({ deliveries, next: older }) => (
        <Stack>
          {deliveries.length === 0 ? (
            <Empty title="Nothing was posted yet">Alerts and tests will be listed here, with what was answered.</Empty>
          ) : (
            <Wide label="Deliveries of alerts" minWidth={760}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>When</Table.Th>
                  <Table.Th>What</Table.Th>
                  <Table.Th>State</Table.Th>
                  <Table.Th>Last try</Table.Th>
                  <Table.Th>To</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {deliveries.map((delivery) => (
                  <DeliveryRow key={delivery.id} delivery={delivery} url={urls.get(delivery.destination_id)} />
                ))}
              </Table.Tbody>
            </Wide>
          )}
          <Pager next={older} />
        </Stack>
      )}
    </Loaded>
  )
}

function DeliveryRow({ delivery, url }: { readonly delivery: Delivery; readonly url: string | undefined }) {
  const { colour, word } = deliveryLooks[delivery.state]
  return (
    <Table.Tr>
      <Table.Td>{formatInstant(delivery.created)}</Table.Td>
      <Table.Td>{wordsOf(delivery.kind)}</Table.Td>
      <Table.Td>
        <Badge color={colour} variant="dot" tt="none" miw="max-content">
          {word}
        </Badge>
      </Table.Td>
      <Table.Td>
        {triesOf(delivery)}
        {delivery.next_attempt !== null && delivery.attempts.length > 0 && (
          <Text size="xs" c="dimmed">
            Next try {formatInstant(delivery.next_attempt)}
          </Text>
        )}
      </Table.Td>
      <Table.Td className="words" miw={140} maw={260}>
        {url ?? 'an address that was removed'}
      </Table.Td>
    </Table.Tr>
  )
}
