// Reporting webhooks as the App API makes, lists and changes them. The signing key is never in an answer.
import { isRecord, type Json, type JsonRecord, listAt, textAt, textsAt } from '../json.ts'
import { type Account, makeSigningKey } from './account.ts'
import { type AppAnswer, type AppRequest, refusal } from './app-answer.ts'
import { REPORTING_EVENTS } from './reporting-events.ts'

/** Answers a request below `/v1/reporting_webhooks`. */
export const answerWebhooks = (account: Account, request: AppRequest, id: string | undefined): AppAnswer => {
  const { method, workspace, body } = request
  if (id === undefined && method === 'GET') {
    const own = [...account.webhooks.values()].filter((webhook) => webhook.workspace === workspace)
    return { status: 200, body: { reporting_webhooks: own.map(({ resource }) => resource) } }
  }
  if (id === undefined && method === 'POST') {
    const wrong = wrongIn(request)
    if (wrong !== undefined) return wrong
    const next = Math.max(0, ...account.webhooks.keys()) + 1
    const resource = resourceOf(next, isRecord(body) ? body : {}, {})
    account.webhooks.set(next, { workspace, signingKey: makeSigningKey(), resource })
    return { status: 200, body: resource }
  }
  if (id === undefined) return refusal(405, 'method not allowed')
  const number = Number(id)
  const webhook = account.webhooks.get(number)
  if (webhook === undefined || webhook.workspace !== workspace) return refusal(404, 'reporting webhook not found')
  if (method === 'GET') return { status: 200, body: webhook.resource }
  if (method === 'DELETE') {
    account.webhooks.delete(number)
    return { status: 200, body: {} }
  }
  if (method !== 'PUT') return refusal(405, 'method not allowed')
  const wrong = wrongIn(request)
  if (wrong !== undefined) return wrong
  const resource = resourceOf(number, isRecord(body) ? body : {}, webhook.resource)
  account.webhooks.set(number, { ...webhook, resource })
  return { status: 200, body: resource }
}

const wrongIn = ({ body }: AppRequest): AppAnswer | undefined => {
  const wrong = wrongMembers(body)
  if (wrong.length > 0) return refusal(400, `missing or malformed: ${wrong.join(', ')}`)
  const unknown = textsAt(body, 'events').filter((event) => !REPORTING_EVENTS.has(event))
  return unknown.length > 0 ? refusal(400, `unknown event: ${unknown.join(', ')}`) : undefined
}

const resourceOf = (id: number, given: JsonRecord, before: JsonRecord): JsonRecord => ({
  name: textAt(given, 'name'),
  id,
  type: 'webhook',
  endpoint: textAt(given, 'endpoint'),
  disabled: given.disabled ?? before.disabled ?? false,
  full_resolution: given.full_resolution ?? before.full_resolution ?? false,
  with_content: given.with_content ?? before.with_content ?? false,
  events: textsAt(given, 'events'),
})

/** Members of a body that must be there, of their kind. */
const wrongMembers = (body: Json | undefined): string[] => {
  if (!isRecord(body)) return ['body']
  const wrong = ['name', 'endpoint'].filter((name) => typeof body[name] !== 'string' || body[name] === '')
  const flags = ['disabled', 'full_resolution', 'with_content'].filter(
    (name) => body[name] !== undefined && typeof body[name] !== 'boolean',
  )
  return [...wrong, ...flags, ...(listAt(body, 'events').length === 0 ? ['events'] : [])]
}
