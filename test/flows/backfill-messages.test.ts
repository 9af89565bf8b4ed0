// Nine days without the reporting webhook, longer than Customer.io tries, then a backfill from the stand-in's App API:
// results are those of an org that missed nothing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoAccount, demoWorkspace } from '../../commands/demo-customerio.ts'
import { actionIdSchema, type OrgSlug, orgSlugSchema } from '../../contract/ids.ts'
import { usualMetricRules } from '../../contract/metric.ts'
import type { CellChange } from '../../contract/result-cell.ts'
import { classifyBody } from '../../lambdas/domain/events/classify-body.ts'
import { sumCells } from '../../lambdas/domain/measuring/sum-cells.ts'
import { type BackfillProgress, backfillMessages } from '../../lambdas/flows/backfill-messages.ts'
import { measureSubjects } from '../../lambdas/flows/measure-subjects.ts'
import { makeEventStore } from '../../lambdas/store/events.ts'
import { makeLookAtEvent } from '../../lambdas/store/look-at-event.ts'
import { readResults } from '../../lambdas/store/results.ts'
import { makeServeStore } from '../../lambdas/store/serves.ts'
import { demoKey, sandboxKey, startTestCustomerio, type TestCustomerio } from '../support/customerio.ts'
import { makeTables, type TestDatabase } from '../support/dynamodb-local.ts'
import { integration, serveEvent, source, startMs, templateId } from '../support/placed.ts'
import { depsOn, storeSettings } from '../support/script-run.ts'
import { seededRandom } from '../support/sdk-faults.ts'

const facts = { apiUrl: 'https://ours.example', org: 'acme', template: templateId, apiKey: 'ours' }
const daySeconds = 86_400
const firstSecond = startMs / 1_000
const lastDay = 24
/** The gap: nine days. */
const gap = { fromSeconds: firstSecond + 8 * daySeconds, toSeconds: firstSecond + 17 * daySeconds - 1 }
const people = Array.from({ length: 61 }, (_, at) => `person-${at}`)
/** Their message was made four weeks before everybody's, and they convert 40 days after it, within the gap. */
const late = 60
/** The days of the story were a moment ago: Customer.io keeps messages for a year. */
const clockBehindMs = Date.now() - (startMs + (lastDay + 1) * 86_400_000)
const now = () => Date.now() - clockBehindMs

interface Happened {
  readonly event: Readonly<Record<string, unknown>>
  readonly seconds: number
}

let cio: TestCustomerio
let database: TestDatabase
let happened: Happened[] = []

beforeAll(async () => {
  database = await makeTables()
  cio = await startTestCustomerio(demoAccount({ ...facts, appApiKey: demoKey, sandboxKey }))
  for (const event of story()) {
    const answer = await cio.control('POST', '/events', { workspace: demoWorkspace.id, event, deliver: false })
    happened.push({
      event: Object(Reflect.get(Object(answer), 'event')),
      seconds: Number(Reflect.get(event, 'timestamp')),
    })
  }
  happened = happened.toSorted((a, b) => a.seconds - b.seconds)
})
afterAll(() => cio.close())

/** For each person a message, sent on some day; opened, clicked and converted within days by some; every third in the treatment. */
function story(): object[] {
  const random = seededRandom(5_103)
  return people.flatMap((id, at) => {
    const drawn = firstSecond + Math.floor(random() * (lastDay - 6) * daySeconds)
    const sent = at === late ? firstSecond - 28 * daySeconds : drawn
    const treated = at % 3 === 0 && at !== late
    const data = { campaign_id: 23, identifiers: { id, email: `${id}@example.org` }, recipient: `${id}@example.org` }
    const journey = { journey_id: `journey-${at}` }
    const mail = (metric: string, seconds: number, more = {}) => ({
      object_type: 'email',
      metric,
      timestamp: seconds,
      data: { ...data, ...journey, delivery_id: `mail-${at}`, action_id: treated ? 43 : 42, subject: 'Hi', ...more },
    })
    const call = { ...data, ...journey, delivery_id: `call-${at}`, action_id: 41 }
    const later = () => sent + Math.floor(random() * 5 * daySeconds)
    if (at === late) return [mail('sent', sent), mail('delivered', sent + 2), mail('converted', sent + 40 * daySeconds)]
    return [
      ...(treated ? [{ object_type: 'webhook', metric: 'sent', timestamp: sent - 5, data: call }] : []),
      mail('sent', sent),
      mail('delivered', sent + 2),
      ...(random() < 0.3
        ? [mail('opened', sent + 3, { prefetched: true })]
        : random() < 0.6
          ? [mail('opened', later())]
          : []),
      ...(random() < 0.4 ? [mail('clicked', later())] : []),
      ...(random() < 0.3 ? [mail('converted', later())] : []),
      ...(random() < 0.1 ? [mail('unsubscribed', later())] : []),
    ]
  })
}

const isOut = ({ seconds }: Happened) => seconds >= gap.fromSeconds && seconds <= gap.toSeconds
const append = () => makeEventStore(database.client, database.tables.events).append
const signal = new AbortController().signal

