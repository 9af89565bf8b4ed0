// What became of every event of a delivery: each has one fate, whatever was stored, and none is called counted that is not.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeRecount } from '../../../lambdas/domain/health/judge-recount.ts'
import { showAccounts } from '../../../lambdas/domain/health/show-accounts.ts'
import {
  accountEvents,
  expectedOutcomes,
  type StoredMessage,
} from '../../../lambdas/domain/measuring/account-events.ts'
import { Accounts, accountDays, sumAccounts } from '../../../lambdas/domain/measuring/sum-accounts.ts'
import { deliveryEvent } from '../../support/placed.ts'

const settledMs = 1_000
const stored = (metric: string, second: number, more: Parameters<typeof deliveryEvent>[2] = {}): StoredMessage => ({
  event: deliveryEvent(metric, second, more),
  receivedAtMs: 0,
})
const fates = (messages: StoredMessage[], outcomes = expectedOutcomes(messages, 'id')) =>
  accountEvents(messages, expectedOutcomes(messages, 'id'), outcomes, settledMs)

describe('an event', () => {
  it('is counted with its send', () => {
    expect(fates([stored('sent', 0), stored('opened', 9)])).toEqual(['counted', 'counted'])
  })

  it('is unmatched without one', () => expect(fates([stored('opened', 9)])).toEqual(['unmatched']))

  it('is counted as a call where it is one, beside the message of the same delivery', () => {
    const call = stored('sent', 1, { channel: 'webhook' })
    expect(fates([call, stored('opened', 9)])).toEqual(['counted', 'unmatched'])
  })

  it('is told twice when a backfill tells it again', () => {
    expect(fates([stored('sent', 0), stored('sent', 0, { backfilled: true, eventId: 'b' })])).toEqual([
      'counted',
      'twice',
    ])
  })

  it('is counted nowhere when its outcome is missing, is made of fewer events, or stands elsewhere', () => {
    const messages = [stored('sent', 0), stored('opened', 9)]
    const [first] = expectedOutcomes(messages, 'id')
    const fewer = expectedOutcomes(messages.slice(0, 1), 'id')
    const elsewhere = first === undefined ? [] : [{ ...first, atMs: first.atMs + 1 }]
    for (const found of [[], fewer, elsewhere]) {
      expect(fates(messages, found)).toEqual(['unaccounted', 'unaccounted'])
    }
  })

  it('may be on its way while one of its delivery has just come', () => {
    const messages = [stored('sent', 0), { ...stored('opened', 9), receivedAtMs: settledMs }]
    expect(fates(messages, [])).toEqual(['pending', 'pending'])
  })
})

it('gives each event one fate: what is accepted is the sum of fates, on every day', () => {
  const seed = Date.now()
  console.log(`seed ${seed}`)
  const anyMessage = fc.record({
    metric: fc.constantFrom('sent', 'delivered', 'opened', 'clicked', 'bounced'),
    second: fc.nat(5),
    channel: fc.constantFrom('email', 'webhook'),
    backfilled: fc.boolean(),
    daysAgo: fc.nat(12),
  })
  fc.assert(
    fc.property(fc.array(anyMessage, { maxLength: 8 }), fc.nat(255), (drawn, kept) => {
      const messages = drawn.map(({ metric, second, channel, backfilled, daysAgo }, at) => ({
        event: deliveryEvent(metric, second, { channel, eventId: `e${at}`, ...(backfilled && { backfilled }) }),
        receivedAtMs: seed - daysAgo * 86_400_000,
      }))
      const expected = expectedOutcomes(messages, 'id')
      const found = expected.filter((_, at) => (kept >> at) % 2 === 1)
      const all = accountEvents(messages, expected, found, seed)
      const accounts = new Accounts(seed)
      for (const [at, { receivedAtMs }] of messages.entries()) accounts.add(receivedAtMs, all[at] ?? 'unaccounted')
      const days = accounts.list()
      for (const { day: _, accepted, ...each } of days) {
        expect(Object.values(each).reduce((sum, count) => sum + count, 0)).toBe(accepted)
      }
      expect(sumAccounts(days).accepted).toBe(messages.length)
      expect(days.length).toBeLessThanOrEqual(accountDays + 1)
      if (found.length === expected.length) expect(sumAccounts(days).unaccounted).toBe(0)
    }),
    { seed, numRuns: 300 },
  )
})

it('are told in the words of the wire, a day at a time, older ones together', () => {
  const nowMs = Date.parse('2026-11-25T01:02:00Z')
  const accounts = new Accounts(nowMs)
  const daysAgo = (days: number) => nowMs - days * 86_400_000
  accounts.add(daysAgo(0), 'pending')
  accounts.add(daysAgo(30), 'setAside')
  accounts.add(daysAgo(30), 'counted')
  for (const fate of ['twice', 'unmatched', 'unaccounted'] as const) accounts.add(daysAgo(31), fate)
  const none = { counted: 0, unmatched: 0, set_aside: 0, told_twice: 0, pending: 0, unaccounted: 0 }
  expect(showAccounts({ countedAtMs: nowMs, drift: 2, days: accounts.list() })).toEqual({
    counted_at: '2026-11-25T01:02:00.000Z',
    drift: 2,
    days: [
      { day: '2026-10-26', ...none, accepted: 2, counted: 1, set_aside: 1 },
      { day: '2026-11-25', ...none, accepted: 1, pending: 1 },
    ],
    earlier: { ...none, accepted: 3, told_twice: 1, unmatched: 1, unaccounted: 1 },
  })
})

describe('the light', () => {
  const day = { accepted: 9, counted: 5, unmatched: 2, setAside: 2, twice: 0, pending: 0, unaccounted: 0 }
  const judged = (more: object, drift = 0) =>
    judgeRecount({
      countedAtMs: Date.parse('2026-11-25T01:02:00Z'),
      drift,
      days: [{ day: '2026-11-24', ...day, ...more }],
    })

  it('says of all events what became of them', () => {
    const seen = 'Of 9 events accepted: 5 counted, 2 without a send, 2 set aside. (Counted again 2026-11-25 01:02 UTC.)'
    expect(judged({})).toMatchObject({ state: 'ok', seen })
  })

  it('is red for an event that is counted nowhere, and for a sum that is not one', () => {
    expect(judged({ accepted: 10, unaccounted: 1 })).toMatchObject({ state: 'broken' })
    expect(judged({}, 3)).toMatchObject({ state: 'broken', seen: expect.stringContaining('3 sums') })
  })

  it('waits for the first night', () => expect(judgeRecount(undefined)).toMatchObject({ state: 'waiting' }))
})
