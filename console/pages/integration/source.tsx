// One campaign of a template and its actions, chosen from what Customer.io has or typed.
import { Button, Group, Paper, Select, Stack, Text } from '@mantine/core'
import { actionIdSchema, sourceRefSchema } from '../../../contract/ids.ts'
import { useRead } from '../../api/use-api.ts'
import { type Choice, PickId, PickIds } from '../../parts/pick-ids.tsx'
import { useOrg } from '../../session/use-session.ts'
import type { SourceDraft } from './source-draft.ts'

const kinds = [
  { value: 'campaign', label: 'Campaign' },
  { value: 'broadcast', label: 'Broadcast' },
  { value: 'newsletter', label: 'Newsletter' },
  { value: 'transactional', label: 'Transactional message' },
]
/** Every reading asks Customer.io, which allows ten calls a second. */
const listStaleMs = 60_000

export interface SourceProps {
  readonly source: SourceDraft
  readonly mayChange: boolean
  /** Campaigns at Customer.io; empty when there is no list. */
  readonly campaigns: readonly Choice[]
  /** Undefined takes the source away. */
  readonly onChange: (changes: Partial<SourceDraft> | undefined) => void
}

export function Source({ source, mayChange, campaigns, onChange }: SourceProps) {
  const isId = sourceRefSchema.safeParse(`${source.kind}:${source.id}`).success
  const actions = useActions(mayChange && campaigns.some(({ id }) => id === source.id) ? source : undefined)
  const pick = (label: string, description: string, name: 'webhook' | 'control' | 'treatment') => (
    <PickIds
      label={label}
      description={description}
      choices={actions.choices.filter(({ isWebhook }) => isWebhook === (name === 'webhook'))}
      value={source[name]}
      onChange={(ids) => onChange({ [name]: ids })}
      error={source[name].every((id) => actionIdSchema.safeParse(id).success) ? undefined : 'Action ids are numbers.'}
      disabled={!mayChange}
    />
  )
  return (
    <Paper withBorder p="sm">
      <Stack gap="sm">
        <Group align="flex-start" gap="sm">
          <Select
            label="Kind"
            description="Of message."
            data={kinds}
            value={source.kind}
            onChange={(kind) => onChange({ kind: kind ?? 'campaign' })}
            allowDeselect={false}
            disabled={!mayChange}
          />
          <PickId
            label="Campaign ID"
            description="Choose it, or type its number."
            choices={source.kind === 'campaign' ? campaigns : []}
            value={source.id}
            onChange={(id) => onChange({ id })}
            error={source.id === '' || isId ? undefined : 'Letters, digits, - and _.'}
            disabled={!mayChange}
          />
        </Group>
        {pick('Webhook Action IDs', 'The action that asks JustAI for copy.', 'webhook')}
        {pick('Control Action IDs', 'Messages that people in control get, when there are several.', 'control')}
        {pick('Treatment Action IDs', 'Messages with JustAI’s copy. May stay empty.', 'treatment')}
        {actions.trouble !== '' && (
          <Text size="sm" c="dimmed" className="words">
            {actions.trouble}
          </Text>
        )}
        {mayChange && (
          <Group>
            <Button size="compact-sm" variant="default" onClick={() => onChange(undefined)}>
              Remove this campaign
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  )
}

interface ActionChoice extends Choice {
  readonly isWebhook: boolean
}

/** The actions of a campaign that Customer.io listed, those that ask us for copy first. */
function useActions(source: SourceDraft | undefined): { readonly choices: ActionChoice[]; readonly trouble: string } {
  const { org } = useOrg()
  const { data } = useRead(
    'GET /api/orgs/{org}/customerio/campaigns/{campaign}/actions',
    { path: { org, campaign: source?.id ?? '' } },
    { enabled: source?.kind === 'campaign', staleMs: listStaleMs },
  )
  if (source === undefined || data === undefined) return { choices: [], trouble: '' }
  const { state, seen, what_to_do, actions } = data.data
  const ordered = actions.toSorted((a, b) => Number(b.calls_us) - Number(a.calls_us))
  const choices = ordered.map(({ id, name, type, calls_us }) => {
    return { id, name, note: calls_us ? 'asks JustAI for copy' : type, isWebhook: type === 'webhook' }
  })
  return { choices, trouble: state === 'ok' ? '' : `${seen} ${what_to_do}`.trim() }
}
