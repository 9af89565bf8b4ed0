// What was set aside because it could not be accepted: why, and reading it again once the cause is gone.
import { Button, Card, Group, List, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type * as z from 'zod/mini'
import type { quarantineAnswerSchema, replayAnswerSchema } from '../../../contract/event-answers.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Pager, usePage } from '../../parts/pager.tsx'
import { WithCode } from '../../parts/with-code.tsx'
import { useOrg } from '../../session/use-session.ts'
import { formatBytes, formatInstant } from '../../words/format.ts'

type SetAside = z.infer<typeof quarantineAnswerSchema>['bodies'][number]
type Replayed = z.infer<typeof replayAnswerSchema>['status']

const outcomes: Readonly<Record<Replayed, string>> = {
  accepted: 'It was accepted and is counted now.',
  duplicate: 'It was there already, so nothing changed.',
  conflict: 'Another event has its id; the first one stays.',
  quarantined: 'It still cannot be accepted, for the same reasons.',
}

export function Quarantine() {
  const { org, mayChange } = useOrg()
  const next = usePage()
  // Told here, because a body that was accepted leaves the list.
  const [told, setTold] = useState('')
  const quarantine = useRead('GET /api/orgs/{org}/quarantine', { path: { org }, query: { next } })
  return (
    <Stack>
      <Text size="sm" c="dimmed" maw="70ch">
        Events that could not be read are kept here whole, so that none blocks another and none is lost.
      </Text>
      <Text size="sm" fw={600} role="status">
        {told}
      </Text>
      <Loaded of={quarantine}>
        {(data) => (
          <Stack>
            {data.bodies.length === 0 && <Empty title="Nothing is set aside">Every event so far could be read.</Empty>}
            {data.bodies.map((body) => (
              <BodyCard
                key={body.id}
                body={body}
                mayChange={mayChange}
                onReplayed={(status) => setTold(outcomes[status])}
              />
            ))}
            <Pager next={data.next} />
          </Stack>
        )}
      </Loaded>
    </Stack>
  )
}

interface BodyCardProps {
  readonly body: SetAside
  readonly mayChange: boolean
  readonly onReplayed: (status: Replayed) => void
}

function BodyCard({ body, mayChange, onReplayed }: BodyCardProps) {
  const { org } = useOrg()
  const replay = useChange('POST /api/orgs/{org}/quarantine/{id}/replay')
  return (
    <Card withBorder component="article" aria-label={`Body of ${formatInstant(body.received_at, 'second')}`}>
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start">
          <Text size="sm" fw={600}>
            {formatInstant(body.received_at, 'second')}, {formatBytes(body.body_bytes)}
          </Text>
          {mayChange && (
            <Button
              size="compact-sm"
              variant="default"
              loading={replay.isPending}
              onClick={() =>
                replay.mutate({ path: { org, id: body.id } }, { onSuccess: ({ data }) => onReplayed(data.status) })
              }
            >
              Read again
            </Button>
          )}
        </Group>
        <List size="sm">
          {body.reasons.map(({ code, message }) => (
            <List.Item key={`${code} ${message}`} className="words">
              <WithCode text={message} />{' '}
              <Text span size="xs" c="dimmed">
                {code}
              </Text>
            </List.Item>
          ))}
        </List>
        {replay.isError && <Failure error={replay.error} />}
      </Stack>
    </Card>
  )
}
