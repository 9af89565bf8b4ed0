// Every light in every state that it can have: facts in, sentence out.
import { describe, expect, it } from 'vitest'
import { checkSchema } from '../../../contract/check.ts'
import { actionIdSchema } from '../../../contract/ids.ts'
import type { Restatement } from '../../../contract/restatement.ts'
import type { Cell, CellChange, Counts } from '../../../contract/result-cell.ts'
import type { HealthFacts, TemplateFacts } from '../../../lambdas/domain/health/health-facts.ts'
import { judgeHealth } from '../../../lambdas/domain/health/judge-health.ts'
import { sumDays } from '../../../lambdas/domain/health/sum-days.ts'
import { integration, templateId } from '../../support/placed.ts'

const nowMs = Date.parse('2026-11-24T12:00:00Z')
const hourMs = 3_600_000
const today = '2026-11-24'
const finding = {
  id: 'customerio.key',
  title: 'Key',
  state: 'ok' as const,
  seen: 'Good.',
  what_to_do: '',
  sinceMs: nowMs - hourMs,
}

function cell(day: string, group: Cell['group'], counts: Counts): CellChange {
  return { scope: templateId, cell: { day, group, name: '', stratum: '' }, counts }
}
const wellCells = [
  cell(today, 'treatment', {
    served: 40,
    sent: 40,
    delivered: 40,
    opened: 20,
    converted: 5,
    join_journey: 40,
    events: 105,
  }),
  cell(today, 'control', { sent: 40, delivered: 40, opened: 19, converted: 4, join_none: 40, events: 103 }),
  cell(today, 'action', { calls: 40, sent: 40, events: 40 }),
]
const connected = integration({ controlActionIds: [actionIdSchema.parse('42')] })

function template(cells: readonly CellChange[], over: Partial<TemplateFacts> = {}): TemplateFacts {
  return {
    template: { templateId, status: 'active', keyMetric: 'converted', copyLimitBytes: 1_000 },
    integrations: [connected],
    verification: { checkedAtMs: nowMs, findings: [{ ...finding, id: 'integration.campaign' }] },
    days: sumDays(cells),
    ...over,
  }
}

function inState(status: TemplateFacts['template']['status'], cells: readonly CellChange[] = []): TemplateFacts {
  return template(cells, { template: { ...template([]).template, status } })
}

const told = { checkedAtMs: nowMs, findings: [finding] }
const exists = { checkedAtMs: nowMs, findings: [{ ...finding, id: 'webhook.exists' }] }
const campaign = { checkedAtMs: nowMs, findings: [{ ...finding, id: 'integration.campaign' }] }

const well: HealthFacts = {
  nowMs,
  webhookSignature: 'required',
  settings: { checkedAtMs: nowMs, findings: [finding] },
  reportingWebhook: { checkedAtMs: nowMs, findings: [{ ...finding, id: 'webhook.exists' }] },
  generateKeys: 1,
  templates: [template(wellCells)],
  unmapped: [{ source: 'campaign:24', days: [] }],
  signingKeySinceMs: nowMs - 48 * hourMs,
  unmappedLeftOut: 0,
  sightings: [
    { what: 'signature.valid', atMs: nowMs - hourMs, count: 248 },
    { what: 'source.campaign:23', atMs: nowMs - hourMs, count: 1 },
  ],
  files: [],
  recounted: { countedAtMs: nowMs, drift: 0, days: [] },
  restatements: [],
  setAside: [],
}
const withCells = (...cells: CellChange[]) => ({ templates: [template(cells)] })
const unmappedSent = (sent: number) => ({
  unmapped: [{ source: 'campaign:24', days: sumDays([cell(today, 'unmapped', { sent, events: sent })]) }],
})
const lightOf = (facts: Partial<HealthFacts>, id: string) =>
  judgeHealth({ ...well, ...facts }).find((check) => check.id === id)
const named = (light: string) => `${light}:${templateId}`

it('is green all over when all is well, and every check has the published shape', () => {
  const checks = judgeHealth(well)
  expect(checks.filter(({ state }) => state !== 'ok')).toEqual([])
  for (const check of checks) expect(checkSchema.safeParse(check).error).toBeUndefined()
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length)
})

