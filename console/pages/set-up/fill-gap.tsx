// Fills a gap in what Customer.io reported of a campaign, from its own record of the messages: call by call until all is read,
// saying how far it is. Filling the same days again changes nothing.
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { type BackfillAnswer, campaignIdPattern } from '../../../contract/setup-answers.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { Failure } from '../../parts/failure.tsx'
import { PickId } from '../../parts/pick-ids.tsx'
import { useOrg } from '../../session/use-session.ts'
import { addFilled, type Filled, filledWords, nothingFilled } from './filled-words.ts'

/** Every reading asks Customer.io. */
const listStaleMs = 60_000
const today = () => new Date().toISOString().slice(0, 10)

export function FillGap() {
  const { org } = useOrg()
  const campaigns = useRead('GET /api/orgs/{org}/customerio/campaigns', { path: { org } }, { staleMs: listStaleMs })
  const fill = useChange('POST /api/orgs/{org}/backfill')
  const [gap, setGap] = useState({ campaign_id: '', from: today(), to: today() })
  const [filled, setFilled] = useState<Filled>()
  const [next, setNext] = useState<string | null>(null)
  const [isRunning, setRunning] = useState(false)
  const isStopped = useRef(false)
  const change = (changes: Partial<typeof gap>) => {
    setGap({ ...gap, ...changes })
    setFilled(undefined)
    setNext(null)
  }
  const run = async () => {
    isStopped.current = false
    setRunning(true)
    let [sum, at] = [next === null ? nothingFilled : (filled ?? nothingFilled), next]
    try {
      do {
        const { data }: { data: BackfillAnswer } = await fill.mutateAsync({ path: { org }, body: { ...gap, next: at } })
        sum = addFilled(sum, data)
        at = data.next
        setFilled(sum)
        setNext(at)
      } while (sum.state === 'more' && !isStopped.current)
    } finally {
      setRunning(false)
    }
  }
  const choices = (campaigns.data?.data.campaigns ?? []).map(({ id, name, state }) => ({ id, name, note: state }))
  const isId = campaignIdPattern.test(gap.campaign_id)
  return (
    <Stack gap="sm" component="section" aria-label="Fill a gap">
      <Text size="sm">
        Did the reporting webhook stand still for a while? What Customer.io still knows of these days is read and
        counted as if it had been reported then.
      </Text>
      <Group align="flex-start" gap="sm">
        <PickId
          label="Campaign of the gap"
          description="Choose it, or type its number."
          choices={choices}
          value={gap.campaign_id}
          onChange={(campaign_id) => change({ campaign_id })}
          error={gap.campaign_id === '' || isId ? undefined : 'A number.'}
          disabled={isRunning}
        />
        {(['from', 'to'] as const).map((end) => (
          <TextInput
            key={end}
            label={end === 'from' ? 'First day of the gap' : 'Last day of the gap'}
            description="UTC, within the last year."
            type="date"
            value={gap[end]}
            max={end === 'from' ? gap.to : today()}
            onChange={(event) => change({ [end]: event.currentTarget.value })}
            disabled={isRunning}
          />
        ))}
      </Group>
      <Group gap="sm">
        <Button
          size="xs"
          variant="light"
          loading={isRunning}
          disabled={!isId || gap.from === '' || gap.to === ''}
          // What goes wrong is told by the change itself.
          onClick={() => void run().catch(() => undefined)}
        >
          {next === null ? 'Fill the gap' : 'Go on filling'}
        </Button>
        {isRunning && (
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              isStopped.current = true
            }}
          >
            Pause
          </Button>
        )}
        <Text size="sm" role="status" className="words">
          {filled === undefined ? '' : filledWords(filled)}
        </Text>
      </Group>
      {fill.isError && <Failure error={fill.error} />}
    </Stack>
  )
}
