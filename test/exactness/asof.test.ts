// Correlation at scale against another engine's idea of it: DuckDB's ASOF JOIN finds the last send before each event.
import { DuckDBInstance } from '@duckdb/node-api'
import { expect, test } from 'vitest'
import { usualMetricRules } from '../../contract/metric.ts'
import { type CorrelatedEvent, type CorrelatedSend, correlate } from '../../lambdas/domain/measuring/correlate.ts'
import { metricsInForce } from '../../lambdas/domain/measuring/metric-rules.ts'
import { seededRandom } from '../support/sdk-faults.ts'

const counts = { persons: 20_000, sends: 100_000, events: 200_000 }
const seed = Number(process.env.EXACTNESS_SEED ?? Math.floor(Math.random() * 2 ** 31))
const startSecond = 1_795_000_000
const days = 40
const windowSeconds = 5 * 86_400
const templates = ['welcome', 'promo', 'reminder']
const copies = ['a', 'b', 'c']

interface Send extends CorrelatedSend {
  readonly copy: string
}

test('correlate() with model last is what ASOF JOIN says, per template and copy', { timeout: 120_000 }, async () => {
  console.log(`seed ${seed}, replay with EXACTNESS_SEED=${seed}`)
  const { sends, events } = draw(seededRandom(seed))
  const ours = totalsOf(sends, events)
  const theirs = await askDuckDb(sends, events)
  expect(ours).toEqual(theirs)
  // Enough of both kinds that an error would show.
  const counted = ours.reduce((sum, { events }) => sum + events, 0)
  expect(counted).toBeGreaterThan(counts.events / 2)
  expect(theirs).toHaveLength(templates.length * copies.length)
})

function draw(random: () => number) {
  const pick = <T>(from: readonly T[], otherwise: T) => from[Math.floor(random() * from.length)] ?? otherwise
  const person = () => Math.floor(random() ** 2 * counts.persons)
  const second = () => startSecond + Math.floor(random() * days * 86_400)
  const sends = Array.from({ length: counts.sends }, (_, at): [number, Send] => {
    // Delivery ids do not sort by time, and some sends share a second.
    const deliveryId = `d${String((at * 7_919) % counts.sends).padStart(6, '0')}`
    const atMs = Math.floor(second() / 600) * 600_000
    return [
      person(),
      { subject: deliveryId, deliveryId, templateId: pick(templates, ''), copy: pick(copies, ''), atMs },
    ]
  })
  const events = Array.from({ length: counts.events }, (_, at): [number, CorrelatedEvent] => {
    const atMs = second() * 1_000 + Math.floor(random() * 1_000)
    return [
      person(),
      { id: `e${at}`, name: 'purchase', atMs, value: (Math.floor(random() * 100_000) / 100).toFixed(2) },
    ]
  })
  return { sends, events }
}

interface Total {
  readonly template: string
  readonly copy: string
  readonly sends: number
  readonly events: number
  readonly minor: number
}

function totalsOf(sends: readonly [number, Send][], events: readonly [number, CorrelatedEvent][]): Total[] {
  const metrics = metricsInForce({ currency: 'EUR', metricDefaults: { ...usualMetricRules, windowSeconds } })
  const eventsOf = Map.groupBy(events, ([person]) => person)
  const totals = new Map<string, Total>()
  for (const [person, ofPerson] of Map.groupBy(sends, ([person]) => person)) {
    const own = ofPerson.map(([, send]) => send)
    const tallies = correlate(
      own,
      (eventsOf.get(person) ?? []).map(([, event]) => event),
      metrics,
    )
    for (const [at, { templateId: template, copy }] of own.entries()) {
      const [tally] = tallies[at] ?? []
      if (tally === undefined) continue
      const before = totals.get(`${template} ${copy}`) ?? { template, copy, sends: 0, events: 0, minor: 0 }
      totals.set(`${template} ${copy}`, {
        ...before,
        sends: before.sends + 1,
        events: before.events + tally.events,
        minor: before.minor + Number(tally.values[0]?.minor ?? 0),
      })
    }
  }
  return [...totals.values()].toSorted((a, b) => (`${a.template} ${a.copy}` < `${b.template} ${b.copy}` ? -1 : 1))
}

async function askDuckDb(sends: readonly [number, Send][], events: readonly [number, CorrelatedEvent][]) {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await connection.run(
      'create table sends (person integer, template varchar, copy varchar, delivery varchar, instant bigint)',
    )
    await connection.run('create table events (person integer, instant bigint, minor bigint)')
    const sendRows = await connection.createAppender('sends')
    for (const [person, { templateId, copy, deliveryId, atMs }] of sends) {
      sendRows.appendInteger(person)
      for (const text of [templateId, copy, deliveryId]) sendRows.appendVarchar(text)
      sendRows.appendBigInt(BigInt(atMs / 1_000))
      sendRows.endRow()
    }
    sendRows.closeSync()
    const eventRows = await connection.createAppender('events')
    for (const [person, { atMs, value }] of events) {
      eventRows.appendInteger(person)
      eventRows.appendBigInt(BigInt(Math.floor(atMs / 1_000)))
      eventRows.appendBigInt(BigInt(Math.round(Number(value) * 100)))
      eventRows.endRow()
    }
    eventRows.closeSync()
    const reader = await connection.runAndReadAll(`
      with firsts as (
        select person, template, instant, min(delivery) as delivery, arg_min(copy, delivery) as copy
        from sends group by all
      ), asked as (
        select events.*, template from events cross join (select distinct template from sends)
      )
      select firsts.template, firsts.copy, count(distinct delivery)::integer as sends,
        count(*)::integer as events, sum(minor)::double as minor
      from asked asof join firsts
        on asked.person = firsts.person and asked.template = firsts.template and asked.instant >= firsts.instant
      where asked.instant <= firsts.instant + ${windowSeconds}
      group by all order by firsts.template, firsts.copy`)
    return reader.getRowObjects()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