it('breaks nothing and waits for everything in an empty org, but for the missing signing key', () => {
  const empty = {
    webhookSignature: 'none',
    settings: undefined,
    reportingWebhook: undefined,
    generateKeys: 0,
    sightings: [],
  } as const
  const checks = judgeHealth({ ...well, ...empty, templates: [], unmapped: [] })
  expect(checks.filter(({ state }) => state === 'broken').map(({ id }) => id)).toEqual(['traffic.signature'])
  expect(checks.filter(({ state }) => state === 'waiting').map(({ id }) => id)).toEqual([
    'customerio.key',
    'keys.generate',
    'webhook.exists',
    'traffic.events',
    'traffic.mapped',
    'traffic.speed',
    'templates.made',
  ])
  expect(checks.filter(({ state, what_to_do }) => state !== 'ok' && what_to_do === '')).toEqual([])
})

it('takes the sums of custom events for no word of the webhook', () => {
  const purchases = {
    ...cell(today, 'treatment', { sends: 3, events: 5 }),
    cell: { ...cell(today, 'treatment', {}).cell, event: 'purchase' },
  }
  expect(lightOf(withCells(purchases), 'traffic.events')).toMatchObject({ state: 'waiting' })
})

type Row = [light: string, facts: Partial<HealthFacts>, state: string, sentence: RegExp]

describe('setup steps', () => {
  const rows: Row[] = [
    ['customerio.key', {}, 'ok', /Good\. \(Customer\.io was asked 2026-11-24 12:00 UTC\.\)/],
    ['customerio.key', { settings: undefined }, 'waiting', /has not been asked/],
    ['keys.generate', { generateKeys: 0 }, 'waiting', /no API key/],
    ['keys.generate', { generateKeys: 2 }, 'ok', /2 API keys/],
    // What was well a week ago is asked again; what was amiss stands.
    ['customerio.key', { settings: { ...told, checkedAtMs: nowMs - 168 * hourMs } }, 'ok', /asked 2026-11-17/],
    [
      'customerio.key',
      { settings: { ...told, checkedAtMs: nowMs - 169 * hourMs } },
      'waiting',
      /asked long ago, 2026-11/,
    ],
    [
      'customerio.key',
      { settings: { checkedAtMs: nowMs - 169 * hourMs, findings: [{ ...finding, state: 'broken' }] } },
      'broken',
      /asked long ago/,
    ],
    ['webhook.exists', { reportingWebhook: undefined }, 'waiting', /has not been asked/],
    [
      named('integration.campaign'),
      { templates: [template([], { verification: undefined })] },
      'waiting',
      /has not been asked/,
    ],
    ['customerio.key', { settings: { ...told, isStale: true } }, 'waiting', /Not verified since the settings changed/],
    ['webhook.exists', { reportingWebhook: { ...exists, isStale: true } }, 'waiting', /Not verified since/],
    [
      named('integration.campaign'),
      { templates: [template(wellCells, { verification: { ...campaign, isStale: true } })] },
      'waiting',
      /Not verified since/,
    ],
    ['templates.made', {}, 'ok', /There is one/],
    ['templates.made', { templates: [] }, 'waiting', /no template/],
    ['templates.made', { templates: [inState('archived', wellCells)] }, 'waiting', /no template/],
    ['templates.made', { templates: [inState('draft')] }, 'ok', /There is one/],
    [named('template.active'), { templates: [inState('draft')] }, 'waiting', /It is a draft/],
    [
      named('template.active'),
      { templates: [inState('draft', [cell(today, 'action', { calls: 2, failed: 2 })])] },
      'broken',
      /It is a draft.*2 calls of its webhook action failed/,
    ],
    [named('template.active'), { templates: [inState('active')] }, 'ok', /active/],
    [named('template.active'), { templates: [inState('shipped')] }, 'ok', /shipped/],
    [
      'quarantine',
      { setAside: [{ receivedAtMs: nowMs, codes: ['event.invalid'] }] },
      'broken',
      /1 or more.*since 2026-11-24T12:00:00.000Z or before: event\.invalid/,
    ],
  ]
  it.each(rows)('%s %#', (light, facts, state, sentence) => {
    const check = lightOf(facts, light)
    expect(check).toMatchObject({ state, seen: expect.stringMatching(sentence) })
    expect(check?.what_to_do === '' && check.state === 'waiting').toBe(false)
  })

  it('tell since when they stand', () => {
    expect(lightOf({}, 'customerio.key')?.since).toBe('2026-11-24T11:00:00.000Z')
    const bodies = [nowMs, nowMs - hourMs].map((receivedAtMs) => ({ receivedAtMs, codes: ['event.invalid'] }))
    expect(lightOf({ setAside: bodies }, 'quarantine')?.since).toBe('2026-11-24T11:00:00.000Z')
  })

  it('call the page of what was set aside, and its button, as the console does', () => {
    const light = lightOf({ setAside: [{ receivedAtMs: nowMs, codes: ['event.invalid'] }] }, 'quarantine')
    expect(light?.what_to_do).toMatch(/“Set aside” under Activity.*“Read again”/)
  })
})

