// Which campaigns and actions at Customer.io are this template's. Without this, what is sent is kept but counted nowhere.
import { Button, Group, Paper, Select, Stack, Text, Title } from '@mantine/core'
import { integrationChangeSchema, type TemplateAnswer } from '../../../contract/template-answers.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { withRow } from '../../parts/changes.ts'
import { SaveDraft } from '../../parts/save-draft.tsx'
import { useDraft } from '../../parts/use-draft.ts'
import { useOrg } from '../../session/use-session.ts'
import { Source } from './source.tsx'
import { changeOf, connectionDraftSchema, draftOf, newSource, type SourceDraft } from './source-draft.ts'

/** Every reading asks Customer.io. */
const listStaleMs = 60_000

export interface ConnectProps {
  readonly template: TemplateAnswer
  readonly etag: string | undefined
}

export function Connect({ template, etag }: ConnectProps) {
  const { org, mayChange } = useOrg()
  const draft = useDraft(`${org} ${template.template_id} integration`, connectionDraftSchema, draftOf(template), etag)
  const save = useChange('PUT /api/orgs/{org}/templates/{template}/integration')
  const campaigns = useRead(
    'GET /api/orgs/{org}/customerio/campaigns',
    { path: { org } },
    { enabled: mayChange, staleMs: listStaleMs },
  ).data?.data
  const { scope, sources } = draft.value
  const checked = integrationChangeSchema.safeParse(changeOf(draft.value))
  const set = (at: number, changes: Partial<SourceDraft> | undefined) =>
    draft.change({ sources: withRow(sources, at, changes) })
  return (
    <Paper withBorder p="md" component="section" aria-label="At JustAI">
      <Stack>
        <Title order={2} size="h4">
          At JustAI
        </Title>
        <Text size="sm" c="dimmed">
          Ids are in Customer.io’s addresses: …/campaigns/<b>23</b>/… and …/actions/<b>41</b>. Saving a connection late
          loses nothing: what was reported before is counted then.
        </Text>
        {campaigns !== undefined && campaigns.state !== 'ok' && (
          <Text size="sm" c="dimmed" className="words">
            There is no list to choose from: {campaigns.seen} {campaigns.what_to_do}
          </Text>
        )}
        <fieldset disabled={!mayChange} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
          <Stack>
            {sources.map((source, at) => (
              <Source
                // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name while they are typed
                key={at}
                source={source}
                mayChange={mayChange}
                campaigns={(campaigns?.campaigns ?? []).map(({ id, name, state }) => ({ id, name, note: state }))}
                onChange={(changes) => set(at, changes)}
              />
            ))}
            {mayChange && (
              <Group>
                <Button variant="default" onClick={() => draft.change({ sources: [...sources, newSource] })}>
                  Add a campaign
                </Button>
              </Group>
            )}
            <Select
              label="Where Customer.io keeps the copy"
              description="With the journey, a person can be in the campaign twice and get different copy each time."
              data={[
                { value: 'customer', label: 'With the person' },
                { value: 'journey', label: 'With the journey' },
              ]}
              value={scope}
              onChange={(value) => draft.change({ scope: value === 'journey' ? 'journey' : 'customer' })}
              allowDeselect={false}
              maw={360}
              disabled={!mayChange}
            />
          </Stack>
        </fieldset>
        {mayChange && (
          <SaveDraft
            draft={draft}
            change={save}
            isReady={checked.success}
            onSave={() =>
              checked.success &&
              save.mutate(
                { path: { org, template: template.template_id }, body: checked.data, ifMatch: draft.etag },
                { onSuccess: draft.drop },
              )
            }
          />
        )}
      </Stack>
    </Paper>
  )
}
