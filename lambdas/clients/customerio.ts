// Customer.io's App API, the calls that the service makes. Answers are read leniently: an entry of a list that cannot be
// read is left out.
import * as z from 'zod/mini'
import {
  type Campaign,
  type CampaignAction,
  type CampaignMessage,
  campaignActionSchema,
  campaignMessageSchema,
  campaignSchema,
  type ReportingWebhook,
  reportingWebhookSchema,
  type WebhookSettings,
  type Workspace,
  workspaceSchema,
} from '../../contract/customerio.ts'
import { maxCustomerioPages } from '../../contract/limits.ts'
import { CioFailure } from '../domain/health/cio-failure.ts'
import { askCustomerio, type CioHttpDeps } from './customerio-http.ts'

export interface MessagesQuestion {
  readonly campaignId: string
  /** When the messages were made, unix seconds, both included. */
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly limit: number
  /** `next` of the page before. */
  readonly start?: string | undefined
}

export interface MessagesPage {
  readonly messages: readonly CampaignMessage[]
  readonly next?: string | undefined
}

/** Every call throws CioFailure when it goes wrong; one that finds answers undefined for what is not there. */
export interface CustomerioApi {
  /** All workspaces of the account: proves the key, not which workspace it belongs to. */
  listWorkspaces(): Promise<Workspace[]>
  listCampaigns(): Promise<Campaign[]>
  findCampaign(campaignId: string): Promise<Campaign | undefined>
  listActions(campaignId: string): Promise<CampaignAction[]>
  listReportingWebhooks(): Promise<ReportingWebhook[]>
  createReportingWebhook(settings: WebhookSettings): Promise<ReportingWebhook>
  updateReportingWebhook(webhookId: string, settings: WebhookSettings): Promise<ReportingWebhook>
  readMessages(question: MessagesQuestion): Promise<MessagesPage>
}

export function makeCustomerio(deps: CioHttpDeps): CustomerioApi {
  const get = (path: string, query: Record<string, string | undefined> = {}) =>
    askCustomerio(deps, { method: 'GET', path, query })
  const webhooks = '/v1/reporting_webhooks'
  return {
    listWorkspaces: async () => listIn(await get('/v1/workspaces'), 'workspaces', workspaceSchema),
    listCampaigns: async () => listIn(await get('/v1/campaigns'), 'campaigns', campaignSchema),
    async findCampaign(campaignId) {
      try {
        const answer = await get(`/v1/campaigns/${encodeURIComponent(campaignId)}`)
        return parsed(answer, z.object({ campaign: campaignSchema })).campaign
      } catch (error) {
        if (error instanceof CioFailure && error.code === 'missing') return undefined
        throw error
      }
    },
    async listActions(campaignId) {
      const actions: CampaignAction[] = []
      let start: string | undefined
      for (let page = 0; page < maxCustomerioPages; page++) {
        const answer = await get(`/v1/campaigns/${encodeURIComponent(campaignId)}/actions`, { start })
        actions.push(...listIn(answer, 'actions', campaignActionSchema))
        start = nextIn(answer)
        if (start === undefined) break
      }
      return actions
    },
    listReportingWebhooks: async () => listIn(await get(webhooks), 'reporting_webhooks', reportingWebhookSchema),
    createReportingWebhook: async (body) =>
      parsed(await askCustomerio(deps, { method: 'POST', path: webhooks, body }), reportingWebhookSchema),
    updateReportingWebhook: async (webhookId, body) => {
      const path = `${webhooks}/${encodeURIComponent(webhookId)}`
      return parsed(await askCustomerio(deps, { method: 'PUT', path, body }), reportingWebhookSchema)
    },
    async readMessages({ campaignId, fromSeconds, toSeconds, limit, start }) {
      const answer = await get(`/v1/campaigns/${encodeURIComponent(campaignId)}/messages`, {
        start_ts: String(fromSeconds),
        end_ts: String(toSeconds),
        limit: String(limit),
        start,
      })
      return { messages: listIn(answer, 'messages', campaignMessageSchema), next: nextIn(answer) }
    },
  }
}

/** @throws CioFailure `unreadable` */
function parsed<S extends z.ZodMiniType>(answer: unknown, schema: S): z.infer<S> {
  const result = schema.safeParse(answer)
  if (!result.success) throw new CioFailure('unreadable')
  return result.data
}

function listIn<S extends z.ZodMiniType>(answer: unknown, name: string, schema: S): z.infer<S>[] {
  const list = parsed(answer, z.record(z.string(), z.unknown()))[name]
  // An empty list may come as null.
  return parsed(list ?? [], z.array(z.unknown())).flatMap((entry) => {
    const result = schema.safeParse(entry)
    return result.success ? [result.data] : []
  })
}

/** Empty on the last page. */
function nextIn(answer: unknown): string | undefined {
  const { next } = parsed(answer, z.object({ next: z.optional(z.nullable(z.string())) }))
  return next === '' ? undefined : (next ?? undefined)
}
