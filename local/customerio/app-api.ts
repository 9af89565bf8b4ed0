// The part of Customer.io's App API that an integration needs, over one account: workspaces, campaigns and their actions,
// messages, reporting webhooks. Answers have the shapes that Customer.io describes.
import { findNumber, type Json, textAt } from '../json.ts'
import { type Account, type Campaign, campaignResource } from './account.ts'
import { type AppAnswer, type AppRequest, refusal } from './app-answer.ts'
import { answerWebhooks } from './webhook-api.ts'

const ACTIONS_A_PAGE = 10
const MESSAGES_A_PAGE = 50
const MOST_MESSAGES = 1_000
const SIX_MONTHS_SECONDS = 182 * 86_400

const ok = (body: Json): AppAnswer => ({ status: 200, body })

/** Answers one request whose key is good. */
export const answerApp = (account: Account, request: AppRequest): AppAnswer => {
  const [version, noun = '', id, sub, subId] = request.path.split('/').slice(1).map(decodeURIComponent)
  if (version !== 'v1') return refusal(404, 'not found')
  if (noun === 'reporting_webhooks') return answerWebhooks(account, request, id)
  if (request.method !== 'GET') return refusal(405, 'method not allowed')
  if (noun === 'workspaces' && id === undefined) return ok({ workspaces: account.workspaces })
  if (noun !== 'campaigns') return refusal(404, 'not found')
  const own = account.campaigns.filter(({ workspace }) => workspace === request.workspace)
  if (id === undefined) return ok({ campaigns: own.map(campaignResource) })
  if (!/^\d+$/.test(id)) return refusal(400, 'invalid campaign id')
  const campaign = own.find(({ resource }) => textAt(resource, 'id') === id)
  if (campaign === undefined) return refusal(404, 'campaign not found')
  if (sub === undefined) return ok({ campaign: campaignResource(campaign) })
  if (sub === 'actions') return answerActions(campaign, request, subId)
  return sub === 'messages' && subId === undefined ? answerMessages(account, id, request) : refusal(404, 'not found')
}

const answerActions = ({ actions }: Campaign, { query }: AppRequest, actionId: string | undefined): AppAnswer => {
  if (actionId !== undefined) {
    const action = actions.find((each) => textAt(each, 'id') === actionId)
    return action === undefined ? refusal(404, 'action not found') : ok({ action })
  }
  const { page, next } = pageOf(actions, query.get('start'), ACTIONS_A_PAGE)
  return ok({ actions: page, next })
}

/** The times filter on when a message was made, not on when it was sent. */
const answerMessages = (account: Account, campaignId: string, request: AppRequest): AppAnswer => {
  const { query, workspace, nowSeconds } = request
  const limit = Number(query.get('limit') ?? MESSAGES_A_PAGE)
  const from = Number(query.get('start_ts') ?? nowSeconds - SIX_MONTHS_SECONDS)
  const to = Number(query.get('end_ts') ?? nowSeconds)
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_MESSAGES) return refusal(400, 'invalid limit')
  if (!Number.isInteger(from) || !Number.isInteger(to)) return refusal(400, 'invalid time')
  const found = [...account.messages.values()].filter(
    (message) =>
      message.workspace === workspace &&
      findNumber(message.resource, 'campaign_id') === Number(campaignId) &&
      message.createdSeconds >= from &&
      message.createdSeconds <= to &&
      (query.get('type') ?? textAt(message.resource, 'type')) === textAt(message.resource, 'type') &&
      (query.get('metric') === null || message.metrics[query.get('metric') ?? ''] !== undefined),
  )
  const { page, next } = pageOf(found, query.get('start'), limit)
  return ok({
    messages: page.map(({ resource, createdSeconds, metrics }) => ({
      ...resource,
      created: createdSeconds,
      metrics: { created: createdSeconds, ...metrics },
    })),
    next,
  })
}

/** `next` is opaque to callers, and empty on the last page. */
const pageOf = <T>(items: readonly T[], start: string | null, size: number): { page: T[]; next: string } => {
  const from = start === null ? 0 : Number(Buffer.from(start, 'base64url').toString('utf8'))
  const page = Number.isInteger(from) && from >= 0 ? items.slice(from, from + size) : []
  const end = from + page.length
  return { page, next: page.length > 0 && end < items.length ? Buffer.from(String(end)).toString('base64url') : '' }
}
