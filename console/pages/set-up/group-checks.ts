// The checks of the set-up by the step that they belong to, in the order in which a set-up is done.
import type { Check } from '../../../contract/check.ts'

export const steps = ['customerio', 'keys', 'webhook', 'traffic', 'template', 'results', 'set-aside'] as const
export type Step = (typeof steps)[number]

export interface StepChecks {
  readonly step: Step
  /** The template that it is about; undefined for the steps of the whole org. */
  readonly template: string | undefined
  readonly checks: readonly Check[]
}

/** Kinds of checks that are told with a step of another name. */
const others: ReadonlyMap<string, Step> = new Map([
  ['counting', 'results'],
  ['templates', 'template'],
])

/** `integration.campaign:welcome_email` is about a template. */
function placeOf(id: string): { readonly step: Step; readonly template: string | undefined } {
  const [name = '', template] = id.split(':')
  if (template !== undefined) return { step: 'template', template }
  const kind = name.split('.')[0] ?? ''
  const step = steps.find((each) => each === kind) ?? others.get(kind)
  return { step: step ?? 'set-aside', template: undefined }
}

/** One entry per step and template. Checks of a kind that this page does not know are the last step's. */
export function groupChecks(checks: readonly Check[]): StepChecks[] {
  const groups = new Map<string, StepChecks & { checks: Check[] }>()
  for (const check of checks) {
    const place = placeOf(check.id)
    const key = `${place.step} ${place.template ?? ''}`
    const group = groups.get(key) ?? { ...place, checks: [] }
    group.checks.push(check)
    groups.set(key, group)
  }
  return [...groups.values()].sort((a, b) => steps.indexOf(a.step) - steps.indexOf(b.step))
}

/** Broken before waiting before ok: the state of a step is that of its worst check. */
export function worstOf(checks: readonly Check[]): Check['state'] {
  if (checks.some(({ state }) => state === 'broken')) return 'broken'
  return checks.some(({ state }) => state === 'waiting') ? 'waiting' : 'ok'
}

const titles: Readonly<Record<Step, string>> = {
  customerio: 'Key of Customer.io',
  keys: 'Key of JustAI',
  webhook: 'Reporting webhook',
  traffic: 'What arrives',
  template: 'Template',
  results: 'Results',
  'set-aside': 'What could not be read',
}

/** `names` of the templates, by id. */
export function titleOf({ step, template }: StepChecks, names: ReadonlyMap<string, string>): string {
  if (template !== undefined) return `${titles[step]}: ${names.get(template) ?? template}`
  return step === 'template' ? 'Templates' : titles[step]
}
