// What happened lately, newest first, and the story of one delivery or person with the rule that joined it. What is shown is
// in the address, so that a story can be sent to a colleague.
import { Alert, Button, Group, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import type { Happening } from '../../../contract/event-answers.ts'
import { useRead } from '../../api/use-api.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { useOrg } from '../../session/use-session.ts'
import { ForgetPerson } from './forget-person.tsx'
import { Happenings, kinds } from './happenings.tsx'
import { StoredEvents } from './stored-events.tsx'

const refetchMs = 5_000
const hourMs = 3_600_000
const spans = [
  { value: '1', label: 'Last hour' },
  { value: '24', label: 'Last day' },
  { value: '168', label: 'Last week' },
]

export function Feed() {
  const { org, mayChange } = useOrg()
  const [search, setSearch] = useSearchParams()
  const asked = { delivery: search.get('delivery') ?? '', person: search.get('person') ?? '' }
  const hours = search.get('hours') ?? '1'
  const [template, kind] = [search.get('template') ?? '', search.get('kind') ?? '']
  const isStory = asked.delivery !== '' || asked.person !== ''
  // Rounded to the minute: a new question every millisecond would never find what was read before.
  const since = new Date(Math.floor((Date.now() - Number(hours) * hourMs) / 60_000 + 1) * 60_000).toISOString()
  const query = isStory ? asked : { template, since }
  const events = useRead(
    'GET /api/orgs/{org}/events',
    { path: { org }, query },
    { refetchMs: isStory ? undefined : refetchMs, keepPrevious: !isStory },
  )
  const set = (values: Readonly<Record<string, string>>) =>
    setSearch(Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '')))
  return (
    <Stack>
      <StorySearch onAsk={set} />
      {isStory ? (
        <Group justify="space-between">
          <Text fw={600} className="words">
            {asked.delivery === '' ? `The story of ${asked.person}` : `The story of delivery ${asked.delivery}`}
          </Text>
          <Button variant="default" size="compact-sm" onClick={() => set({})}>
            Back to the feed
          </Button>
        </Group>
      ) : (
        <FeedFilters hours={hours} template={template} kind={kind} onChange={set} />
      )}
      <Loaded of={events}>
        {(data) => (
          <Stack>
            {data.truncated && (
              <Alert color="yellow">There is more than fits here. Choose a shorter time, or one template.</Alert>
            )}
            {ofKind(data.happenings, kind).length === 0 && data.events.length === 0 ? (
              <Empty title="Nothing happened">
                {isStory
                  ? 'Nothing is known of it. Ids are case-sensitive.'
                  : 'Sends and copy calls appear here as they come.'}
              </Empty>
            ) : (
              <Happenings happenings={ofKind(data.happenings, kind)} onStory={set} />
            )}
            {data.events.length > 0 && <StoredEvents events={data.events} />}
            {data.happenings.some(({ rule }) => rule !== null) && (
              <Text size="sm" c="dimmed" maw="80ch">
                Joined by the journey: the webhook action and the message share one path at Customer.io, which is
                certain. By time: the last copy that this person got before the message. To no copy: none explains it,
                as in control.
              </Text>
            )}
          </Stack>
        )}
      </Loaded>
      {mayChange && asked.person !== '' && <ForgetPerson key={asked.person} person={asked.person} />}
    </Stack>
  )
}

/** All of them for an empty kind. */
function ofKind(happenings: readonly Happening[], kind: string): readonly Happening[] {
  return kind === '' ? happenings : happenings.filter((each) => each.kind === kind)
}

interface FeedFiltersProps {
  readonly hours: string
  readonly template: string
  readonly kind: string
  readonly onChange: (values: Readonly<Record<string, string>>) => void
}

function FeedFilters({ hours, template, kind, onChange }: FeedFiltersProps) {
  const { org } = useOrg()
  const { data } = useRead('GET /api/orgs/{org}/templates', { path: { org } })
  const choices = (data?.data.templates ?? []).map(({ template_id, name }) => ({
    value: String(template_id),
    label: name,
  }))
  return (
    <Group align="flex-end" gap="sm">
      <SegmentedControl
        aria-label="How far back"
        data={spans}
        value={hours}
        onChange={(value) => onChange({ hours: value, template, kind })}
      />
      <Select
        aria-label="Template"
        placeholder="All templates"
        data={choices}
        value={template === '' ? null : template}
        onChange={(value) => onChange({ hours, template: value ?? '', kind })}
        clearable
      />
      <Select
        aria-label="Kind"
        placeholder="Everything that happens"
        data={Object.entries(kinds).map(([value, label]) => ({ value, label }))}
        value={kind === '' ? null : kind}
        onChange={(value) => onChange({ hours, template, kind: value ?? '' })}
        clearable
      />
    </Group>
  )
}

const ways = [
  { value: 'person:id:', label: 'Person by id' },
  { value: 'person:email:', label: 'Person by e-mail' },
  { value: 'person:cio_id:', label: 'Person by cio_id' },
  { value: 'delivery:', label: 'Delivery' },
]

function StorySearch({ onAsk }: { readonly onAsk: (values: Readonly<Record<string, string>>) => void }) {
  const [way, setWay] = useState('person:id:')
  const [text, setText] = useState('')
  const ask = () => {
    const value = text.trim()
    if (value === '') return
    onAsk(way === 'delivery:' ? { delivery: value } : { person: `${way.slice('person:'.length)}${value}` })
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        ask()
      }}
    >
      <Group align="flex-end" gap="sm">
        <Select
          label="Story of"
          data={ways}
          value={way}
          onChange={(value) => setWay(value ?? way)}
          allowDeselect={false}
        />
        <TextInput
          label="Which"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          flex="1 1 12rem"
          maw={420}
        />
        <Button type="submit" variant="default">
          Look up
        </Button>
      </Group>
    </form>
  )
}