describe('troubleshooting: webhook never fires, no events arriving, credentials', () => {
  const seen = (...all: [what: string, hoursAgo: number, count: number][]) => ({
    sightings: all.map(([what, hoursAgo, count]) => {
      return { what: `signature.${what}`, atMs: nowMs - hoursAgo * hourMs, count }
    }),
  })
  const rows: Row[] = [
    ['traffic.events', withCells(), 'waiting', /No event has arrived/],
    ['traffic.events', withCells(cell(today, 'treatment', { served: 5 })), 'waiting', /Copy was asked for/],
    [
      'traffic.events',
      withCells(cell('2026-11-23', 'treatment', { served: 5 })),
      'broken',
      /on 2026-11-23, but no event has arrived/,
    ],
    [
      'traffic.events',
      withCells(cell('2026-11-23', 'treatment', { served: 5 }), cell('2026-11-21', 'control', { sent: 1, events: 1 })),
      'broken',
      /last message reported is of 2026-11-21/,
    ],
    [
      'traffic.events',
      withCells(cell(today, 'treatment', { served: 5 }), cell('2026-11-23', 'control', { sent: 1, events: 1 })),
      'ok',
      /1 events.*2026-11-23/,
    ],
    ['traffic.events', { ...withCells(), ...unmappedSent(3) }, 'ok', /3 events/],
    ['traffic.signature', { webhookSignature: 'none' }, 'broken', /anybody who knows the address/],
    ['traffic.signature', { sightings: [] }, 'waiting', /no event signed with it has arrived/],
    ['traffic.signature', seen(['unsigned', 1, 9]), 'waiting', /9 or more without a signature/],
    [
      'traffic.signature',
      seen(['mismatch', 1, 3]),
      'broken',
      /another key than the one stored here.*none was accepted/,
    ],
    ['traffic.signature', seen(['too_old', 1, 1]), 'broken', /longer ago than the settings allow/],
    // What anybody sends is refused and turns nothing red while signed events arrive.
    [
      'traffic.signature',
      seen(['valid', 1, 7], ['unsigned', 0, 5_000]),
      'ok',
      /7 events or more.*5000 or more without/,
    ],
    ['traffic.signature', seen(['valid', 1, 7], ['mismatch', 0.5, 5_000]), 'ok', /5000 or more with the signature of/],
    [
      'traffic.signature',
      seen(['valid', 5, 7], ['mismatch', 1, 2]),
      'broken',
      /the last accepted one came 2026-11-24T07/,
    ],
    ['traffic.signature', seen(['valid', 1, 7], ['mismatch', 25, 2]), 'ok', /Nothing was refused within a day/],
    // What was signed before the key was stored was signed with another.
    ['traffic.signature', { ...seen(['valid', 5, 7]), signingKeySinceMs: nowMs - 4 * hourMs }, 'waiting', /no event/],
    [
      'traffic.signature',
      { ...seen(['valid', 4.1, 7], ['mismatch', 3.9, 1]), signingKeySinceMs: nowMs - 4 * hourMs },
      'broken',
      /none was accepted/,
    ],
    ['traffic.mapped', unmappedSent(7), 'waiting', /campaign:24 \(7 messages\)/],
    ['traffic.mapped', {}, 'ok', /Looked at campaign:23, campaign:24\.$/],
    // Which campaigns ran when somebody last asked is no word of what sends now.
    ['traffic.mapped', { sightings: [] }, 'waiting', /No event has told.*Looked at campaign:24/],
    ['traffic.mapped', { unmappedLeftOut: 3 }, 'waiting', /3 further sources/],
  ]
  it.each(rows)('%s %#', (light, facts, state, sentence) => {
    expect(lightOf(facts, light)).toMatchObject({ state, seen: expect.stringMatching(sentence) })
  })
})

