// How the numbers came about, on demand: what is counted, how sends were joined to copy, how people were split, and what was
// left out.
import { Accordion, List, Stack, Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { ResultsAnswer } from '../../../contract/results.ts'
import { formatCount, formatInstant, formatName, formatShare } from '../../words/format.ts'
import { HowSplit } from './how-split.tsx'
import { OtherReadings } from './other-readings.tsx'
import { OwnEvents } from './own-events.tsx'
import { joinedOf } from './readout.ts'
import { ResultsTable } from './results-table.tsx'

export function Behind({ results }: { readonly results: ResultsAnswer }) {
  const join = joinedOf(results)
  const { copies } = results.comparison
  return (
    <Accordion variant="separated" multiple>
      <Panel name="arms" title="Arms and copies, with the range of each share">
        <ResultsTable results={results} />
      </Panel>
      <Panel name="counted" title="What is counted">
        <WhatIsCounted asOf={results.as_of} />
      </Panel>
      <Panel
        name="joined"
        title={`How sends with JustAI’s copy were joined to it (${formatCount(join.journey + join.latest + join.none)})`}
      >
        <HowJoined join={join} />
      </Panel>
      <Panel name="split" title="How people were split">
        <HowSplit sample_ratio={results.sample_ratio} allocation={results.allocation} />
      </Panel>
      {copies.length > 0 && (
        <Panel name="readings" title="Other ways to read the lifts">
          <OtherReadings copies={copies} />
        </Panel>
      )}
      <Panel name="events" title="Your own events">
        <OwnEvents results={results} />
      </Panel>
      <Panel name="all" title="Everything that was counted">
        <Stack>
          <Counts title="Never sent" counts={results.unsent} />
          <Counts title="Calls of the webhook action, as Customer.io reports them" counts={results.action} />
          <Counts title="Calls of other webhook actions of its campaigns" counts={results.other_actions} />
          <Counts title="Reported under names that are not documented" counts={results.other} />
        </Stack>
      </Panel>
    </Accordion>
  )
}

function Panel({
  name,
  title,
  children,
}: {
  readonly name: string
  readonly title: string
  readonly children: ReactNode
}) {
  return (
    <Accordion.Item value={name}>
      <Accordion.Control>{title}</Accordion.Control>
      <Accordion.Panel>{children}</Accordion.Panel>
    </Accordion.Item>
  )
}

function WhatIsCounted({ asOf }: { readonly asOf: string }) {
  return (
    <>
      <List size="sm" spacing="xs">
        <List.Item>A send is one message to one person. It counts on the day it was sent, UTC.</List.Item>
        <List.Item>Each metric counts once per send, however often Customer.io reports it.</List.Item>
        <List.Item>“People only” leaves out openings and clicks that Customer.io marks as a machine’s.</List.Item>
        <List.Item>
          Copies that were asked for by their id, and fallbacks, are listed but never part of the comparison.
        </List.Item>
      </List>
      <Text size="sm" c="dimmed" mt="sm">
        As of {formatInstant(asOf, 'second')}.
      </Text>
    </>
  )
}

const rules = [
  ['journey', 'by the journey: the webhook action and the message share one path at Customer.io'],
  ['latest', 'by time: the last copy that this person got before the message'],
  ['none', 'not at all: no copy of this template explains the message'],
] as const

function HowJoined({ join }: { readonly join: ResultsAnswer['join'] }) {
  const joined = join.journey + join.latest + join.none
  return (
    <List size="sm" spacing="xs">
      {rules.map(([rule, words]) => (
        <List.Item key={rule}>
          {formatCount(join[rule])} ({formatShare(joined === 0 ? null : join[rule] / joined)}) {words}.
        </List.Item>
      ))}
    </List>
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
