// Copies that a guardrail stopped, and the word of an admin that lets one be drawn again, with the reason that stays beside it.
import { Button, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { ResultsAnswer } from '../../../contract/results.ts'
import { liftRequestSchema } from '../../../contract/template-answers.ts'
import { useChange } from '../../api/use-api.ts'
import { Failure } from '../../parts/failure.tsx'
import { useOrg } from '../../session/use-session.ts'
import { formatInstant, formatShare } from '../../words/format.ts'
import { labelOf } from './metrics.ts'

export function StoppedCopies({
  results,
}: {
  readonly results: Pick<ResultsAnswer, 'template_id' | 'stopped' | 'lifted'>
}) {
  const { mayChange } = useOrg()
  const { template_id, stopped, lifted } = results
  if (stopped.length === 0 && lifted.length === 0) return null
  return (
    <List size="sm" spacing="xs">
      {stopped.map(({ copy_id, guardrail, worse_by_at_least }) => (
        <List.Item key={copy_id} className="words">
          <Group gap="xs">
            <Text size="sm" span>
              <b>{copy_id}</b> is no longer served: worse than control in “{labelOf(guardrail)}” by{' '}
              {formatShare(worse_by_at_least)} of the sends at the least. Another text is another copy, which is served
              again.
            </Text>
            {mayChange && <LiftStop template={template_id} copy={copy_id} />}
          </Group>
        </List.Item>
      ))}
      {lifted.map(({ copy_id, lifted_at, lifted_by, reason }) => (
        <List.Item key={`${copy_id} ${lifted_at}`} className="words">
          The stop of <b>{copy_id}</b> was lifted on {formatInstant(lifted_at)} by {lifted_by}: “{reason}”
        </List.Item>
      ))}
    </List>
  )
}

function LiftStop({ template, copy }: { readonly template: string; readonly copy: string }) {
  const { org } = useOrg()
  const [isAsking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const lift = useChange('POST /api/orgs/{org}/templates/{template}/variants/{copy}/lift-stop')
  const body = liftRequestSchema.safeParse({ reason })
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => setAsking(true)}
        aria-label={`Lift the stop of ${copy}`}
      >
        Lift the stop
      </Button>
      <Modal opened={isAsking} onClose={() => setAsking(false)} title={`Serve ${copy} again?`}>
        <Stack>
          <Text size="sm">
            It is drawn again within the hour, and watched anew on sends from tomorrow on. The reason stays beside it.
          </Text>
          <Textarea
            label="Why it may go out again"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
            autosize
            minRows={2}
            data-autofocus
          />
          {lift.isError && <Failure error={lift.error} title="The stop stays; what you typed is still here" />}
          <Button
            loading={lift.isPending}
            disabled={!body.success}
            onClick={() =>
              body.success &&
              lift.mutate({ path: { org, template, copy }, body: body.data }, { onSuccess: () => setAsking(false) })
            }
          >
            Serve it again
          </Button>
        </Stack>
      </Modal>
    </>
  )
}
