// What connects a template while it is typed, and what the API is given of it.
import * as z from 'zod/mini'
import { attributeScopeSchema } from '../../../contract/template.ts'
import type { TemplateAnswer } from '../../../contract/template-answers.ts'

const sourceDraftSchema = z.object({
  kind: z.string(),
  id: z.string(),
  webhook: z.array(z.string()),
  control: z.array(z.string()),
  treatment: z.array(z.string()),
  windowDays: z.number(),
})
export type SourceDraft = z.infer<typeof sourceDraftSchema>

export const connectionDraftSchema = z.object({ scope: attributeScopeSchema, sources: z.array(sourceDraftSchema) })
export type ConnectionDraft = z.infer<typeof connectionDraftSchema>

export const newSource: SourceDraft = {
  kind: 'campaign',
  id: '',
  webhook: [],
  control: [],
  treatment: [],
  windowDays: 30,
}

export function draftOf({ attribute_scope, sources }: TemplateAnswer): ConnectionDraft {
  return {
    scope: attribute_scope,
    sources: sources.map((each) => {
      const [kind = 'campaign', id = ''] = each.source.split(':')
      const { webhook_action_ids: webhook, control_action_ids: control, treatment_action_ids: treatment } = each
      return { kind, id, webhook, control, treatment, windowDays: each.serve_window_days }
    }),
  }
}

export function changeOf({ scope, sources }: ConnectionDraft) {
  return {
    attribute_scope: scope,
    sources: sources.map(({ kind, id, webhook, control, treatment, windowDays }) => ({
      source: `${kind}:${id.trim()}`,
      webhook_action_ids: webhook,
      control_action_ids: control,
      treatment_action_ids: treatment,
      serve_window_days: windowDays,
    })),
  }
}