/** A new org with the serves of the treated people, and the events that its webhook received. */
async function orgThatReceived(name: string, events: readonly Happened[]): Promise<OrgSlug> {
  const org = orgSlugSchema.parse(name)
  const integrations = [integration({ webhookActionIds: [actionIdSchema.parse('41')], source })]
  const rules = { currency: 'EUR', defaults: usualMetricRules, metrics: [] }
  await storeSettings({ identifier: 'id', integrations, rules }, database, org)
  const serves = makeServeStore(database.client, database.tables.events)
  for (const { event } of happened.filter(({ event }) => event.object_type === 'webhook')) {
    const { delivery_id, identifiers } = Object(event.data)
    const second = Number(event.timestamp) - firstSecond - 1
    const serve = serveEvent(second, { serveId: `serve-${delivery_id}`, userId: identifiers.id })
    await serves.putOnce(org, { kind: 'delivery', id: delivery_id }, 0, serve)
  }
  for (const { event } of events) {
    const body = classifyBody(Buffer.from(JSON.stringify(event)))
    if (body.kind === 'poison') throw new Error(JSON.stringify(body.reasons))
    await append()(org, body, startMs, signal)
  }
  return org
}

async function measured(org: OrgSlug): Promise<CellChange[]> {
  const ids = people.flatMap((_, at) => [`mail-${at}`, `call-${at}`])
  const subjects = ids.map((id) => ({ kind: 'delivery' as const, id, joins: true }))
  const { failed } = await measureSubjects(depsOn(database.client, database.tables, 1), org, subjects)
  expect(failed).toEqual([])
  const days = { from: '2025-01-01', to: '2025-12-31' }
  const rows = await readResults(database.client, database.tables.results, org, templateId, days)
  return sumCells(rows).toSorted((a, b) => (JSON.stringify(a.cell) < JSON.stringify(b.cell) ? -1 : 1))
}

function backfill(
  org: OrgSlug,
  over: { start?: string | undefined; untilMs?: number } = {},
  keep = append(),
): Promise<BackfillProgress> {
  const client = cio.client()
  const deps = { readMessages: client.readMessages, append: keep, now }
  const untilMs = now() + 60_000
  return backfillMessages(deps, { org, campaignId: '23', ...gap, untilMs, ...over }, signal)
}

/** Which rule joined a send to its serve: the App API knows no journey, so the other rule joins what it tells. */
function withoutRules(cells: readonly CellChange[]): CellChange[] {
  return cells.map(({ counts, ...cell }) => ({
    ...cell,
    counts: Object.fromEntries(Object.entries(counts).filter(([name]) => !name.startsWith('join_'))),
  }))
}

describe('after nine days without the webhook', () => {
  it('a backfill gives the results of no outage at all; a second one changes nothing', {
    timeout: 60_000,
  }, async () => {
    const whole = await measured(await orgThatReceived('whole', happened))
    const org = await orgThatReceived(
      'outage',
      happened.filter((each) => !isOut(each)),
    )
    const lost = happened.filter(isOut).length
    expect(lost).toBeGreaterThan(50)
    const before = await measured(org)
    expect(withoutRules(before)).not.toEqual(withoutRules(whole))

    const looked = await backfill(org, {}, makeLookAtEvent(database.client, database.tables.events))
    const first = await backfill(org)
    expect(looked).toEqual(first)
    expect(first).toEqual({
      messages: expect.any(Number),
      events: { stored: lost, duplicate: 0, changed: 0, unreadable: 0 },
    })
    const filled = await measured(org)
    expect(withoutRules(filled)).toEqual(withoutRules(whole))

    const nothing = { stored: 0, duplicate: lost, changed: 0, unreadable: 0 }
    const lookAt = makeLookAtEvent(database.client, database.tables.events)
    expect((await backfill(org, {}, lookAt)).events).toEqual(nothing)
    expect((await backfill(org)).events).toEqual(nothing)
    expect(await measured(org)).toEqual(filled)
  })

  it('a webhook that comes after all takes the place of what was filled, its journeys too', {
    timeout: 60_000,
  }, async () => {
    const whole = await measured(await orgThatReceived('whole-again', happened))
    const org = await orgThatReceived(
      'late',
      happened.filter((each) => !isOut(each)),
    )
    await backfill(org)
    await measured(org)
    for (const { event } of happened.filter(isOut)) {
      const body = classifyBody(Buffer.from(JSON.stringify(event)))
      if (body.kind === 'event') await append()(org, body, startMs, signal)
    }
    expect(await measured(org)).toEqual(whole)
  })
})

describe('a backfill that stops', () => {
  it('when its time is up goes on where it was', { timeout: 60_000 }, async () => {
    const org = orgSlugSchema.parse('in-parts')
    const parts: BackfillProgress[] = []
    let start: string | undefined
    do {
      const part = await backfill(org, { start, untilMs: 0 })
      parts.push(part)
      start = part.next
    } while (start !== undefined)
    expect(parts.length).toBeGreaterThan(1)
    const stored = parts.reduce((sum, { events }) => sum + events.stored, 0)
    expect(stored).toBe(happened.filter(isOut).length)
  })

  it('because Customer.io does not answer says so, and loses nothing', { timeout: 60_000 }, async () => {
    const org = orgSlugSchema.parse('stopped')
    await cio.control('PUT', '/fault', { mode: 'status', status: 403 })
    expect(await backfill(org)).toMatchObject({ messages: 0, next: undefined, failure: { code: 'forbidden' } })
    await cio.control('DELETE', '/fault')
    expect((await backfill(org)).events.stored).toBe(happened.filter(isOut).length)
  })
})