describe('the traffic of a template', () => {
  const served = cell(today, 'treatment', { served: 100, sent: 100, join_journey: 100, events: 100 })
  const rows: Row[] = [
    [named('copy.calls'), withCells(), 'waiting', /Nobody has asked/],
    [named('copy.calls'), withCells(served), 'ok', /100 times.*has not reported/],
    [
      named('copy.calls'),
      withCells(served, cell(today, 'action', { calls: 100, failed: 5 })),
      'ok',
      /reports 100 calls/,
    ],
    [
      named('copy.calls'),
      withCells(served, cell(today, 'action', { calls: 100, failed: 6 })),
      'broken',
      /6 of 100 calls.*failed/,
    ],
    [named('copy.calls'), withCells(cell(today, 'action', { calls: 3, undeliverable: 3 })), 'broken', /3 of 3/],
    [
      named('copy.calls'),
      withCells(served, cell(today, 'action', { calls: 100, attempted: 6 })),
      'broken',
      /tried again/,
    ],
    [named('copy.size'), withCells(), 'waiting', /No copy/],
    [named('copy.size'), withCells(served), 'ok', /All 100 copies fit into 1000 bytes/],
    [
      named('copy.size'),
      withCells(cell(today, 'treatment', { served: 9, oversize: 1 })),
      'broken',
      /1 of 9 copies were larger/,
    ],
    [named('arms.control'), withCells(), 'waiting', /No message was sent/],
    [named('arms.control'), withCells(served), 'broken', /none of a control/],
    [named('arms.control'), withCells(cell(today, 'treatment', { sent: 99 })), 'waiting', /99 messages.*none of a/],
    [
      named('arms.control'),
      withCells(served, cell(today, 'control', { sent: 2, events: 5 })),
      'ok',
      /2 control messages with 3 further events, and 100/,
    ],
    [
      named('arms.control'),
      withCells(
        cell(today, 'treatment', { sent: 100, events: 150 }),
        cell(today, 'control', { sent: 100, events: 100 }),
      ),
      'broken',
      /100 control messages were sent, and nothing else is reported of them.*50 further/,
    ],
    [named('events.metrics'), withCells(), 'waiting', /No message was reported/],
    [named('events.metrics'), withCells(cell(today, 'control', { sent: 99 })), 'waiting', /No converted among 99/],
    [
      named('events.metrics'),
      withCells(cell(today, 'control', { sent: 100 })),
      'broken',
      /Not one converted among 100/,
    ],
    [
      named('events.metrics'),
      withCells(cell(today, 'control', { sent: 100, converted: 1 })),
      'ok',
      /100 sent \(last of messages of 2026-11-24\), 1 converted/,
    ],
    [
      named('events.metrics'),
      {
        templates: [
          template([cell(today, 'control', { sent: 500 })], {
            template: { ...template([]).template, keyMetric: 'purchase' },
          }),
        ],
      },
      'ok',
      /500 sent/,
    ],
    [
      named('events.metrics'),
      withCells(cell(today, 'control', { sent: 100, stand_in: 6, converted: 9 })),
      'broken',
      /6 messages were never reported as sent/,
    ],
    [named('events.metrics'), withCells(cell(today, 'unsent', { unmatched: 2 })), 'broken', /2 messages were never/],
    [named('events.cut'), withCells(), 'ok', /looked at/],
    [
      named('events.cut'),
      withCells(
        cell(today, 'treatment', { sent: 5, events_cut: 2 }),
        cell(today, 'control', { sent: 5, events_cut: 1 }),
      ),
      'broken',
      /^3 of 10 messages/,
    ],
    [named('join.quality'), withCells(), 'waiting', /No message with new copy/],
    [
      named('join.quality'),
      withCells(cell(today, 'treatment', { join_journey: 90, join_latest: 5, join_none: 5 })),
      'ok',
      /90 by journey, 5 by person and time, 5 not/,
    ],
    [
      named('join.quality'),
      withCells(cell(today, 'treatment', { join_journey: 90, join_none: 6 })),
      'broken',
      /6 not at all/,
    ],
  ]
  it.each(rows)('%s %#', (light, facts, state, sentence) => {
    const check = lightOf(facts, light)
    expect(check).toMatchObject({ state, seen: expect.stringMatching(sentence) })
    if (state === 'broken') expect(check?.what_to_do).not.toBe('')
  })

  it('knows a control that is named for any of its sources', () => {
    const bare = integration({})
    const check = lightOf(
      { templates: [template([served], { integrations: [bare, connected] })] },
      named('arms.control'),
    )
    expect(check?.what_to_do).toContain('none of them has sent')
    const without = lightOf({ templates: [template([served], { integrations: [bare] })] }, named('arms.control'))
    expect(without?.what_to_do).toContain('Save the Control Action ID')
  })

  it('has no step of the set-up any more once it is archived, even if it was never begun', () => {
    const archived = { ...inState('archived'), verification: undefined }
    const about = judgeHealth({ ...well, templates: [archived] }).filter(({ id }) => id.includes(':'))
    expect(about).toEqual([])
  })

  it.each(['draft', 'archived'] as const)('is not judged while the template is %s', (status) => {
    expect(lightOf({ templates: [inState(status, wellCells)] }, named('copy.calls'))).toBeUndefined()
  })
})

