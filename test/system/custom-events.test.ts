// Customers' own events end to end, by HTTP: sent, correlated with the messages before them, shown per copy in exact money,
// and counted anew when a campaign is mapped that was not.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { integrationSchema } from '../../contract/integration.ts'
import { secondPassAfterMs } from '../../contract/restatement.ts'
import type { ResultsAnswer } from '../../contract/results.ts'
import { makeSettingsStore } from '../../lambdas/store/settings.ts'
import { orgOf } from '../support/copy-settings.ts'
import {
  call,
  cioEvent,
  type DemoStack,
  generate,
  manage,
  readResults,
  report,
  restateSoon,
  resultsWithin,
  sendEvents,
  startDemoStack,
  untilIdle,
} from '../support/local-stack.ts'

let stack: DemoStack
beforeAll(async () => {
  stack = await startDemoStack()
})
afterAll(() => stack?.local.stop())

const visibleWithinMs = 10_000
const nowSeconds = () => Math.floor(Date.now() / 1000)

/** Purchases of the treatment or control arm, all copies together. */
function purchasesOf({ arms }: ResultsAnswer, arm: string) {
  const sums = arms.filter((each) => each.arm === arm).flatMap(({ events }) => events.purchase ?? [])
  return {
    sends: sums.reduce((sum, { sends }) => sum + sends, 0),
    events: sums.reduce((sum, { events }) => sum + events, 0),
    values: sums.map(({ value }) => value),
  }
}

describe('a purchase after a message', () => {
  it('counts for its copy, exactly, however often and in whatever shape it is sent', { timeout: 90_000 }, async () => {
    const served = await generate(
      stack,
      { template_id: 'welcome_email', user_id: 'ann' },
      { 'x-cio-delivery-id': 'call-ann' },
    )
    const copyId = Reflect.get(Object(served.body.copy), 'id')
    const at = nowSeconds() + 2
    const ann = { identifiers: { id: 'ann' }, delivery_id: 'mail-ann', action_id: 43 }
    const bob = { identifiers: { id: 'bob' }, delivery_id: 'mail-bob', action_id: 42 }
    const purchases = [
      { event_id: 'p1', name: 'purchase', user_id: 'ann', timestamp: at, value: '19.90' },
      { event_id: 'p2', name: 'purchase', user_id: 'ann', timestamp: (at + 60) * 1000, value: 0.1 },
      { event_id: 'p3', name: 'purchase', delivery_id: 'mail-bob', timestamp: at + 5, value: '3' },
      { event_id: 'p4', name: 'purchase', user_id: 'ann', timestamp: at - 1, value: '1000' },
      { event_id: 'p5', name: 'purchase', user_id: 'nobody-we-know', timestamp: at, value: '1' },
    ]
    // The purchases come before Customer.io has said that anything was sent.
    expect((await sendEvents(stack, purchases)).body).toMatchObject({ accepted: 5, rejected: 0 })
    for (const mail of [ann, bob]) await report(stack, cioEvent('email', 'sent', mail, at))

    const wanted = { sends: 1, events: 2, values: [{ USD: '20.00' }] }
    const results = await resultsWithin(
      stack,
      visibleWithinMs,
      (seen) => purchasesOf(seen, 'treatment').events === 2 && purchasesOf(seen, 'control').events === 1,
    )
    expect(purchasesOf(results, 'treatment')).toEqual(wanted)
    expect(purchasesOf(results, 'control')).toEqual({ sends: 1, events: 1, values: [{ USD: '3.00' }] })
    expect(results.arms.find(({ copy_id }) => copy_id === copyId)?.events.purchase?.squares).toEqual({
      USD: '400.0000',
    })

    const again = await sendEvents(stack, { events: [purchases[0], { ...purchases[1], value: 5 }] })
    expect(again.body).toMatchObject({ duplicate: 1, conflict: 1, results: [{}, { code: 'event.conflict' }] })
    await untilIdle(stack)
    const byPurchase = await readResults(stack, '?metric=purchase')
    expect(purchasesOf(byPurchase, 'treatment')).toEqual(wanted)
    expect(byPurchase.arms.find(({ copy_id }) => copy_id === copyId)?.rate).toBe(1)
  })

  it('goes over to a later message that is reported late', { timeout: 60_000 }, async () => {
    const now = nowSeconds()
    const person = { identifiers: { id: 'carl' } }
    const sentAt = (delivery_id: string, action_id: number, at: number) =>
      report(stack, cioEvent('email', 'sent', { ...person, delivery_id, action_id }, at))
    const before = purchasesOf(await readResults(stack), 'control')
    await sentAt('carl-1', 42, now)
    await sendEvents(stack, { event_id: 'carl-p', name: 'purchase', user_id: 'carl', timestamp: now + 100, value: 7 })
    await resultsWithin(stack, visibleWithinMs, (seen) => purchasesOf(seen, 'control').events === before.events + 1)
    await generate(stack, { template_id: 'welcome_email', user_id: 'carl' }, { 'x-cio-delivery-id': 'call-carl' })
    await sentAt('carl-2', 43, now + 50)
    const after = await resultsWithin(
      stack,
      visibleWithinMs,
      (seen) => purchasesOf(seen, 'control').events === before.events,
    )
    expect(purchasesOf(after, 'control').events).toBe(before.events)
    expect(purchasesOf(after, 'treatment').events).toBe(3)
  })
})

