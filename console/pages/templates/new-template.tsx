// Makes a template. Its id becomes the attribute `jw_<id>` at Customer.io, so it cannot be changed later.
import { Code, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import * as z from 'zod/mini'
import { templateIdSchema } from '../../../contract/ids.ts'
import { useChange } from '../../api/use-api.ts'
import { SaveDraft } from '../../parts/save-draft.tsx'
import { useDraft } from '../../parts/use-draft.ts'
import { useOrg } from '../../session/use-session.ts'

const draftSchema = z.object({ id: z.string(), name: z.string() })
const nothing = { id: '', name: '' }

/** `Welcome e-mail` becomes `welcome_e_mail`. */
function suggestId(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 64)
}

export function NewTemplate({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { org } = useOrg()
  const navigate = useNavigate()
  const draft = useDraft(`${org} new template`, draftSchema, nothing)
  const [isTried, setTried] = useState(false)
  const make = useChange('PUT /api/orgs/{org}/templates/{template}')
  const id = draft.value.id === '' ? suggestId(draft.value.name) : draft.value.id
  const idProblem = templateIdSchema.safeParse(id).success ? undefined : 'Letters, digits and _, at most 64.'
  const nameProblem = draft.value.name.trim() === '' ? 'Give it a name.' : undefined
  const save = () => {
    setTried(true)
    if (idProblem !== undefined || nameProblem !== undefined) return
    make.mutate(
      { path: { org, template: id }, body: { name: draft.value.name.trim() } },
      {
        onSuccess: () => {
          draft.drop()
          navigate(`/${org}/templates/${id}/copy`)
        },
      },
    )
  }
  return (
    <Modal opened={opened} onClose={onClose} title="New template">
      <Stack component="form" onSubmit={(event) => event.preventDefault()}>
        <TextInput
          label="Name"
          description="As your team calls the message."
          value={draft.value.name}
          onChange={(event) => draft.change({ name: event.currentTarget.value })}
          error={isTried && nameProblem}
          data-autofocus
        />
        <TextInput
          label="Id"
          description="Cannot be changed later."
          value={draft.value.id}
          placeholder={suggestId(draft.value.name)}
          onChange={(event) => draft.change({ id: event.currentTarget.value })}
          error={isTried && idProblem}
        />
        <Text size="sm" c="dimmed">
          At Customer.io its copy will be the attribute <Code className="words">jw_{id === '' ? '…' : id}</Code>.
        </Text>
        <SaveDraft draft={draft} change={make} onSave={save} label="Make template" />
      </Stack>
    </Modal>
  )
}
