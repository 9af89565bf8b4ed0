// A backfill fills gaps and changes nothing where the webhook spoke, whatever arrives first.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deliveryIdSchema } from '../../../contract/ids.ts'
import { sendMetrics } from '../../../contract/reporting-event.ts'
import { preferWebhook } from '../../../lambdas/domain/events/prefer-webhook.ts'
import { type DeliveryEvent, placeOutcomes } from '../../../lambdas/domain/measuring/place-outcomes.ts'
import { deliveryEvent, human } from '../../support/placed.ts'

const backfilled = (event: DeliveryEvent): DeliveryEvent => {
  const { journeyId: _unknownToTheAppApi, ...rest } = event
  return { ...rest, eventId: `backfill-${event.metric}`, backfilled: true }
}
const place = (messages: readonly DeliveryEvent[]) =>
  placeOutcomes({ subjectId: deliveryIdSchema.parse('d1'), messages, serves: [], customs: [] }, 'id')

const eventsArbitrary = fc
  .uniqueArray(fc.record({ metric: fc.constantFrom(...sendMetrics), second: fc.nat(1_000) }), {
    minLength: 1,
    maxLength: 8,
    selector: ({ metric }) => metric,
  })
  .map((drafts) => drafts.map(({ metric, second }) => deliveryEvent(metric, second, { journeyId: 'j' })))

describe('with a backfill', () => {
  it('outcomes are those of the webhook alone wherever it told everything', () => {
    fc.assert(
      fc.property(eventsArbitrary, fc.nat(), (events, seed) => {
        const both = [...events, ...events.map(backfilled)].toSorted((a, b) => hash(a, seed) - hash(b, seed))
        expect(place(both)).toEqual(place(events))
      }),
      { seed: 5_101, numRuns: 300, verbose: true },
    )
  })

  it('outcomes are those of the whole webhook where either told each thing, but for the journey that only it knows', () => {
    fc.assert(
      fc.property(eventsArbitrary, fc.nat(255), (events, lost) => {
        const told = events.filter((_, at) => (lost >> at) % 2 === 0)
        const both = [...told, ...events.map(backfilled)]
        const withoutJourney = (messages: readonly DeliveryEvent[]) =>
          place(messages.map(({ journeyId: _journey, ...event }) => event))
        expect(withoutJourney(both)).toEqual(withoutJourney(events))
      }),
      { seed: 5_102, numRuns: 300, verbose: true },
    )
  })

  it('every open of the webhook is counted, and none of the backfill beside them', () => {
    const opens = [10, 20, 30].map((second) => deliveryEvent('opened', second))
    const [placed] = place([deliveryEvent('sent', 0), ...opens, backfilled(deliveryEvent('opened', 10))])
    expect(placed?.outcome).toMatchObject({ openedEvents: 3, events: 4 })
  })
})

describe('an open or a click by a person', () => {
  const byMachine = { machine: { ...human, prefetched: true } }
  const metricsOf = (...events: DeliveryEvent[]) => {
    const [placed] = place([deliveryEvent('sent', 0), ...events])
    return placed?.outcome.kind === 'send' ? placed.outcome.metrics : []
  }

  it.each(['opened', 'clicked'])('is filled in where the webhook told only of a machine: %s', (metric) => {
    const webhook = deliveryEvent(metric, 10, {
      machine: { ...human, prefetched: true, machine: metric === 'clicked' },
    })
    expect(metricsOf(webhook)).not.toContain(`human_${metric}`)
    expect(metricsOf(webhook, backfilled(deliveryEvent(metric, 60)))).toContain(`human_${metric}`)
  })

  it('is not made of one of a machine whose kind the App API does not know', () => {
    expect(metricsOf(deliveryEvent('opened', 10, byMachine), backfilled(deliveryEvent('opened', 10)))).toEqual([
      'opened',
      'sent',
    ])
  })

  it('and what a machine did are counted once each, told by the webhook or not', () => {
    const told = [deliveryEvent('opened', 10, byMachine), deliveryEvent('opened', 60)]
    const filled = [backfilled(deliveryEvent('opened', 10, byMachine)), backfilled(deliveryEvent('opened', 60))]
    const [both] = place([deliveryEvent('sent', 0), ...told, ...filled])
    expect(both?.outcome).toMatchObject({ openedEvents: 2, events: 3 })
  })
})

it('without a backfill nothing is looked at twice', () => {
  const events = [deliveryEvent('sent', 0)]
  expect(preferWebhook(events)).toBe(events)
})

function hash({ eventId }: DeliveryEvent, seed: number): number {
  return [...`${eventId}${seed}`].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 7)
}
