// Every light in every state that it can have: facts in, sentence out.
import { describe, expect, it } from 'vitest'
import { checkSchema } from '../../contract/check.ts'
import { actionIdSchema } from '../../contract/ids.ts'
import type { Restatement } from '../../contract/restatement.ts'
import type { Cell, CellChange, Counts } from '../../contract/result-cell.ts'
import type { HealthFacts, TemplateFacts } from '../../lambdas/domain/health-facts.ts'
import { judgeHealth } from '../../lambdas/domain/judge-health.ts'
import { sumDays } from '../../lambdas/domain/sum-days.ts'
import { integration, templateId } from '../support/placed.ts'

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
    integration: connected,
    verification: { checkedAtMs: nowMs, findings: [{ ...finding, id: 'integration.campaign' }] },
    days: sumDays(cells),
    ...over,
  }
}

const well: HealthFacts = {
  nowMs,
  webhookSignature: 'required',
  settings: { checkedAtMs: nowMs, findings: [finding] },
  reportingWebhook: { checkedAtMs: nowMs, findings: [{ ...finding, id: 'webhook.exists' }] },
  generateKeys: 1,
  templates: [template(wellCells)],
  unmapped: [{ source: 'campaign:24', days: [] }],
  refusals: [],
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
  const empty = { webhookSignature: 'none', settings: undefined, reportingWebhook: undefined, generateKeys: 0 } as const
  const checks = judgeHealth({ ...well, ...empty, templates: [], unmapped: [] })
  expect(checks.filter(({ state }) => state === 'broken').map(({ id }) => id)).toEqual(['traffic.signature'])
  expect(checks.filter(({ state }) => state === 'waiting').map(({ id }) => id)).toEqual([
    'customerio.key',
    'keys.generate',
    'webhook.exists',
    'traffic.events',
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
    ['webhook.exists', { reportingWebhook: undefined }, 'waiting', /has not been asked/],
    [
      named('integration.campaign'),
      { templates: [template([], { verification: undefined })] },
      'waiting',
      /has not been asked/,
    ],
    [
      'quarantine',
      { setAside: [{ receivedAtMs: nowMs, codes: ['event.invalid'] }] },
      'broken',
      /1 or more.*event\.invalid/,
    ],
  ]
  it.each(rows)('%s %#', (light, facts, state, sentence) => {
    expect(lightOf(facts, light)).toMatchObject({ state, seen: expect.stringMatching(sentence) })
  })

  it('tell since when they stand', () => {
    expect(lightOf({}, 'customerio.key')?.since).toBe('2026-11-24T11:00:00.000Z')
    const bodies = [nowMs, nowMs - hourMs].map((receivedAtMs) => ({ receivedAtMs, codes: ['event.invalid'] }))
    expect(lightOf({ setAside: bodies }, 'quarantine')?.since).toBe('2026-11-24T11:00:00.000Z')
  })
})

describe('troubleshooting: webhook never fires, no events arriving, credentials', () => {
  const refusal = (why: string, agoMs: number) => ({ why, firstAtMs: nowMs - agoMs - hourMs, lastAtMs: nowMs - agoMs })
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
    [
      'traffic.signature',
      { refusals: [refusal('signature.mismatch', hourMs)] },
      'broken',
      /another key than the one stored here/,
    ],
    [
      'traffic.signature',
      { refusals: [refusal('signature.too_old', hourMs)] },
      'broken',
      /longer ago than the settings allow/,
    ],
    ['traffic.signature', { refusals: [refusal('signature.unsigned', hourMs)] }, 'ok', /as they should be/],
    ['traffic.signature', { refusals: [refusal('signature.mismatch', 25 * hourMs)] }, 'ok', /nothing was refused/],
    ['traffic.mapped', unmappedSent(7), 'waiting', /campaign:24 \(7 messages\)/],
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
    [named('arms.control'), withCells(served, cell(today, 'control', { sent: 2 })), 'ok', /2 control messages and 100/],
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
      /100 sent, 1 converted/,
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

  it.each(['draft', 'archived'] as const)('is not judged while the template is %s', (status) => {
    const facts = template(wellCells, { template: { ...template([]).template, status } })
    expect(lightOf({ templates: [facts] }, named('copy.calls'))).toBeUndefined()
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
