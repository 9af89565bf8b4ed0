// One path end to end, by HTTP only: copy out, webhooks in, exact results, for treatment and for control.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  breakService,
  cioEvent,
  type DemoStack,
  generate,
  generateWithRetries,
  heal,
  report,
  resultsWithin,
  startDemoStack,
} from '../support/local-stack.ts'

let stack: DemoStack
beforeAll(async () => {
  stack = await startDemoStack()
})
afterAll(() => stack?.local.stop())

/** Results must be visible this long after the last call. */
const visibleWithinMs = 5_000
const nowSeconds = Math.floor(Date.now() / 1000)

describe('the story of two people', () => {
  it('shows exactly what happened, per arm and copy', { timeout: 60_000 }, async () => {
    const served = await generate(
      stack,
      { template_id: 'welcome_email', user_id: 'ann', fields: { first_name: 'Ann' } },
      { 'x-cio-delivery-id': 'call-ann' },
    )
    expect(served.status).toBe(200)
    const copyId = Reflect.get(Object(served.body.copy), 'id')
    const at = nowSeconds + 2

    const ann = { identifiers: { id: 'ann' }, journey_id: 'journey-ann' }
    const call = { ...ann, delivery_id: 'call-ann', action_id: 41 }
    const mail = { ...ann, delivery_id: 'mail-ann', action_id: 43, recipient: 'ann@example.org', subject: 'Hi' }
    const bob = { identifiers: { id: 'bob' }, delivery_id: 'mail-bob', action_id: 42, journey_id: 'journey-bob' }
    const events = [
      cioEvent('webhook', 'sent', call, at),
      cioEvent('email', 'sent', mail, at + 1),
      cioEvent('email', 'delivered', mail, at + 2),
      cioEvent('email', 'opened', { ...mail, prefetched: true }, at + 3),
      cioEvent('email', 'opened', mail, at + 60),
      cioEvent('email', 'clicked', { ...mail, href: 'https://example.org', link_id: 1 }, at + 61),
      cioEvent('email', 'converted', mail, at + 90),
      cioEvent('email', 'sent', bob, at + 1),
      cioEvent('email', 'delivered', bob, at + 2),
      cioEvent('email', 'opened', { ...bob, prefetched: true }, at + 3),
      cioEvent('email', 'clicked', { ...bob, href: 'https://example.org', link_id: 1, machine: true }, at + 4),
    ]
    for (const event of events) expect((await report(stack, event)).body).toMatchObject({ status: 'accepted' })
    for (const event of events) expect((await report(stack, event)).body).toMatchObject({ status: 'duplicate' })

    const treatment = {
      served: 1,
      sent: 1,
      delivered: 1,
      opened: 1,
      human_opened: 1,
      clicked: 1,
      human_clicked: 1,
      converted: 1,
      unsubscribed: 0,
      spammed: 0,
      bounced: 0,
      dropped: 0,
      failed: 0,
      undeliverable: 0,
      replied: 0,
      opened_events: 2,
      clicked_events: 1,
      events: 6,
    }
    const control = {
      ...treatment,
      served: 0,
      human_opened: 0,
      human_clicked: 0,
      converted: 0,
      opened_events: 1,
      events: 4,
    }
    const results = await resultsWithin(stack, visibleWithinMs, ({ arms }) => {
      const counts = arms.filter((arm) => arm.counts.sent).map((arm) => arm.counts.events ?? 0)
      return counts.toSorted().join() === '4,6'
    })
    const seen = results.arms.filter(({ counts }) => (counts.served ?? 0) + (counts.sent ?? 0) > 0)
    expect(seen).toMatchObject([
      { arm: 'treatment', copy_id: copyId, choice: 'drawn', rate: 1, join: { journey: 1, latest: 0, none: 0 } },
      { arm: 'control', copy_id: null, choice: 'drawn', rate: 0, join: { journey: 0, latest: 0, none: 1 } },
    ])
    expect(seen[0]?.counts).toEqual(treatment)
    expect(seen[1]?.counts).toEqual(control)
    expect(results.join).toEqual({ journey: 1, latest: 0, none: 1 })
    expect(results.action).toMatchObject({ calls: 1, sent: 1 })
    expect(results.unsent).toEqual({ unmatched: 0 })
  })

  it('gives 64 identical calls at once one serve and equal answers', { timeout: 60_000 }, async () => {
    const body = { template_id: 'welcome_email', user_id: 'carl', fields: { first_name: 'Carl' } }
    const ask = () => generateWithRetries(stack, body, { 'x-cio-delivery-id': 'call-carl' })
    const calls = await Promise.all(Array.from({ length: 64 }, ask))
    // A machine that is busy may not answer all of them in time: those are asked again, and get the very same copy.
    expect(new Set(calls.flat().map(({ status }) => status)).difference(new Set([200, 503]))).toEqual(new Set())
    const answers = calls.map((tries) => tries.at(-1))
    expect(new Set(answers.map((answer) => answer?.status))).toEqual(new Set([200]))
    expect(new Set(answers.map((answer) => JSON.stringify(answer?.body))).size).toBe(1)
    const total = (arms: readonly { counts: Record<string, number> }[]) =>
      arms.reduce((sum, { counts }) => sum + (counts.served ?? 0), 0)
    const results = await resultsWithin(stack, visibleWithinMs, ({ arms }) => total(arms) >= 2)
    expect(total(results.arms)).toBe(2)
  })

  it.each(['unavailable', 'cut'])(
    'answers 503 while the store is %s, and counts once what is sent again',
    {
      timeout: 60_000,
    },
    async (mode) => {
      const person = `dora-${mode}`
      const event = cioEvent(
        'email',
        'sent',
        { delivery_id: `mail-${person}`, action_id: 42, identifiers: { id: person } },
        nowSeconds,
      )
      const ask = () =>
        generate(stack, { template_id: 'welcome_email', user_id: person }, { 'x-cio-delivery-id': `call-${person}` })
      const sentBefore = (await resultsWithin(stack, 0, () => true)).arms.reduce(
        (sum, { counts }) => sum + (counts.sent ?? 0),
        0,
      )
      await breakService(stack, { service: 'dynamodb', mode })
      const startedMs = performance.now()
      const [reported, asked] = await Promise.all([report(stack, event), ask()])
      expect(performance.now() - startedMs).toBeLessThan(4_000)
      expect([reported.status, asked.status]).toEqual([503, 503])
      expect([reported.headers.get('retry-after'), asked.headers.get('retry-after')]).toEqual(['1', '1'])
      await heal(stack)
      expect((await report(stack, event)).status).toBe(200)
      expect((await report(stack, event)).body.status).toBe('duplicate')
      expect((await ask()).status).toBe(200)
      const sum = (arms: readonly { counts: Record<string, number> }[]) =>
        arms.reduce((all, { counts }) => all + (counts.sent ?? 0), 0)
      const results = await resultsWithin(stack, visibleWithinMs * 2, ({ arms }) => sum(arms) === sentBefore + 1)
      expect(sum(results.arms)).toBe(sentBefore + 1)
    },
  )
})
