// Whether there is a template at all, and whether each gives copy: a draft refuses every call for it.
import type { Check } from '../../../contract/check.ts'
import type { TemplateFacts } from './health-facts.ts'
import { add } from './sum-days.ts'

/** One light of the org; archived templates do not count. */
export function judgeMade(templates: readonly TemplateFacts[]): Check {
  const light = { id: 'templates.made', title: 'A template is made', since: null } as const
  const made = templates.filter(({ template }) => template.status !== 'archived').length
  if (made > 0) {
    return { ...light, state: 'ok', seen: made === 1 ? 'There is one.' : `There are ${made}.`, what_to_do: '' }
  }
  const what_to_do = 'Make a template and its copy, and connect its campaign.'
  return { ...light, state: 'waiting', seen: 'There is no template.', what_to_do }
}

/** One light per template. What Customer.io reports as failed tells that a draft was asked. */
export function judgeActive({ template, days }: TemplateFacts): Check {
  const { templateId, status } = template
  const light = { id: `template.active:${templateId}`, title: 'The template gives copy', since: null } as const
  if (status !== 'draft') return { ...light, state: 'ok', seen: `It is ${status}.`, what_to_do: '' }
  const { failed = 0, undeliverable = 0 } = add(days.map(({ calls }) => calls))
  const what_to_do = 'Write its copy, then set its state to active in its Settings.'
  const refused = failed + undeliverable
  return refused > 0
    ? {
        ...light,
        state: 'broken',
        seen: `It is a draft, so every call for its copy is refused; ${refused} calls of its webhook action failed within the last days.`,
        what_to_do,
      }
    : { ...light, state: 'waiting', seen: 'It is a draft: calls for its copy are refused.', what_to_do }
}
