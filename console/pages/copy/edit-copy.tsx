// Where a copy is written. Saving another text makes another copy under a new id; the one before stays in the results.
import {
  Alert,
  Anchor,
  Button,
  Group,
  List,
  Paper,
  Select,
  SimpleGrid,
  Stack,
  TagsInput,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core'
import { Link, useNavigate, useParams } from 'react-router'
import type { TemplateAnswer } from '../../../contract/template-answers.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { withRow } from '../../parts/changes.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { SaveDraft } from '../../parts/save-draft.tsx'
import { type Draft, useDraft } from '../../parts/use-draft.ts'
import { useOrg } from '../../session/use-session.ts'
import { CompareTexts } from './compare-texts.tsx'
import { type CopyDraft, copyDraftSchema, copyOf, draftOf, emptyDraft, problemsOf } from './draft.ts'
import { Preview } from './preview.tsx'

export function EditCopy() {
  const { org, mayChange } = useOrg()
  const { template = '', copy } = useParams()
  const read = useRead('GET /api/orgs/{org}/templates/{template}', { path: { org, template } })
  if (!mayChange) return <Empty title="You may read only">Ask an admin of {org} to change copy.</Empty>
  return (
    <Loaded of={read}>
      {(data, etag) => <Editor key={copy ?? 'new'} template={data} etag={etag} copyId={copy} />}
    </Loaded>
  )
}

interface EditorProps {
  readonly template: TemplateAnswer
  readonly etag: string | undefined
  /** Absent: a new copy. */
  readonly copyId: string | undefined
}

function Editor({ template, etag, copyId }: EditorProps) {
  const { org } = useOrg()
  const navigate = useNavigate()
  const standing = template.variants.find(({ copy_id }) => copy_id === copyId)
  const saved = standing === undefined ? emptyDraft : draftOf(standing)
  const draft = useDraft(`${org} ${template.template_id} copy ${copyId ?? 'new'}`, copyDraftSchema, saved, etag)
  const add = useChange('POST /api/orgs/{org}/templates/{template}/variants')
  const change = useChange('PUT /api/orgs/{org}/templates/{template}/variants/{copy}')
  const problems = problemsOf(draft.value)
  const allCopy = `/${org}/templates/${template.template_id}/copy`
  const { vars, attrs } = copyOf(draft.value)
  const written = { vars, attrs }
  const save = () => {
    const path = { org, template: template.template_id }
    const onSuccess = () => {
      draft.drop()
      navigate(allCopy)
    }
    const body = copyOf(draft.value)
    if (copyId === undefined) add.mutate({ path, body }, { onSuccess })
    else change.mutate({ path: { ...path, copy: copyId }, body, ifMatch: draft.etag }, { onSuccess })
  }
  if (copyId !== undefined && standing === undefined)
    return <Empty title="There is no such copy">It may be mistyped.</Empty>
  return (
    <Stack>
      <Anchor component={Link} to={allCopy} size="sm">
        All copy of this template
      </Anchor>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Paper withBorder p="md" component="section" aria-label="Text">
          <Stack>
            <Title order={2} size="h4" className="words">
              {copyId ?? 'New copy'}
            </Title>
            <Texts draft={draft} />
            <Conditions draft={draft} />
            <Select
              label="Arm"
              description="Control copy stands for your existing message, when its path asks for copy too."
              data={[
                { value: 'treatment', label: 'JustAI’s copy' },
                { value: 'control', label: 'Control' },
              ]}
              value={draft.value.arm}
              onChange={(arm) => draft.change({ arm: arm === 'control' ? 'control' : 'treatment' })}
              allowDeselect={false}
            />
            {standing !== undefined && draft.isChanged && (
              <Stack gap="xs" component="section" aria-label="What changes">
                <Text size="sm" c="dimmed">
                  Another text is another copy: it gets a new id, and <span className="words">{copyId}</span> stays in
                  the results.
                </Text>
                <CompareTexts before={standing} after={written} />
              </Stack>
            )}
            {draft.isChanged && problems.length > 0 && (
              <Alert color="yellow" title="Before it can be saved">
                <List size="sm">
                  {problems.map((problem) => (
                    <List.Item key={problem}>{problem}</List.Item>
                  ))}
                </List>
              </Alert>
            )}
            <SaveDraft
              draft={draft}
              change={copyId === undefined ? add : change}
              isReady={problems.length === 0}
              onSave={save}
              label="Save copy"
            />
          </Stack>
        </Paper>
        <Preview org={org} template={template} copy={written} />
      </SimpleGrid>
    </Stack>
  )
}

function Texts({ draft }: { readonly draft: Draft<CopyDraft> }) {
  const { vars } = draft.value
  return (
    <Stack gap="sm">
      {vars.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name while they are typed
        <Paper key={at} withBorder p="xs">
          <Group align="flex-end" gap="xs" mb="xs">
            <TextInput
              label="Variable"
              value={row.name}
              onChange={(event) => draft.change({ vars: withRow(vars, at, { name: event.currentTarget.value }) })}
              flex={1}
            />
            <Button
              variant="default"
              onClick={() => draft.change({ vars: withRow(vars, at, undefined) })}
              aria-label={`Remove variable ${row.name}`}
            >
              Remove
            </Button>
          </Group>
          <Textarea
            label={`Text of ${row.name === '' ? 'this variable' : row.name}`}
            value={row.text}
            onChange={(event) => draft.change({ vars: withRow(vars, at, { text: event.currentTarget.value }) })}
            autosize
            minRows={2}
            maxRows={16}
            dir="auto"
          />
        </Paper>
      ))}
      <Button
        variant="default"
        onClick={() => draft.change({ vars: [...vars, { name: '', text: '' }] })}
        style={{ alignSelf: 'flex-start' }}
      >
        Add a variable
      </Button>
    </Stack>
  )
}

function Conditions({ draft }: { readonly draft: Draft<CopyDraft> }) {
  const { attrs } = draft.value
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {attrs.length === 0 ? 'Fits everyone.' : 'Only for people whose attributes have one of these values:'}
      </Text>
      {attrs.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name while they are typed
        <Group key={at} align="flex-end" gap="xs">
          <TextInput
            label="Attribute"
            value={row.name}
            onChange={(event) => draft.change({ attrs: withRow(attrs, at, { name: event.currentTarget.value }) })}
            flex="1 1 8rem"
          />
          <TagsInput
            label="Values"
            value={row.values}
            onChange={(values) => draft.change({ attrs: withRow(attrs, at, { values }) })}
            flex="2 1 12rem"
          />
          <Button
            variant="default"
            onClick={() => draft.change({ attrs: withRow(attrs, at, undefined) })}
            aria-label={`Remove condition ${row.name}`}
          >
            Remove
          </Button>
        </Group>
      ))}
      <Button
        variant="default"
        onClick={() => draft.change({ attrs: [...attrs, { name: '', values: [] }] })}
        style={{ alignSelf: 'flex-start' }}
      >
        Add a condition
      </Button>
    </Stack>
  )
}
