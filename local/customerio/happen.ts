// Lets something happen to a message at the stand-in: the message remembers it for the App API, and every reporting webhook
// that asked for it is called, signed as Customer.io signs. One attempt each; who drives it decides about another.
import { createHmac, randomBytes } from 'node:crypto'
import { at, findText, isRecord, type Json, type JsonRecord, recordAt, textAt } from '../json.ts'
import type { Account, Message, Webhook } from './account.ts'
import { subscriptionOf } from './reporting-events.ts'

/** `status` 0: no answer within four seconds, or no connection. */
export type Delivered = { readonly webhook: number; readonly status: number }

const TIMEOUT_MS = 4_000
/** Reported once per message unless the webhook asks for every time. */
const OFTEN = new Set(['opened', 'clicked'])

/** @returns the event as it was sent, and what each webhook answered. */
export const happen = async (
  account: Account,
  workspace: string,
  given: JsonRecord,
  deliver: boolean,
): Promise<{ event: JsonRecord; delivered: Delivered[] }> => {
  const event = { event_id: eventId(), ...given }
  const isFirst = remember(account, workspace, event)
  const wanted = [...account.webhooks].filter(
    ([, { resource, ...webhook }]) =>
      deliver &&
      webhook.workspace === workspace &&
      resource.disabled !== true &&
      (isFirst || resource.full_resolution === true) &&
      listOf(resource).includes(subscriptionOf(event)),
  )
  const delivered = wanted.map(async ([webhook, each]) => ({ webhook, status: await post(each, event) }))
  return { event, delivered: await Promise.all(delivered) }
}

const listOf = (resource: JsonRecord): readonly Json[] => (Array.isArray(resource.events) ? resource.events : [])

/** Whether this is the first time that it happens to the message. */
const remember = (account: Account, workspace: string, event: JsonRecord): boolean => {
  const deliveryId = findText(event, 'data', 'delivery_id')
  if (deliveryId === undefined) return true
  const metric = textAt(event, 'metric')
  const seconds = Number(textAt(event, 'timestamp'))
  const known = account.messages.get(deliveryId) ?? newMessage(workspace, deliveryId, event, seconds)
  const isFirst = !OFTEN.has(metric) || known.metrics[metric] === undefined
  const metrics = { ...known.metrics }
  for (const name of metricsOf(event, metric)) metrics[name] ??= seconds
  account.messages.set(deliveryId, { ...known, metrics })
  return isFirst
}

/** Opens and clicks are told apart by who did them. */
const metricsOf = (event: JsonRecord, metric: string): string[] => {
  if (!OFTEN.has(metric)) return [metric]
  const machine = ['prefetched', 'proxied', 'machine'].some((flag) => at(event, 'data', flag) === true)
  return [metric, `${machine ? 'prefetch' : 'human'}_${metric}`]
}

const newMessage = (workspace: string, id: string, event: JsonRecord, createdSeconds: number): Message => {
  const data = recordAt(event, 'data')
  const copied = ['action_id', 'parent_action_id', 'campaign_id', 'newsletter_id', 'broadcast_id', 'trigger_event_id']
  const identifiers = isRecord(data.identifiers) ? data.identifiers : {}
  const resource = {
    id,
    deduplicate_id: `${id}:${createdSeconds}`,
    type: textAt(event, 'object_type'),
    customer_id: findText(data, 'customer_id') ?? findText(identifiers, 'id') ?? null,
    customer_identifiers: identifiers,
    recipient: findText(data, 'recipient') ?? null,
    subject: findText(data, 'subject') ?? null,
    failure_message: findText(data, 'failure_message') ?? null,
    forgotten: false,
    ...Object.fromEntries(copied.map((name) => [name, data[name] ?? null])),
  }
  return { workspace, resource, createdSeconds, metrics: {} }
}

const post = async ({ resource, signingKey }: Webhook, event: JsonRecord): Promise<number> => {
  const body = JSON.stringify(event)
  const timestamp = String(Math.floor(Date.now() / 1_000))
  const signature = createHmac('sha256', signingKey).update(`v0:${timestamp}:${body}`).digest('hex')
  try {
    const answer = await fetch(textAt(resource, 'endpoint'), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Customer.io Reporting Webhooks (stand-in)',
        'x-cio-timestamp': timestamp,
        'x-cio-signature': signature,
      },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await answer.arrayBuffer()
    return answer.status
  } catch {
    return 0
  }
}

/** 26 characters of a ULID's alphabet. */
const eventId = (): string =>
  [...randomBytes(26)].map((byte) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[byte % 32] ?? '0').join('')
