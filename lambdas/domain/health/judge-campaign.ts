// Whether the campaign at Customer.io is what a template's integration says: it runs, its webhook action calls us as it
// must, and the control messages are there. Shows no header's value.
import * as z from 'zod/mini'
import type { Finding } from '../../../contract/check.ts'
import type { Campaign, CampaignAction } from '../../../contract/customerio.ts'
import type { Integration } from '../../../contract/integration.ts'
import { shownAddress } from './plan-reporting-webhook.ts'

export interface CampaignFacts {
  readonly integration: Pick<Integration, 'templateId' | 'webhookActionIds' | 'controlActionIds' | 'treatmentActionIds'>
  readonly campaignId: string
  readonly campaign: Campaign | undefined
  readonly actions: readonly CampaignAction[]
  /** Our address for this org's copy, whole. */
  readonly generateUrl: string
}

const campaignLight = { id: 'integration.campaign', title: 'Campaign exists and runs' } as const
const actionLight = { id: 'integration.action', title: 'Webhook action calls us' } as const
const controlLight = { id: 'integration.messages', title: 'Control and treatment messages exist' } as const

/** Three lights: the campaign, its webhook action, its messages. */
export function judgeCampaign(facts: CampaignFacts): Finding[] {
  const { campaign, campaignId } = facts
  if (campaign === undefined) {
    const waiting = {
      state: 'waiting',
      seen: 'The campaign was not found.',
      what_to_do: 'See to the campaign first.',
    } as const
    return [
      {
        ...campaignLight,
        state: 'broken',
        seen: `The workspace of the App API key has no campaign ${campaignId}.`,
        what_to_do:
          'Check the Campaign ID, and that the App API key was created in the workspace that holds the campaign.',
      },
      { ...actionLight, ...waiting },
      { ...controlLight, ...waiting },
    ]
  }
  return [judgeRunning(campaign), judgeActions(facts), judgeMessages(facts)]
}

function judgeRunning({ id, name, state, active }: Campaign): Finding {
  const called = `Campaign ${id}${name ? ` "${name}"` : ''}`
  if (state === 'running' || (state === undefined && active === true)) {
    return { ...campaignLight, state: 'ok', seen: `${called} is running.`, what_to_do: '' }
  }
  return {
    ...campaignLight,
    state: 'waiting',
    seen: `${called} is ${state ?? 'not active'}.`,
    what_to_do: 'Start it at Customer.io when everything else is ready.',
  }
}

function judgeActions({ integration, actions, generateUrl }: CampaignFacts): Finding {
  const { webhookActionIds, templateId } = integration
  if (webhookActionIds.length === 0) {
    const calling = actions.filter((action) => shownUrl(action) === shownAddress(generateUrl)).map(({ id }) => id)
    const hint = calling.length > 0 ? ` Action ${calling.join(', ')} calls us.` : ''
    const what_to_do = 'Save the Webhook Action ID in the template’s integration settings.'
    return { ...actionLight, state: 'waiting', seen: `No Webhook Action ID is saved.${hint}`, what_to_do }
  }
  const faults = webhookActionIds.flatMap((id) => faultsOf(id, actions, generateUrl, templateId))
  if (faults.length === 0) {
    const seen = `Action ${webhookActionIds.join(', ')} posts to us with a key.`
    return { ...actionLight, state: 'ok', seen, what_to_do: '' }
  }
  const what_to_do = 'Set it up at Customer.io as the template’s integration page shows.'
  return { ...actionLight, state: 'broken', seen: faults.join(' '), what_to_do }
}

function faultsOf(id: string, actions: readonly CampaignAction[], generateUrl: string, templateId: string): string[] {
  const action = actions.find((each) => each.id === id)
  if (action === undefined) return [`The campaign has no action ${id}.`]
  if (action.type !== 'webhook') return [`Action ${id} is of type ${action.type ?? 'unknown'}, not webhook.`]
  const url = shownUrl(action)
  const headers = readHeaders(action.headers)
  const body = typeof action.body === 'string' ? action.body : undefined
  return [
    ...(url === shownAddress(generateUrl) ? [] : [`Action ${id} calls ${url}, not ${generateUrl}.`]),
    ...(action.method?.toLowerCase() === 'post'
      ? []
      : [`Action ${id} uses ${action.method?.toUpperCase() ?? 'no method'}, not POST.`]),
    ...(headers.get('x-api-key') ? [] : [`Action ${id} sends no X-Api-Key header.`]),
    ...(headers.get('content-type')?.includes('json') ? [] : [`Action ${id} does not say that it sends JSON.`]),
    ...(body === undefined || namesTemplate(body, templateId)
      ? []
      : [`The body of action ${id} does not name ${templateId}.`]),
    ...(action.sending_state === 'automatic' || !action.sending_state
      ? []
      : [`Action ${id} is set to "${action.sending_state}", so it does not send.`]),
  ]
}

/** As a word of its own: `welcome_email` does not name `welcome`. */
function namesTemplate(body: string, templateId: string): boolean {
  return body.split(/[^A-Za-z0-9_]+/).includes(templateId)
}

function judgeMessages({ integration, actions }: CampaignFacts): Finding {
  const { controlActionIds, treatmentActionIds } = integration
  const named = [...controlActionIds, ...treatmentActionIds]
  const typeById = new Map(actions.map(({ id, type }) => [id, type ?? 'unknown']))
  const missing = named.filter((id) => !typeById.has(id))
  const calls = named.filter((id) => typeById.get(id) === 'webhook')
  const faults = [
    ...(missing.length > 0 ? [`The campaign has no action ${missing.join(', ')}.`] : []),
    ...(calls.length > 0 ? [`Action ${calls.join(', ')} is a webhook, not a message.`] : []),
  ]
  if (faults.length > 0) {
    const what_to_do = 'Correct the Control and Treatment Action IDs in the template’s integration settings.'
    return { ...controlLight, state: 'broken', seen: faults.join(' '), what_to_do }
  }
  const seen = controlActionIds.length > 0 ? `The campaign has the control message ${controlActionIds.join(', ')}.` : ''
  return { ...controlLight, state: 'ok', seen: seen || 'No control message is named; none is needed.', what_to_do: '' }
}

function shownUrl({ url }: CampaignAction): string {
  return shownAddress(url ?? '')
}

const headersSchema = z.array(z.object({ name: z.string(), value: z.string() }))

/** By lower-case name. Customer.io gives them as JSON text. */
function readHeaders(text: string | null | undefined): Map<string, string> {
  try {
    const headers = headersSchema.parse(JSON.parse(text ?? '[]'))
    return new Map(headers.map(({ name, value }) => [name.toLowerCase(), value.trim()]))
  } catch {
    return new Map()
  }
}
