// What Customer.io is asked again without anybody looking: its words grow old, and somebody may change things there.
import type { Integration } from '../../../contract/integration.ts'
import type { Org } from '../../../contract/org.ts'
import type { Template } from '../../../contract/template.ts'
import type { Verification, VerificationTopic } from '../../../contract/verification.ts'
import { markIntegration, markSettings, markWebhook } from './mark-setup.ts'

/** How long a word of Customer.io is taken for news. */
export const freshWordMs = 6 * 3_600_000

export interface WatchedSetup {
  readonly org: Pick<Org, 'customerio'>
  readonly templates: readonly Pick<Template, 'templateId' | 'status'>[]
  readonly integrations: readonly Integration[]
  readonly words: ReadonlyMap<string, Verification>
  readonly nowMs: number
}

/** The topics on which there is no word, an old one, or one about other settings. None while there is no key to ask with. */
export function dueQuestions({ org, templates, integrations, words, nowMs }: WatchedSetup): VerificationTopic[] {
  if (org.customerio?.appApiKey === undefined) return []
  const ofTemplates = templates.flatMap(({ templateId, status }) => {
    const own = integrations.filter((integration) => integration.templateId === templateId)
    if (status === 'archived' || own.length === 0) return []
    return [{ topic: `integration:${templateId}` as const, mark: markIntegration(org, own) }]
  })
  const questions = [
    { topic: 'settings' as const, mark: markSettings(org) },
    { topic: 'reporting-webhook' as const, mark: markWebhook(org) },
    ...ofTemplates,
  ]
  return questions.flatMap(({ topic, mark }) => {
    const word = words.get(topic)
    return word?.of === mark && nowMs - word.checkedAtMs < freshWordMs ? [] : [topic]
  })
}
