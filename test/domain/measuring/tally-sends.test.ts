// What limits leave out of counting is never left out silently: every send that it may concern says so.
import { describe, expect, test } from 'vitest'
import { deliveryIdSchema } from '../../../contract/ids.ts'
import {
  maxEventNames,
  maxPersonEvents,
  maxPinnedBytes,
  maxPinnedEvents,
  maxPinnedPerName,
} from '../../../contract/limits.ts'
import type { EventFact, Send, Served } from '../../../contract/outcome.ts'
import { metricsInForce } from '../../../lambdas/domain/measuring/metric-rules.ts'
import { placeOutcomes } from '../../../lambdas/domain/measuring/place-outcomes.ts'
import { tallySends } from '../../../lambdas/domain/measuring/tally-sends.ts'
import { ann, deliveryEvent, send, served, serveEvent, startMs, templateId } from '../../support/placed.ts'

const metrics = metricsInForce(undefined)
const events = (count: number, nameOf: (at: number) => string = () => 'purchase'): EventFact[] =>
  Array.from({ length: count }, (_, at) => ({
    id: `files#id#${String(at).padStart(6, '0')}`,
    name: nameOf(at),
    atMs: startMs + 5_000 + at,
  }))
const mapped = (more: Partial<Send> = {}) => ({
  placed: send(0, { templateId, arm: 'control', ...more }),
  serve: undefined,
})

/** What a send of the person becomes. */
function tallied(
  own: readonly EventFact[],
  more: Partial<Send> = {},
  serves: Partial<Served>[] = [],
): Send | undefined {
  const standing = serves.map((each, at) => served(at, each))
  return tallySends([mapped(more)], standing, new Map([[ann, own]]), metrics)[0]?.outcome
}

describe('of one person', () => {
  test(`${maxPersonEvents} events are counted and nothing is said`, () => {
    const outcome = tallied(events(maxPersonEvents))
    expect(outcome?.tallies).toMatchObject([{ events: maxPersonEvents }])
    expect(outcome?.cut).toBeUndefined()
  })

  test('more are not counted, and every send of a template says so', () => {
    expect(tallied(events(maxPersonEvents + 1))).toMatchObject({ cut: true, tallies: [{ events: maxPersonEvents }] })
    const unmapped = { placed: send(0, { deliveryId: deliveryIdSchema.parse('d2') }), serve: undefined }
    const customs = new Map([[ann, events(maxPersonEvents + 1)]])
    expect(tallySends([mapped(), unmapped], [], customs, metrics).map(({ outcome }) => outcome.cut)).toEqual([
      true,
      undefined,
    ])
  })
})

test(`a send counts ${maxEventNames} names, the first by alphabet, and says so when it has more`, () => {
  const names = (count: number) => events(count, (at) => `n${String((at * 7) % count).padStart(2, '0')}`)
  const full = tallied(names(maxEventNames))
  expect([full?.tallies?.length, full?.cut]).toEqual([maxEventNames, undefined])
  const over = tallied(names(maxEventNames + 1))
  expect(over?.cut).toBe(true)
  expect(over?.tallies?.map(({ name }) => name)).toEqual(full?.tallies?.map(({ name }) => name))
})

describe('beside a delivery or a serve', () => {
  const placed = (customs: readonly EventFact[]) => {
    const messages = [deliveryEvent('sent', 0)]
    const serves = [serveEvent(0)]
    const [sent, serve] = placeOutcomes({ subjectId: 'd1', messages, serves, customs }, 'id').map(
      ({ outcome }) => outcome,
    )
    return [sent, serve].flatMap((one) => (one?.kind === 'send' || one?.kind === 'serve' ? [one] : []))
  }

  test(`the ${maxPinnedPerName} earliest of each name are kept, so that a loud one leaves room for the others`, () => {
    const loud = [...events(maxPinnedPerName + 30, () => 'viewed'), ...events(maxPinnedPerName)].toReversed()
    const outcomes = placed(loud)
    expect(outcomes).toHaveLength(2)
    for (const { pinned = [], more } of outcomes) {
      expect(more).toBe(true)
      expect(pinned.filter(({ name }) => name === 'purchase')).toHaveLength(maxPinnedPerName)
      const viewed = pinned.filter(({ name }) => name === 'viewed').map(({ atMs }) => atMs - startMs - 5_000)
      expect(viewed).toEqual(Array.from({ length: maxPinnedPerName }, (_, at) => at))
    }
    for (const { more } of placed(events(maxPinnedPerName))) expect(more).toBeUndefined()
  })

  test(`at most ${maxPinnedEvents} are kept in all, and none that would make the item too large`, () => {
    const many = events(maxPinnedEvents * 2, (at) => `name ${at}`)
    const [outcome] = placed(many)
    expect([outcome?.pinned?.length, outcome?.more]).toEqual([maxPinnedEvents, true])
    const largest = many.slice(0, 40).map((fact) => ({ ...fact, trackingId: '\u20ac'.repeat(512) }))
    const [bounded] = placed(largest)
    expect(bounded?.more).toBe(true)
    expect(bounded?.pinned?.length).toBeGreaterThan(10)
    expect(Buffer.byteLength(JSON.stringify(bounded?.pinned))).toBeLessThan(maxPinnedBytes + 100)
  })

  test('an event that two serves of one name hold counts once', () => {
    expect(tallied([], {}, [{ pinned: events(2) }, { pinned: events(2) }])?.tallies).toMatchObject([{ events: 2 }])
    expect(tallied(events(1), {}, [{ pinned: events(2) }])?.tallies).toMatchObject([{ events: 2 }])
  })

  test('what is left out is told by the sends of the person', () => {
    expect(tallied([], { more: true })?.cut).toBe(true)
    expect(tallied([], {}, [{ more: true }])?.cut).toBe(true)
    expect(tallied([], {}, [{}])?.cut).toBeUndefined()
  })
})
