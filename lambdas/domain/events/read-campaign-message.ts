// Turns a message of the App API into the reporting events that would have told the same. The App API knows each thing once
// per message, knows no journey, and tells machines from people only by when each of them came.
import { createHash } from 'node:crypto'
import type { CampaignMessage } from '../../../contract/customerio.ts'
import { sendMetrics } from '../../../contract/reporting-event.ts'

export interface EventsWanted {
  /** When it happened, unix seconds, both included. */
  readonly fromSeconds: number
  readonly toSeconds: number
  /** Subscribed events by Customer.io's names (`email_sent`); absent: all. */
  readonly selected?: ReadonlySet<string> | undefined
}

/** An event in the shape of a reporting webhook, marked as ours. */
export interface BackfilledEvent {
  readonly event_id: string
  readonly object_type: string
  readonly metric: string
  readonly timestamp: number
  readonly backfilled: true
  readonly data: Readonly<Record<string, unknown>>
}

/** The same message gives the same ids, however often it is read. */
export function readCampaignMessage(message: CampaignMessage, wanted: EventsWanted): BackfilledEvent[] {
  if (message.forgotten) return []
  const channel = message.type === 'twilio' ? 'sms' : (message.type ?? 'email')
  return happenings(message, channel)
    .filter(({ atSeconds }) => atSeconds >= wanted.fromSeconds && atSeconds <= wanted.toSeconds)
    .filter(({ metric }) => wanted.selected?.has(`${channel}_${metric}`) ?? true)
    .map(({ metric, atSeconds, machine }) => ({
      event_id: eventIdOf(message.id, machine ? `${metric} by a machine` : metric),
      object_type: channel,
      metric,
      timestamp: atSeconds,
      backfilled: true,
      data: { ...dataOf(message), ...(machine && { [metric === 'opened' ? 'prefetched' : 'machine']: true }) },
    }))
}

interface Happening {
  readonly metric: string
  readonly atSeconds: number
  readonly machine: boolean
}

function happenings({ metrics }: CampaignMessage, channel: string): Happening[] {
  const found = metrics ?? {}
  const names = channel === 'webhook' ? [...sendMetrics, 'attempted'] : sendMetrics
  return names.flatMap((metric) => {
    if (metric === 'opened' || metric === 'clicked') return engagement(found, metric)
    const atSeconds = secondsOf(found[metric])
    return atSeconds === undefined ? [] : [{ metric, atSeconds, machine: false }]
  })
}

/** By people and by machines, each at its own time; where the App API does not tell them apart, by people. */
function engagement(metrics: Readonly<Record<string, unknown>>, metric: 'opened' | 'clicked'): Happening[] {
  const human = secondsOf(metrics[`human_${metric}`])
  const machine = secondsOf(metrics[`prefetch_${metric}`])
  const either = secondsOf(metrics[metric])
  if (human === undefined && machine === undefined) {
    return either === undefined ? [] : [{ metric, atSeconds: either, machine: false }]
  }
  return [
    ...(human === undefined ? [] : [{ metric, atSeconds: human, machine: false }]),
    ...(machine === undefined ? [] : [{ metric, atSeconds: machine, machine: true }]),
  ]
}

/** Zero stands for never. */
function secondsOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined
}

function dataOf(message: CampaignMessage): Record<string, unknown> {
  const { id, email, cio_id } = message.customer_identifiers ?? {}
  const identifiers = { ...(id && { id }), ...(email && { email }), ...(cio_id && { cio_id }) }
  return {
    delivery_id: message.id,
    ...(message.campaign_id != null && { campaign_id: toNumber(message.campaign_id) }),
    ...(message.action_id != null && { action_id: toNumber(message.action_id) }),
    ...(message.parent_action_id != null && { parent_action_id: toNumber(message.parent_action_id) }),
    identifiers,
    ...(message.customer_id && { customer_id: message.customer_id }),
  }
}

/** Ids come as text or as numbers: the event is the same, so that a repeated run finds it again. */
function toNumber(id: string): number | string {
  const number = Number(id)
  return Number.isSafeInteger(number) && String(number) === id ? number : id
}

function eventIdOf(deliveryId: string, what: string): string {
  const digest = createHash('sha256').update(`${deliveryId}\n${what}`).digest('base64url')
  return `backfill-${digest.slice(0, 22)}`
}
