// Two consumers that measure what depends on one another: what each of them brings, and what was there before.
import { copyIdSchema, sourceRefSchema, templateIdSchema } from '../../contract/ids.ts'
import { type Integration, integrationSchema } from '../../contract/integration.ts'
import { usualMetricRules } from '../../contract/metric.ts'
import type { EventRules } from '../support/oracle-events.ts'
import type { ScriptEvent } from '../support/script.ts'

export interface Scenario {
  readonly name: string
  readonly before: readonly ScriptEvent[]
  readonly a: ScriptEvent
  readonly b: ScriptEvent
  /** Custom events may bump no revision: then nobody loses a race, and looking again has to do. */
  readonly unguarded?: true
}

const noon = Date.UTC(2026, 10, 20, 12) / 1000

export const integrations: readonly Integration[] = [
  integrationSchema.parse({
    source: sourceRefSchema.parse('campaign:23'),
    templateId: templateIdSchema.parse('welcome'),
    webhookActionIds: ['7'],
    controlActionIds: [],
    treatmentActionIds: [],
    serveWindowDays: 30,
  }),
]

export const rules: EventRules = { currency: 'EUR', defaults: usualMetricRules, metrics: [] }

interface Details {
  readonly second?: number
  readonly person?: string
  readonly data?: Readonly<Record<string, unknown>>
}

/** An event of a message `D…` or of a webhook call `C…`. `second` counts from noon. */
export function message(
  delivery_id: string,
  metric: string,
  { second = 10, person = '1', data = {} }: Details = {},
): ScriptEvent {
  const event_id = `${delivery_id}-${metric}-${second}-${JSON.stringify(data)}`.slice(0, 100)
  const object_type = delivery_id.startsWith('C') ? 'webhook' : 'email'
  const facts = { delivery_id, campaign_id: 23, identifiers: { id: person }, ...data }
  return { kind: 'message', body: { event_id, object_type, metric, timestamp: noon + second, data: facts }, times: 1 }
}

export function serve(serveId: string, copy: string, { second = 0, person }: Details = {}): ScriptEvent {
  return {
    kind: 'serve',
    name: { kind: 'delivery', id: `C${serveId}` },
    ordinal: 0,
    serve: {
      kind: 'serve',
      serveId,
      templateId: templateIdSchema.parse('welcome'),
      copyId: copyIdSchema.parse(copy),
      arm: 'treatment',
      servedAtMs: (noon + second) * 1000 + 250,
      ...(person !== undefined && { userId: person }),
      choice: 'drawn',
      allocationVersion: 0,
      probability: 0.5,
      copyBytes: 10,
      oversize: false,
    },
    times: 1,
  }
}

/** A customer's own event, in one content or in several that follow one another. */
export function purchase(second: number, ...rows: readonly Readonly<Record<string, unknown>>[]): ScriptEvent {
  const usual = {
    event_id: `P${second}`,
    name: 'purchase',
    user_id: '1',
    timestamp: (noon + second) * 1000,
    value: '5',
  }
  const contents = rows.map((row) => Object.fromEntries(Object.entries({ ...usual, ...row }).filter(([, v]) => v)))
  return { kind: 'custom', mode: 'latest', identifier: 'id', rows: contents, row: contents.at(-1) ?? {}, times: 1 }
}

const journey = { journey_id: 'J1' }

export const scenarios: readonly Scenario[] = [
  {
    name: 'a serve, and the send that it explains',
    before: [],
    a: serve('S1', 'a', { person: '1' }),
    b: message('D1', 'sent'),
  },
  {
    name: 'an earlier and a later serve of a send',
    before: [message('D1', 'sent')],
    a: serve('S1', 'a', { person: '1', second: 1 }),
    b: serve('S2', 'b', { person: '1', second: 2 }),
  },
  {
    name: 'the journey and person of a serve, and a send of that journey',
    before: [serve('S1', 'a'), serve('S2', 'b', { person: '1', second: 5 })],
    a: message('CS1', 'sent', { second: 1, data: journey }),
    b: message('D1', 'sent', { data: journey }),
  },
  {
    name: 'an earlier sent that moves the send to another person, and an open',
    before: [message('D1', 'sent'), serve('S1', 'a', { person: '2', second: 1 })],
    a: message('D1', 'sent', { second: 5, person: '2' }),
    b: message('D1', 'opened', { second: 20 }),
  },
  {
    name: 'an open of a delivery that is not sent yet, and its sent',
    before: [message('D1', 'clicked', { second: 30, data: { machine: true } })],
    a: message('D1', 'opened', { second: 20 }),
    b: message('D1', 'sent'),
  },
  {
    name: 'an inferred open, and the human click behind it',
    before: [message('D1', 'sent')],
    a: message('D1', 'opened', { second: 20, data: { synthetic: true } }),
    b: message('D1', 'clicked', { second: 20 }),
  },
  {
    name: 'a send, and a purchase after it',
    before: [],
    a: message('D1', 'sent'),
    b: purchase(20, {}),
    unguarded: true,
  },
  {
    name: 'a later send that takes over a purchase, and the purchase',
    before: [message('D1', 'sent', { second: 0 })],
    a: message('D2', 'sent'),
    b: purchase(20, {}),
  },
  {
    name: 'a send, and a purchase that names nothing but its delivery',
    before: [],
    a: message('D1', 'sent'),
    b: purchase(20, { user_id: undefined, delivery_id: 'D1' }),
    unguarded: true,
  },
  {
    name: 'a purchase, and its correction to another person',
    before: [message('D1', 'sent'), message('D2', 'sent', { person: '2' })],
    a: purchase(30, {}),
    b: purchase(20, {}, { user_id: '2', value: '7' }),
    unguarded: true,
  },
]
