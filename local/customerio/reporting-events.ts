// The events that a reporting webhook can be subscribed to, as Customer.io lists them, and which one an event is.
import { type Json, textAt } from '../json.ts'

const METRICS: Readonly<Record<string, string>> = {
  email:
    'drafted attempted sent delivered opened clicked converted bounced dropped deferred spammed failed unsubscribed undeliverable',
  in_app: 'drafted attempted sent opened clicked converted failed undeliverable',
  push: 'drafted attempted sent delivered opened clicked converted bounced dropped failed undeliverable',
  slack: 'drafted attempted sent clicked converted failed',
  sms: 'drafted attempted sent delivered clicked converted bounced dropped failed undeliverable replied',
  whatsapp: 'drafted attempted sent delivered opened clicked converted bounced dropped failed undeliverable replied',
  webhook: 'drafted attempted sent clicked converted failed undeliverable',
}

export const REPORTING_EVENTS: ReadonlySet<string> = new Set([
  'customer_subscribed',
  'customer_unsubscribed',
  'customer_subscription_preferences_changed',
  ...Object.entries(METRICS).flatMap(([type, metrics]) => metrics.split(' ').map((metric) => `${type}_${metric}`)),
])

/** `email_sent` for an event of that type and metric. One name differs from its metric. */
export const subscriptionOf = (event: Json): string => {
  const metric = textAt(event, 'metric').replace(/^cio_(?=subscription_)/, '')
  return `${textAt(event, 'object_type')}_${metric}`
}
