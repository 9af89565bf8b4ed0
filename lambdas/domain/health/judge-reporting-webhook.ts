// The lights of the reporting webhook, from what Customer.io says there is and what was done about it.
import type { Finding } from '../../../contract/check.ts'
import type { ReportingWebhook } from '../../../contract/customerio.ts'
import { type CioFailure, explainFailure, isPassing } from './cio-failure.ts'
import { essentialEvents, neededEvents } from './plan-reporting-webhook.ts'

export interface WebhookFacts {
  /** Ours as it stands now; absent when there is none. */
  readonly webhook: ReportingWebhook | undefined
  readonly endpoint: string
  /** What was not as it should be before, in words that follow "The reporting webhook". */
  readonly drifts: readonly string[]
  readonly done: 'created' | 'mended' | 'nothing'
  readonly mayEnable: boolean
  /** Of the templates in use. */
  readonly keyMetrics: readonly string[]
}

const existsLight = { id: 'webhook.exists', title: 'Reporting webhook exists and calls us' } as const
const enabledLight = { id: 'webhook.enabled', title: 'Reporting webhook is enabled' } as const
const eventsLight = { id: 'webhook.events', title: 'The needed events are selected' } as const

/** Three lights: it exists with the right endpoint, it is enabled, and it has the events. */
export function judgeReportingWebhook(facts: WebhookFacts): Finding[] {
  const { webhook } = facts
  if (webhook !== undefined)
    return [judgeEndpoint(webhook, facts), judgeEnabled(webhook, facts), judgeEvents(webhook, facts)]
  const seen = 'Customer.io has no reporting webhook that calls us.'
  const waiting = { state: 'waiting', seen, what_to_do: 'Create it first.' } as const
  return [
    { ...existsLight, state: 'broken', seen, what_to_do: 'Create it here, with one click.' },
    { ...enabledLight, ...waiting },
    { ...eventsLight, ...waiting },
  ]
}

/** One light for all three, when Customer.io did not say. */
export function judgeWebhookFailure(failure: CioFailure): Finding[] {
  return [{ ...existsLight, state: isPassing(failure) ? 'waiting' : 'broken', ...explainFailure(failure) }]
}

function judgeEndpoint(webhook: ReportingWebhook, { endpoint, drifts, done }: WebhookFacts): Finding {
  const was = drifts.length > 0 ? ` It ${drifts.join(', it ')}.` : ''
  if (webhook.endpoint !== endpoint) {
    const seen = `The reporting webhook "${webhook.name}" does not call us.${was}`
    return { ...existsLight, state: 'broken', seen, what_to_do: `Set its endpoint to ${endpoint}, or mend it here.` }
  }
  const hasTwins = done === 'nothing' && drifts.some((drift) => drift.includes('twin'))
  if (hasTwins) {
    const what_to_do = 'Disable all but one at Customer.io, or mend it here.'
    return { ...existsLight, state: 'broken', seen: `More than one reporting webhook calls us.${was}`, what_to_do }
  }
  const did = {
    created: ' It was created just now.',
    mended: drifts.length > 0 ? ` Before it was mended just now: it ${drifts.join(', it ')}.` : '',
    nothing: '',
  }[done]
  return {
    ...existsLight,
    state: 'ok',
    seen: `The reporting webhook "${webhook.name}" calls ${endpoint}.${did}`,
    what_to_do: '',
  }
}

function judgeEnabled(webhook: ReportingWebhook, { mayEnable }: WebhookFacts): Finding {
  if (!webhook.disabled) return { ...enabledLight, state: 'ok', seen: 'It is enabled.', what_to_do: '' }
  if (mayEnable) {
    const what_to_do = 'Enable it at Customer.io, or mend it here.'
    return { ...enabledLight, state: 'broken', seen: 'It is disabled, so it never fires.', what_to_do }
  }
  return {
    ...enabledLight,
    state: 'waiting',
    seen: 'It is disabled until its signing key is stored here.',
    what_to_do:
      'At Customer.io, open Data & Integrations, Integrations, Reporting Webhooks, JustAI; copy its signing key, store it here, and come back to enable it.',
  }
}

function judgeEvents({ events }: ReportingWebhook, { keyMetrics }: WebhookFacts): Finding {
  const missing = neededEvents.filter((event) => !events.includes(event))
  if (missing.length === 0) {
    const seen = `All ${neededEvents.length} events that are measured are selected.`
    return { ...eventsLight, state: 'ok', seen, what_to_do: '' }
  }
  const essential = essentialEvents(events, keyMetrics).filter((event) => !events.includes(event))
  const others = missing.filter((event) => !essential.includes(event))
  const unmeasured = others.length === 0 ? '' : ` Not selected either, and so not measured: ${named(others)}.`
  if (essential.length > 0) {
    const seen = `${essential.length} events that results need are not selected: ${named(essential)}.${unmeasured}`
    return { ...eventsLight, state: 'broken', seen, what_to_do: 'Select them at Customer.io, or mend it here.' }
  }
  return {
    ...eventsLight,
    state: 'ok',
    seen: `The events that results need are selected. Not selected, and so not measured: ${named(others)}.`,
    what_to_do: '',
  }
}

function named(events: readonly string[]): string {
  return `${events.slice(0, 10).join(', ')}${events.length > 10 ? ` and ${events.length - 10} more` : ''}`
}
