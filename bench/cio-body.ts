// A reporting webhook as Customer.io sends one for a message of a campaign: about 700 bytes.

export interface CioFacts {
  readonly eventId: string
  readonly channel: 'email' | 'webhook'
  readonly metric: string
  /** Whole seconds since 1970. */
  readonly seconds: number
  readonly deliveryId: string
  readonly personId: string
  readonly journeyId: string
  readonly actionId: number
}

export function cioBody(facts: CioFacts): string {
  const { eventId, channel, metric, seconds, deliveryId, personId, journeyId, actionId } = facts
  const email = `person.${personId}@mail.example.com`
  return JSON.stringify({
    event_id: eventId,
    object_type: channel,
    metric,
    timestamp: seconds,
    data: {
      customer_id: personId,
      identifiers: { id: personId, email, cio_id: `d9c10600${personId.padStart(10, '0')}` },
      delivery_id: deliveryId,
      action_id: actionId,
      parent_action_id: 39,
      campaign_id: 23,
      journey_id: journeyId,
      trigger_event_id: `01JD5R8MZQ${journeyId.slice(-16)}`,
      content_id: 1187,
      template_id: 902,
      workspace_id: 118_342,
      ...(channel === 'email'
        ? emailData(email, metric)
        : { webhook_url: 'https://api.example.com/api/generate/acme' }),
    },
  })
}

function emailData(email: string, metric: string) {
  const followed = { href: 'https://shop.example.com/welcome', link_id: 7 }
  return {
    recipient: email,
    subject: 'Welcome aboard: your first order ships free this week',
    from: 'Acme <hello@acme.example.com>',
    message_id: `<${email.replace('@', '.')}.20261124@mta.customeriomail.com>`,
    ...((metric === 'clicked' || metric === 'converted') && followed),
  }
}

/** Ids of the lengths that Customer.io gives: 28 letters for a delivery, 26 for an event or a journey. */
export function idOf(kind: 'delivery' | 'event' | 'journey', number: number): string {
  const digits = String(number)
  if (kind === 'delivery') return `RPILAgABcRhIBqSp7${digits.padStart(11, '0')}`
  return `${kind === 'event' ? '01E4C8BES5XT87' : '01JD5R8MZQK3VN'}${digits.padStart(12, '0')}`
}
