// What outcomes the events of one delivery make, and where they stand.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { personsConcerned, placeOutcomes } from '../../../lambdas/domain/measuring/place-outcomes.ts'
import { deliveryEvent, human, serveEvent, startMs } from '../../support/placed.ts'

const only = (...messages: ReturnType<typeof deliveryEvent>[]) => ({
  subjectId: 'd1',
  messages,
  serves: [],
  customs: [],
})

describe('a send', () => {
  it('stands at its earliest sent, with the person and source of that event', () => {
    const late = deliveryEvent('sent', 9, { identifiers: { id: 'bob' } })
    const [placed, ...rest] = placeOutcomes(only(late, deliveryEvent('sent', 5), deliveryEvent('opened', 1)), 'id')
    expect(rest).toEqual([])
    expect(placed).toMatchObject({ person: 'id:ann', atMs: startMs + 5_000, subject: 'send:d1' })
    expect(placed?.outcome).toMatchObject({ kind: 'send', metrics: ['human_opened', 'opened', 'sent'], standIn: false })
  })

  it('stands at delivered when no sent came, counts as sent, and says so', () => {
    const [placed] = placeOutcomes(only(deliveryEvent('delivered', 7)), 'id')
    expect(placed?.outcome).toMatchObject({ kind: 'send', metrics: ['delivered', 'sent'], standIn: true })
  })

  it('is not made by engagement alone', () => {
    const [placed] = placeOutcomes(only(deliveryEvent('clicked', 7)), 'id')
    expect(placed).toMatchObject({ subject: 'unsent:d1', outcome: { kind: 'unsent' } })
  })

  it('is never made by a webhook call', () => {
    const [placed] = placeOutcomes(only(deliveryEvent('sent', 7, { channel: 'webhook' })), 'id')
    expect(placed).toMatchObject({ subject: 'action:d1', outcome: { kind: 'action', metrics: ['sent'] } })
  })

  it('is the same in whatever order its events came', () => {
    const events = [
      deliveryEvent('sent', 5),
      deliveryEvent('delivered', 6, { actionId: undefined }),
      deliveryEvent('opened', 7, { machine: { ...human, prefetched: true } }),
      deliveryEvent('sent', 3, { identifiers: { email: ' Ann@X.org ' } }),
    ]
    const expected = placeOutcomes(only(...events), 'id')
    const shuffled = fc.shuffledSubarray(events, { minLength: events.length })
    fc.assert(
      fc.property(shuffled, (order) => {
        expect(placeOutcomes(only(...order), 'id')).toEqual(expected)
      }),
    )
    expect(expected[0]?.person).toBe('email:ann@x.org')
  })

  it('of nobody stands by itself, so that two strangers are not one person', () => {
    const [placed] = placeOutcomes(only(deliveryEvent('sent', 5, { identifiers: {} })), 'id')
    expect(placed?.person).toBe('delivery:d1')
  })
})

describe('machine and human', () => {
  const opened = (flags: Partial<typeof human>) => deliveryEvent('opened', 6, { machine: { ...human, ...flags } })
  const clicked = (flags: Partial<typeof human>) => deliveryEvent('clicked', 7, { machine: { ...human, ...flags } })
  const metricsOf = (...events: ReturnType<typeof deliveryEvent>[]) => {
    const [placed] = placeOutcomes(only(deliveryEvent('sent', 5), ...events), 'id')
    return placed?.outcome.kind === 'send' ? placed.outcome.metrics : []
  }

  it.each([['prefetched'], ['proxied'], ['machine']] as const)('an open marked %s is no human one', (flag) => {
    expect(metricsOf(opened({ [flag]: true }))).toEqual(['opened', 'sent'])
  })

  it('an inferred open is as human as the click behind it', () => {
    expect(metricsOf(opened({ synthetic: true }), clicked({}))).toContain('human_opened')
    expect(metricsOf(opened({ synthetic: true }), clicked({ machine: true }))).not.toContain('human_opened')
  })

  it('one human open among machine ones is enough', () => {
    const later = deliveryEvent('opened', 8)
    expect(metricsOf(opened({ prefetched: true }), later)).toEqual(['human_opened', 'opened', 'sent'])
  })
})

describe('a serve', () => {
  const call = deliveryEvent('sent', 1, { channel: 'webhook', identifiers: { id: '42' }, journeyId: 'j' })

  it('stands with the person named and the person reported, and counts once', () => {
    const placed = placeOutcomes({ subjectId: 'd1', messages: [call], serves: [serveEvent(0)], customs: [] }, 'id')
    const serves = placed.filter(({ outcome }) => outcome.kind === 'serve')
    expect(serves.map(({ person, outcome }) => [person, outcome.kind === 'serve' && outcome.counted])).toEqual([
      ['id:ann', true],
      ['id:42', false],
    ])
    expect(serves.every(({ outcome }) => outcome.kind === 'serve' && outcome.journeyId === 'j')).toBe(true)
  })

  it('of nobody moves to the person that Customer.io reports the call for', () => {
    const { userId: _nobody, ...nameless } = serveEvent(0)
    const before = { subjectId: 'd1', messages: [], serves: [nameless], customs: [] }
    expect(placeOutcomes(before, 'id')[0]?.person).toBe('delivery:d1')
    const after = { subjectId: 'd1', messages: [call], serves: [nameless], customs: [] }
    expect(placeOutcomes(after, 'id').find(({ outcome }) => outcome.kind === 'serve')?.person).toBe('id:42')
    expect(personsConcerned(after, 'id')).toEqual(['delivery:d1', 'id:42'])
  })
})

it('every place that any part of the events could have made is among the persons concerned', () => {
  const pool = [
    deliveryEvent('sent', 5, { identifiers: { id: 'bob' } }),
    deliveryEvent('sent', 3, { identifiers: {} }),
    deliveryEvent('opened', 2, { identifiers: { email: 'c@x.org' } }),
    deliveryEvent('sent', 1, { channel: 'webhook', identifiers: { id: '42' } }),
  ]
  const { userId: _nobody, ...nameless } = serveEvent(0)
  const serves = fc.subarray([serveEvent(9), nameless])
  fc.assert(
    fc.property(fc.subarray(pool), serves, (messages, named) => {
      const all = new Set(
        personsConcerned({ subjectId: 'd1', messages: pool, serves: [serveEvent(9), nameless], customs: [] }, 'id'),
      )
      const placed = placeOutcomes({ subjectId: 'd1', messages, serves: named, customs: [] }, 'id')
      expect(placed.every(({ person }) => all.has(person))).toBe(true)
    }),
  )
})
