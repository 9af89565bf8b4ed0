// The demo org's account at the stand-in for Customer.io: two workspaces, and campaign 23 connected as the setup document
// says. What a person would have made on Customer.io's pages.
import { neededEvents } from '../lambdas/domain/health/plan-reporting-webhook.ts'
import { webhookUrl } from '../lambdas/domain/settings/show-settings.ts'

export interface DemoAccountFacts {
  /** Where our API is. */
  readonly apiUrl: string
  readonly org: string
  readonly template: string
  /** A key of ours with the scope `generate`. */
  readonly apiKey: string
  /** Customer.io's App API keys: of the workspace that the demo uses, and of the other one. */
  readonly appApiKey: string
  readonly sandboxKey: string
  /** Of the reporting webhook; without one there is no reporting webhook. */
  readonly signingKey?: string
}

export const demoWorkspace = { id: '131313', name: 'Production' } as const
const sandbox = { id: '141414', name: 'Sandbox' } as const

const made = { created: 1_790_000_000, updated: 1_790_000_000 } as const

/** As the stand-in's control port takes it. */
export function demoAccount(facts: DemoAccountFacts): object {
  const { apiUrl, org, template, apiKey, appApiKey, sandboxKey, signingKey } = facts
  const webhookAction = {
    ...action(41, 'webhook', 'JustAI'),
    url: `${apiUrl}/api/generate/${org}`,
    method: 'post',
    headers: JSON.stringify([
      { name: 'X-Api-Key', value: apiKey },
      { name: 'Content-Type', value: 'application/json' },
    ]),
    body: `{"template_id":"${template}","user_id":"{{customer.id}}"}`,
  }
  const message = (id: number, name: string) => ({
    ...action(id, 'email', name),
    subject: 'Welcome',
    body: '<p>Hi</p>',
  })
  const workspaces = [demoWorkspace, sandbox].map((workspace) => ({
    ...workspace,
    messages_sent: 100_202,
    billable_messages_sent: 75_124,
    people: 25_666,
    object_types: 1,
    objects: 0,
  }))
  return {
    region: 'us',
    workspaces,
    keys: [
      { key: appApiKey, workspace: demoWorkspace.id },
      { key: sandboxKey, workspace: sandbox.id },
    ],
    campaigns: [
      { ...campaign(23, 'Welcome'), actions: [webhookAction, message(42, 'Control'), message(43, 'JustAI message')] },
      { ...campaign(24, 'Win back'), actions: [message(51, 'We miss you')] },
    ],
    ...(signingKey !== undefined && {
      reporting_webhooks: [{ ...reportingWebhook(apiUrl, org), signing_key: signingKey }],
    }),
  }
}

function reportingWebhook(apiUrl: string, org: string) {
  return {
    workspace: demoWorkspace.id,
    name: 'JustAI',
    endpoint: webhookUrl(apiUrl, org),
    disabled: false,
    full_resolution: false,
    with_content: false,
    events: [...neededEvents],
  }
}

function campaign(id: number, name: string) {
  return {
    workspace: demoWorkspace.id,
    id,
    deduplicate_id: `${id}:1790000000`,
    name,
    description: '',
    ...made,
    active: true,
    state: 'running',
    first_started: made.created,
    tags: [],
    trigger_segment_ids: [],
    filter_segment_ids: [],
  }
}

function action(id: number, type: string, name: string) {
  return {
    id,
    campaign_id: 23,
    parent_action_id: null,
    deduplicate_id: `${id}:1790000000`,
    name,
    layout: '',
    ...made,
    type,
    sending_state: 'automatic',
  }
}
