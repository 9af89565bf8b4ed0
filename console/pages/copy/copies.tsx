// The copy of a template: what people get now, what they got before, and where it is written.
import { Badge, Button, Card, Group, Stack, Switch, Text, Title } from '@mantine/core'
import { Link, useParams, useSearchParams } from 'react-router'
import type { CopyAnswer, TemplateAnswer } from '../../../contract/template-answers.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { AskFirst } from '../../parts/ask-first.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Unfold } from '../../parts/unfold.tsx'
import { useOrg } from '../../session/use-session.ts'
import { ChooseTwo } from './choose-two.tsx'
import { CompareTexts } from './compare-texts.tsx'
import { CopyText } from './copy-text.tsx'
import { Preview } from './preview.tsx'
import { inReadingOrder } from './variable-order.ts'
import { versionBefore } from './versions.ts'

export function Copies() {
  const { org, mayChange } = useOrg()
  const { template = '' } = useParams()
  const read = useRead('GET /api/orgs/{org}/templates/{template}', { path: { org, template } })
  const [search, setSearch] = useSearchParams()
  const showsOld = search.get('show') === 'all'
  return (
    <Loaded of={read}>
      {(data) => {
        const shown = data.variants.filter(({ status }) => showsOld || status === 'active')
        return (
          <Stack gap="lg">
            <Group justify="space-between">
              <Switch
                label="Show archived copy"
                checked={showsOld}
                onChange={(event) => setSearch(event.currentTarget.checked ? { show: 'all' } : {}, { replace: true })}
              />
              {mayChange && (
                <Button component={Link} to="../new-copy" relative="path">
                  New copy
                </Button>
              )}
            </Group>
            {shown.length === 0 && (
              <Empty title="No copy yet">
                Write the first one. Liquid works in it, as in Customer.io: {'{{ first_name }}'}.
              </Empty>
            )}
            {shown.map((copy) => (
              <CopyCard key={copy.copy_id} copy={copy} template={data} mayChange={mayChange} />
            ))}
            {data.variants.length > 1 && <ChooseTwo copies={data.variants} />}
            {data.variants.length > 0 && <Preview org={org} template={data} />}
          </Stack>
        )
      }}
    </Loaded>
  )
}

interface CopyCardProps {
  readonly copy: CopyAnswer
  readonly template: TemplateAnswer
  readonly mayChange: boolean
}

function CopyCard({ copy, template, mayChange }: CopyCardProps) {
  const conditions = Object.entries(copy.attrs)
  const idBefore = versionBefore(
    copy.copy_id,
    template.variants.map(({ copy_id }) => copy_id),
  )
  const before = template.variants.find(({ copy_id }) => copy_id === idBefore)
  return (
    <Card withBorder component="article" aria-label={`Copy ${copy.copy_id}`}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <Group gap="xs">
            <Title order={2} size="h5" className="words">
              {copy.copy_id}
            </Title>
            {copy.arm === 'control' && <Badge variant="default">control</Badge>}
            {copy.status === 'archived' && <Badge variant="default">archived</Badge>}
            {copy.copy_id === template.fallback_copy_id && <Badge variant="default">fallback</Badge>}
          </Group>
          {mayChange && <CopyActions copy={copy} templateId={template.template_id} />}
        </Group>
        <CopyText names={inReadingOrder(Object.keys(copy.vars))}>{(name) => copy.vars[name] || '–'}</CopyText>
        {before !== undefined && (
          <Unfold label={`What changed since ${before.copy_id}`}>
            <CompareTexts before={before} after={copy} />
          </Unfold>
        )}
        {conditions.length > 0 && (
          <Text size="sm" c="dimmed" className="words">
            Only for people whose{' '}
            {conditions.map(([name, values]) => `${name} is ${values.join(' or ')}`).join(', and whose ')}.
          </Text>
        )}
      </Stack>
    </Card>
  )
}

function CopyActions({ copy, templateId }: { readonly copy: CopyAnswer; readonly templateId: string }) {
  const { org } = useOrg()
  const path = { org, template: templateId, copy: copy.copy_id }
  const archive = useChange('DELETE /api/orgs/{org}/templates/{template}/variants/{copy}')
  const revive = useChange('PUT /api/orgs/{org}/templates/{template}/variants/{copy}')
  if (copy.status === 'archived') {
    return (
      <Stack gap="xs" align="flex-end">
        <Button
          size="compact-sm"
          variant="default"
          loading={revive.isPending}
          onClick={() => revive.mutate({ path, body: { status: 'active' } })}
        >
          Bring back
        </Button>
        {revive.isError && <Failure error={revive.error} />}
      </Stack>
    )
  }
  return (
    <Group gap="xs">
      <Button
        size="compact-sm"
        variant="default"
        component={Link}
        to={copy.copy_id}
        aria-label={`Edit ${copy.copy_id}`}
      >
        Edit
      </Button>
      <AskFirst
        label="Archive"
        about={copy.copy_id}
        question="Archive this copy?"
        change={archive}
        onSure={(done) => archive.mutate({ path }, { onSuccess: done })}
      >
        Nobody gets <b>{copy.copy_id}</b> any more. Its results stay, and it can be brought back.
      </AskFirst>
    </Group>
  )
}
