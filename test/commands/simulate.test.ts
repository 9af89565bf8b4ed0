// The simulator's own truth: what it plans is what its events come to when somebody else reads them, and it sees what is off.
import { describe, expect, it } from 'vitest'
import { addTo, type Books, compareBooks } from '../../commands/simulate/books.ts'
import { planFiles } from '../../commands/simulate/files.ts'
import { purchaseEvents, reportsOf } from '../../commands/simulate/messages.ts'
import { readOptions } from '../../commands/simulate/options.ts'
import { drawsOf, plantedMetrics, plantedRate } from '../../commands/simulate/planted.ts'
import { tellStory } from '../../commands/simulate/story.ts'
import { drawTable, isInside, misses, rateRows } from '../../commands/simulate/table.ts'
import { streamSource } from '../../contract/custom-event.ts'
import { readCustomEvent } from '../../lambdas/domain/events/read-custom-event.ts'
import { readReportingEvent } from '../../lambdas/domain/events/read-reporting-event.ts'
import { foldMetrics } from '../../lambdas/domain/measuring/fold-metrics.ts'
import { orgOf } from '../support/copy-settings.ts'

const to = {
  apiUrl: '',
  org: 'acme',
  template: 'welcome_email',
  apiKey: '',
  adminKey: '',
  signingKey: '',
  campaignId: 23,
  webhookActionId: 41,
  controlActionId: 42,
}
const context = {
  org: orgOf('acme'),
  source: streamSource,
  identifier: 'id',
  currency: 'USD',
  receivedAtMs: 1_700_000_000_000,
} as const
const people = 3_000
const stories = Array.from({ length: people }, (_, person) => {
  const draw = drawsOf(5, person)
  return {
    traveller: { id: `p${person}`, draw, sentAtSeconds: 1_700_000_000, actionId: 43 },
    story: tellStory(draw, 0.5),
  }
})

describe('a story', () => {
  it('comes to its own counts when its events are read as Customer.io sends them', () => {
    for (const { traveller, story } of stories) {
      const events = reportsOf(to, traveller, story).map((body) => {
        const reading = readReportingEvent(JSON.stringify(body))
        if (!reading.ok) throw new Error(JSON.stringify(reading.reasons))
        return reading.event
      })
      const { metrics, openedEvents, clickedEvents } = foldMetrics(events, story.isSent)
      if (!story.isSent) {
        expect(metrics).toEqual(['dropped'])
        continue
      }
      const once = Object.entries(story.counts).filter(([name, count]) => count > 0 && !/events|purchase/.test(name))
      expect(once.map(([name]) => name).toSorted()).toEqual(metrics)
      expect([story.counts.opened_events, story.counts.clicked_events]).toEqual([openedEvents, clickedEvents])
    }
  })

  it('is the same for the same seed, and keeps to the planted rates', () => {
    expect(tellStory(drawsOf(5, 7), 0.5)).toEqual(stories[7]?.story)
    const shown: Books = new Map()
    for (const { story } of stories) addTo(shown, 'treatment x', story.counts)
    const rows = rateRows(shown, () => 0.5)
    expect(rows.map(({ what }) => what)).toEqual([...plantedMetrics])
    expect(rows.filter((row) => !isInside(row))).toEqual([])
    expect(rows.filter((row) => !isInside({ ...row, planted: row.planted * 1.5 }))).toEqual(rows)
    expect(plantedRate('converted', 0.5)).toBeCloseTo(0.12, 12)
    expect(drawTable(rows)).toContain('inside')
  })

  it('tells purchases that are events, with their money to the cent', () => {
    const bought = stories.flatMap(({ traveller, story }) => purchaseEvents(traveller, story))
    expect(bought.length).toBeGreaterThan(people / 10)
    for (const event of bought) {
      const read = readCustomEvent(event, context)
      expect(read).toMatchObject({ ok: true })
    }
  })
})

describe('files of purchases', () => {
  const bought = stories.flatMap(({ traveller, story }, person) =>
    purchaseEvents({ ...traveller, sentAtSeconds: 1_700_000_000 - (person % 4) * 86_400 }, story),
  )
  const files = planFiles(bought, 'run')

  it('are one a day, by turns CSV and JSON, the first of them twice', () => {
    expect(files.map(({ date, name }) => `${date} ${name}`)).toEqual([
      '2023-11-11 purchases-run.csv',
      '2023-11-12 purchases-run.jsonl',
      '2023-11-13 purchases-run.csv',
      '2023-11-14 purchases-run.jsonl',
      '2023-11-11 again-purchases-run.csv',
    ])
    expect(planFiles([], 'run')).toEqual([])
  })

  it('hold every purchase once, rows twice where planned, and one that is no event', () => {
    const [csv, lines] = files
    if (csv === undefined || lines === undefined) throw new Error('there are files')
    expect(csv.text.trimEnd().split('\n')).toHaveLength(csv.counts.rows + 1)
    expect(csv.counts).toMatchObject({ duplicate: 1, rejected: 1 })
    expect(lines.counts).toMatchObject({ duplicate: 0, rejected: 1 })
    const events = files.slice(0, 4).reduce((sum, { counts }) => sum + counts.rows - counts.duplicate - 1, 0)
    expect(events).toBe(bought.length)
    const read = lines.text
      .trimEnd()
      .split('\n')
      .map((line) => readCustomEvent(JSON.parse(line), context).ok)
    expect(read.filter((ok) => !ok)).toHaveLength(1)
  })
})

it('misses are those that chance explains, and no more', () => {
  const row = (missChance: number, planted: number) => ({
    entry: 'control',
    what: 'lift',
    planted,
    measured: 0,
    lower: -1,
    upper: 1,
    missChance,
  })
  const rows = (of: number, missChance: number) => Array.from({ length: of }, () => row(missChance, 0))
  expect(misses([])).toEqual({ seen: 0, allowed: 0 })
  // Of six that miss once in twenty, more than one do in 3.3 %, more than two in 0.2 % of runs.
  expect(misses([...rows(5, 0.05), row(0.05, 2)])).toEqual({ seen: 1, allowed: 2 })
  expect(misses(rows(16, 0.001 / 16)).allowed).toBe(0)
  expect(misses([row(0.05, 2)]).allowed).toBe(1)
})

it('books that differ by one are seen, by entry and counter', () => {
  const [books, before, after]: Books[] = [new Map(), new Map(), new Map()]
  if (books === undefined || before === undefined || after === undefined) throw new Error('three books')
  addTo(books, 'control', { sent: 5, clicked: 1 })
  addTo(before, 'control', { sent: 10, clicked: 4 })
  addTo(after, 'control', { sent: 15, clicked: 6, stand_in: 2 })
  addTo(after, 'treatment x', { sent: 1 })
  expect(compareBooks(books, before, after)).toEqual([
    { entry: 'control', counter: 'clicked', planned: 1, shown: 2 },
    { entry: 'treatment x', counter: 'sent', planned: 0, shown: 1 },
  ])
})

it('options that make no sense are refused with what was seen', () => {
  expect(readOptions(['--lift', 'a=0.1,b=-0.05', '--people', '10']).lifts).toEqual(
    new Map([
      ['a', 0.1],
      ['b', -0.05],
    ]),
  )
  expect(() => readOptions(['--people', 'many'])).toThrow('--people must be a number from 1 to 10000000, saw "many"')
  expect(() => readOptions(['--lift', 'a:1'])).toThrow('--lift must be like a=0.1')
})
