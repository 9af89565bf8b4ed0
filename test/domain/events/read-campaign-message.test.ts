// A message of the App API becomes the events that a reporting webhook would have sent, and nothing else.
import { describe, expect, it } from 'vitest'
import { campaignMessageSchema } from '../../../contract/customerio.ts'
import { classifyBody } from '../../../lambdas/domain/events/classify-body.ts'
import { type EventsWanted, readCampaignMessage } from '../../../lambdas/domain/events/read-campaign-message.ts'
import { readReportingEvent } from '../../../lambdas/domain/events/read-reporting-event.ts'

const always: EventsWanted = { fromSeconds: 0, toSeconds: 4_000_000_000 }
const message = (metrics: Record<string, unknown> | null, more: object = {}) =>
  campaignMessageSchema.parse({
    id: 'RPILAgUBcRhIBqSfeiIwdIYJKxTY',
    type: 'email',
    campaign_id: 23,
    action_id: 43,
    customer_id: '0200000001',
    customer_identifiers: { id: '42', email: 'ann@example.org', cio_id: 'd9c1' },
    recipient: 'ann@example.org',
    metrics,
    ...more,
  })
const brief = (events: ReturnType<typeof readCampaignMessage>) =>
  events.map(({ metric, timestamp, data }) => [metric, timestamp, data.prefetched ?? data.machine ?? false])

describe('reads', () => {
  it('each metric with its time, under the ids and the person that the webhook would have named', () => {
    const events = readCampaignMessage(
      message({ created: 1_790_000_000, sent: 1_790_000_001, converted: 1_790_000_009 }),
      always,
    )
    expect(brief(events)).toEqual([
      ['sent', 1_790_000_001, false],
      ['converted', 1_790_000_009, false],
    ])
    const reading = readReportingEvent({ ...events[0] })
    expect(reading).toMatchObject({
      ok: true,
      event: {
        backfilled: true,
        channel: 'email',
        deliveryId: 'RPILAgUBcRhIBqSfeiIwdIYJKxTY',
        source: 'campaign:23',
        actionId: '43',
        identifiers: { id: '42', email: 'ann@example.org', cioId: 'd9c1' },
      },
    })
  })

  it('ids that come as text as the same events that ids which are numbers make', () => {
    const metrics = { sent: 1_790_000_001, opened: 1_790_000_010 }
    const asText = { campaign_id: '23', action_id: '43', parent_action_id: '41' }
    const asNumbers = { campaign_id: 23, action_id: 43, parent_action_id: 41 }
    const events = readCampaignMessage(message(metrics, asText), always)
    expect(events).toHaveLength(2)
    expect(events).toEqual(readCampaignMessage(message(metrics, asNumbers), always))
  })

  it('opens and clicks by people and by machines apart, and by people where Customer.io does not tell', () => {
    const at = { human_opened: 1_790_000_030, prefetch_opened: 1_790_000_010, opened: 1_790_000_010 }
    expect(brief(readCampaignMessage(message({ ...at, clicked: 1_790_000_040 }), always))).toEqual([
      ['opened', 1_790_000_030, false],
      ['opened', 1_790_000_010, true],
      ['clicked', 1_790_000_040, false],
    ])
    const machineOnly = message({ clicked: 1_790_000_040, prefetch_clicked: 1_790_000_040 })
    expect(brief(readCampaignMessage(machineOnly, always))).toEqual([['clicked', 1_790_000_040, true]])
  })

  it('calls of a webhook action with their attempts, and text messages under the name that the webhook gives them', () => {
    const call = readCampaignMessage(
      message({ attempted: 1_790_000_001, sent: 1_790_000_002 }, { type: 'webhook' }),
      always,
    )
    expect(call.map(({ object_type, metric }) => `${object_type} ${metric}`)).toEqual([
      'webhook sent',
      'webhook attempted',
    ])
    expect(readCampaignMessage(message({ sent: 1 }, { type: 'twilio' }), always)).toMatchObject([
      { object_type: 'sms' },
    ])
  })

  it('the deprecated person only where no other is named', () => {
    const [event] = readCampaignMessage(message({ sent: 1_790_000_001 }, { customer_identifiers: null }), always)
    expect(readReportingEvent({ ...event })).toMatchObject({ ok: true, event: { identifiers: { id: '0200000001' } } })
  })
})

describe('leaves out', () => {
  it('what did not happen within the gap, both ends included', () => {
    const gap = { fromSeconds: 1_790_000_002, toSeconds: 1_790_000_003 }
    const metrics = { sent: 1_790_000_001, delivered: 1_790_000_002, opened: 1_790_000_003, clicked: 1_790_000_004 }
    expect(brief(readCampaignMessage(message(metrics), gap)).map(([metric]) => metric)).toEqual(['delivered', 'opened'])
  })

  it('what the reporting webhook was not asked for', () => {
    const selected = new Set(['email_sent', 'push_opened'])
    const events = readCampaignMessage(message({ sent: 1_790_000_001, opened: 1_790_000_002 }), { ...always, selected })
    expect(events.map(({ metric }) => metric)).toEqual(['sent'])
  })

  it('people who were forgotten, metrics that are no time, and messages that nothing happened to', () => {
    expect(readCampaignMessage(message({ sent: 1_790_000_001 }, { forgotten: true }), always)).toEqual([])
    expect(readCampaignMessage(message({ sent: 0, opened: 'soon', clicked: null, bounced: 1.5 }), always)).toEqual([])
    expect(readCampaignMessage(message(null), always)).toEqual([])
  })
})

it('gives the same message the same events, and no two of them the same id', () => {
  const metrics = { sent: 1_790_000_001, human_opened: 1_790_000_002, prefetch_opened: 1_790_000_003 }
  const first = readCampaignMessage(message(metrics), always)
  expect(readCampaignMessage(message(metrics), always)).toEqual(first)
  expect(new Set(first.map(({ event_id }) => event_id)).size).toBe(3)
  const digests = first.map((event) => classifyBody(Buffer.from(JSON.stringify(event))))
  expect(digests.every(({ kind }) => kind === 'event')).toBe(true)
})
