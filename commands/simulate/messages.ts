// One person's message as Customer.io and the customer's server would tell of it: the bodies to post, in the documented shapes,
// some with members missing that Customer.io may leave out.
import type { Deployment } from './deployment.ts'
import type { PurchaseEvent } from './files.ts'
import { chances, type Draw } from './planted.ts'
import type { Happening, Story } from './story.ts'

export interface Traveller {
  /** Unique over all runs. */
  readonly id: string
  readonly draw: Draw
  readonly sentAtSeconds: number
  /** What the message goes out by. */
  readonly actionId: number
}

export const callIdOf = ({ id }: Traveller): string => `call-${id}`

/** The webhook action's own call, which ties the copy to the path; it went out just before the message. */
export function callReport(to: Deployment, traveller: Traveller): object {
  const { id, sentAtSeconds } = traveller
  const data = { ...commonData(to, traveller), delivery_id: callIdOf(traveller), action_id: to.webhookActionId }
  return { event_id: `${id}-call`, object_type: 'webhook', metric: 'sent', timestamp: sentAtSeconds - 2, data }
}

export function reportsOf(to: Deployment, traveller: Traveller, { happenings }: Story): object[] {
  return happenings.map((happening, at) => reportOf(to, traveller, happening, at))
}

function reportOf(to: Deployment, traveller: Traveller, { metric, after, marks }: Happening, at: number): object {
  const { id, draw, sentAtSeconds, actionId } = traveller
  // What joins a send stands with `sent` and `delivered`; other events may lack it.
  const isBare = !['sent', 'delivered', 'dropped'].includes(metric) && draw('bareEngagement') < chances.bareEngagement
  const { journey_id, ...common } = commonData(to, traveller)
  const data = {
    ...common,
    ...(!isBare && { journey_id, action_id: actionId }),
    delivery_id: `mail-${id}`,
    recipient: `${id}@example.org`,
    ...(metric === 'clicked' && { href: 'https://example.org/shop', link_id: 1 }),
    ...marks,
  }
  return { event_id: `${id}-${at}`, object_type: 'email', metric, timestamp: sentAtSeconds + after, data }
}

function commonData({ campaignId }: Deployment, { id, draw }: Traveller) {
  const person = draw('deprecatedId') < chances.deprecatedId ? { customer_id: id } : { identifiers: { id } }
  return { ...person, campaign_id: campaignId, journey_id: `journey-${id}` }
}

/** Purchases, by person or by the message that was followed; some without an id of their own. */
export function purchaseEvents({ id, draw, sentAtSeconds }: Traveller, { purchases }: Story): PurchaseEvent[] {
  return purchases.map(({ after, cents }, at) => ({
    ...(draw(`named${at}`) < 0.7 && { event_id: `${id}-bought-${at}` }),
    name: 'purchase',
    ...(draw(`byDelivery${at}`) < 0.1 ? { delivery_id: `mail-${id}`, user_id: id } : { user_id: id }),
    timestamp: draw(`milliseconds${at}`) < 0.5 ? sentAtSeconds + after : (sentAtSeconds + after) * 1_000,
    value: (cents / 100).toFixed(2),
    currency: 'USD',
  }))
}
