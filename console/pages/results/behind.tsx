// How the numbers came about, on demand: what is counted, how sends were joined to copy, and what was left out.
import { Accordion, List, Stack, Table, Text } from '@mantine/core'
import type { ResultsAnswer } from '../../../contract/results.ts'
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
