// How the numbers came about, on demand: what is counted, how sends were joined to copy, and what was left out.
import { Accordion, List, Stack, Table, Text } from '@mantine/core'
import { usualMetricRules } from '../../../contract/metric.ts'
import type { ResultsAnswer } from '../../../contract/results.ts'
import { Wide } from '../../parts/wide.tsx'
import { formatCount, formatInstant, formatName, formatShare } from '../../words/format.ts'
import { joinedOf } from './readout.ts'

const rules = [
  ['journey', 'by the journey: the webhook action and the message share one path at Customer.io'],
  ['latest', 'by time: the last copy that this person got before the message'],
  ['none', 'not at all: no copy of this template explains the message'],
] as const

export function Behind({ results }: { readonly results: ResultsAnswer }) {
  const join = joinedOf(results)
  const joined = join.journey + join.latest + join.none
  return (
    <Accordion variant="separated" multiple>
      <Accordion.Item value="counted">
        <Accordion.Control>What is counted</Accordion.Control>
        <Accordion.Panel>
          <List size="sm" spacing="xs">
            <List.Item>A send is one message to one person. It counts on the day it was sent, UTC.</List.Item>
            <List.Item>Each metric counts once per send, however often Customer.io reports it.</List.Item>
            <List.Item>“People only” leaves out openings and clicks that Customer.io marks as a machine’s.</List.Item>
            <List.Item>
              Copies that were asked for by their id, and fallbacks, are listed but never part of the comparison.
            </List.Item>
          </List>
          <Text size="sm" c="dimmed" mt="sm">
            As of {formatInstant(results.as_of, 'second')}.
          </Text>
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="joined">
        <Accordion.Control>How sends with JustAI’s copy were joined to it ({formatCount(joined)})</Accordion.Control>
        <Accordion.Panel>
          <List size="sm" spacing="xs">
            {rules.map(([rule, words]) => (
              <List.Item key={rule}>
                {formatCount(join[rule])} ({formatShare(joined === 0 ? null : join[rule] / joined)}) {words}.
              </List.Item>
            ))}
          </List>
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="events">
        <Accordion.Control>Your own events</Accordion.Control>
        <Accordion.Panel>
          <OwnEvents results={results} />
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="all">
        <Accordion.Control>Everything that was counted</Accordion.Control>
        <Accordion.Panel>
          <Stack>
            <Counts title="Never sent" counts={results.unsent} />
            <Counts title="Calls of the webhook action, as Customer.io reports them" counts={results.action} />
            <Counts title="Reported under names that are not documented" counts={results.other} />
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  )
}

/** What holds unless the org defined a metric otherwise. */
const windowDays = usualMetricRules.windowSeconds / 86_400

function OwnEvents({ results }: { readonly results: ResultsAnswer }) {
  const rows = results.arms.flatMap((entry) =>
    Object.entries(entry.events).map(([name, counted]) => ({ name, entry, counted })),
  )
  return (
    <Stack gap="sm">
      <Text size="sm">
        Unless a metric is defined otherwise, an event counts up to {windowDays} days after its message was sent, the
        last second included, and for the last message before it. It counts for each template by itself.
      </Text>
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          None were seen for these sends.
        </Text>
      ) : (
        <Wide label="Your own events by arm and copy" minWidth={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Event</Table.Th>
              <Table.Th>Arm and copy</Table.Th>
              <Table.Th className="numbers">Sends with one</Table.Th>
              <Table.Th className="numbers">Events</Table.Th>
              <Table.Th className="numbers">Value</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ name, entry, counted }) => (
              <Table.Tr key={`${name} ${entry.arm} ${entry.copy_id} ${entry.choice}`}>
                <Table.Td className="words">{name}</Table.Td>
                <Table.Td className="words">
                  {[entry.arm, entry.copy_id].filter((part) => part !== null).join(', ')}
                </Table.Td>
                <Table.Td className="numbers">{formatCount(counted.sends)}</Table.Td>
                <Table.Td className="numbers">{formatCount(counted.events)}</Table.Td>
                <Table.Td className="numbers">
                  {Object.entries(counted.value)
                    .map(([currency, value]) => `${value} ${currency}`)
                    .join(', ') || '–'}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Wide>
      )}
    </Stack>
  )
}

function Counts({ title, counts }: { readonly title: string; readonly counts: Readonly<Record<string, number>> }) {
  const rows = Object.entries(counts)
  return (
    <Table maw={480}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{title}</Table.Th>
          <Table.Th className="numbers">Count</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(([name, count]) => (
          <Table.Tr key={name}>
            <Table.Td className="words">{formatName(name)}</Table.Td>
            <Table.Td className="numbers">{formatCount(count)}</Table.Td>
          </Table.Tr>
        ))}
        {rows.length === 0 && (
          <Table.Tr>
            <Table.Td colSpan={2}>nothing</Table.Td>
          </Table.Tr>
        )}
      </Table.Tbody>
    </Table>
  )
}