describe('the light of counting anew', () => {
  const restatement: Restatement = {
    what: { kind: 'metrics' },
    requestedAtMs: nowMs - hourMs,
    pass: 1,
    deliveries: 0,
    revision: '1',
  }

  it('waits while it goes on, and is broken by deliveries that were set aside', () => {
    const light = (restatements: readonly Restatement[]) => lightOf({ restatements }, 'results.counted')
    expect(light([restatement])).toMatchObject({ state: 'waiting', since: '2026-11-24T11:00:00.000Z' })
    const held: Restatement = { ...restatement, pass: 3, aside: ['D1', 'D2'], requestedAtMs: nowMs - 2 * hourMs }
    expect(light([restatement, held])).toMatchObject({
      state: 'broken',
      since: '2026-11-24T10:00:00.000Z',
      seen: expect.stringMatching(/^2 deliveries/),
      what_to_do: expect.stringContaining('RemeasureOutcomes'),
    })
  })
})

describe('files of events', () => {
  const dropped = (...hoursAgo: number[]) => ({
    files: hoursAgo.map((hours) => ({ source: 'files', droppedAtMs: nowMs - hours * hourMs, isFailed: false })),
  })
  const rows: Row[] = [
    ['files.daily', {}, 'ok', /none are expected/],
    ['files.daily', dropped(2, 26, 50, 74), 'ok', /"files", daily: the last came 2026-11-24T10/],
    ['files.daily', dropped(35, 59, 83), 'ok', /daily/],
    ['files.daily', dropped(37, 61, 85), 'broken', /"files" came daily; the last came 2026-11-22T23/],
    // Now and then is no habit; nor are many files of one day.
    ['files.daily', dropped(100, 300), 'ok', /"files": the last came/],
    ['files.daily', dropped(100, 101, 102, 103), 'ok', /"files": the last came/],
    ['files.daily', dropped(15 * 24, 16 * 24, 17 * 24), 'ok', /none are expected/],
    [
      'files.daily',
      { files: [{ source: 'files', droppedAtMs: nowMs - hourMs, isFailed: true }, ...dropped(26).files] },
      'broken',
      /could not be loaded whole/,
    ],
  ]
  it.each(rows)('%s %#', (light, facts, state, sentence) => {
    expect(lightOf(facts, light)).toMatchObject({ state, seen: expect.stringMatching(sentence) })
  })
})

describe('the speed of copy', () => {
  const slow = (count: number, hoursAgo = 1) => ({
    ...withCells(cell(today, 'treatment', { served: 1_000 })),
    sightings: [{ what: 'copy.slow', atMs: nowMs - hoursAgo * hourMs, count }],
  })
  const rows: Row[] = [
    ['traffic.speed', {}, 'ok', /No call for copy took longer than 1 s/],
    ['traffic.speed', withCells(), 'waiting', /Nobody has asked/],
    ['traffic.speed', withCells(cell(today, 'control', { sent: 9 })), 'waiting', /Nobody has asked/],
    ['traffic.speed', withCells(cell('2026-11-20', 'treatment', { served: 1 })), 'ok', /No call/],
    ['traffic.speed', { ...slow(9), ...withCells() }, 'broken', /9 calls/],
    ['traffic.speed', slow(10), 'ok', /10 of 1000/],
    ['traffic.speed', slow(11), 'broken', /11 calls for copy or more took longer than 1 s/],
    ['traffic.speed', slow(500, 25), 'ok', /No call/],
  ]
  it.each(rows)('%s %#', (light, facts, state, sentence) => {
    expect(lightOf(facts, light)).toMatchObject({ state, seen: expect.stringMatching(sentence) })
  })
})