it('counts the sends and purchases of a campaign that is mapped later, and says meanwhile that it does', {
  timeout: 90_000,
}, async () => {
  const now = nowSeconds()
  const sent = { identifiers: { id: 'dora' }, delivery_id: 'mail-dora', campaign_id: 99 }
  await report(stack, cioEvent('email', 'sent', sent, now))
  await sendEvents(stack, { event_id: 'dora-p', name: 'purchase', user_id: 'dora', timestamp: now + 10, value: '1.23' })
  await untilIdle(stack)
  const before = purchasesOf(await readResults(stack), 'control')

  const org = orgOf('acme')
  const { endpoints, outputs } = stack.local.ready
  const { url: endpoint, ...caller } = endpoints.dynamodb
  const dynamo = new DynamoDBClient({ endpoint, ...caller })
  const table = String(outputs.SettingsTableName)
  const mapped = integrationOf('campaign:99')
  const what = { kind: 'source', source: mapped.source, templateId: mapped.templateId } as const
  await makeSettingsStore(dynamo, table).putIntegration(org, mapped)
  await restateSoon(stack, secondPassAfterMs - 2_000, what)
  expect((await readResults(stack)).restating).toMatchObject({ reason: 'mapping' })

  const after = await resultsWithin(stack, 20_000, ({ restating }) => restating === null)
  expect(after.restating).toBeNull()
  expect(purchasesOf(after, 'control').events).toBe(before.events + 1)
})

function integrationOf(source: string) {
  return integrationSchema.parse({
    source,
    templateId: 'welcome_email',
    webhookActionIds: [],
    controlActionIds: [],
    treatmentActionIds: [],
    serveWindowDays: 30,
  })
}

it('the last use of a key is told whichever route it was used on', { timeout: 60_000 }, async () => {
  const made = await manage(stack, 'POST', '/keys', { name: 'Purchases', scopes: ['events'] })
  const { id, key } = Object(made.body)
  await call(stack, '/api/webhook/events/acme', {
    method: 'POST',
    headers: { 'x-api-key': String(key), 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'purchase', user_id: 'ann' }),
  })
  const lastUse = async () => {
    const { keys } = Object((await manage(stack, 'GET', '/keys')).body)
    return keys.find((one: { id: string }) => one.id === id).last_used_at
  }
  // Noted beside the call's own work, which does not wait for it.
  await expect.poll(lastUse, { timeout: 10_000 }).toMatch(/:00:00\.000Z$/)
})
