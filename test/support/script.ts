// Random scripts: what happens to one small org, and how it reaches us.
import * as fc from 'fast-check'
import { copyIdSchema, type PersonIdentifier, sourceRefSchema, templateIdSchema } from '../../contract/ids.ts'
import { type Integration, integrationSchema } from '../../contract/integration.ts'
import type { ServeEvent } from '../../contract/stored-event.ts'
import type { ServeName } from '../../lambdas/domain/copy/name-serve.ts'
import type { CustomRow, EventRules } from './oracle-events.ts'
import { customDraft, deliveries, eventRules, maybe, messageDraft, serveDraft, weighted } from './script-drafts.ts'

export type ScriptEvent = (
  | { readonly kind: 'message'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: 'serve'; readonly name: ServeName; readonly ordinal: number; readonly serve: ServeEvent }
  | {
      readonly kind: 'custom'
      readonly mode: 'first' | 'latest'
      readonly identifier: PersonIdentifier
      /** Sent one after the other, whenever it is sent. */
      readonly rows: readonly CustomRow[]
      /** Of those, the one that stands in the end. */
      readonly row: CustomRow
    }
) & {
  /** How often it arrives, 1 to 5. */
  readonly times: number
}

/** How the events reach us. */
export interface Passage {
  /** Decides the order of arrival, the cuts into batches and every fault. */
  readonly seed: number
  readonly consumers: number
  readonly longestBatch: number
  /** How many batches later than its event a record may come. */
  readonly lag: number
  readonly trouble: 'none' | 'some' | 'much'
  /** Attempts that the SDK makes before it gives up. */
  readonly attempts: number
}

export interface Script {
  readonly identifier: PersonIdentifier
  readonly integrations: readonly Integration[]
  readonly rules: EventRules
  /** What was set before, until some batches have been measured; absent: nothing was ever set otherwise. */
  readonly before?: Pick<Script, 'integrations' | 'rules'> & { readonly batches: number }
  readonly events: readonly ScriptEvent[]
  readonly passage: Passage
}

export const templates = ['welcome', 'promo'].map((id) => templateIdSchema.parse(id))
const integrations = fc
  .record({
    control: maybe(fc.constant('101'), 1),
    treatment: maybe(fc.constant('102'), 1),
    days: weighted([3, 30], [2, 1]),
  })
  .map(({ control, treatment, days }) =>
    (['campaign:23', 'broadcast:9', 'campaign:24'] as const).map((source, at) =>
      integrationSchema.parse({
        source: sourceRefSchema.parse(source),
        templateId: templates[at === 2 ? 1 : 0],
        webhookActionIds: ['7'],
        // The broadcast names no control action even where its template's campaign does.
        controlActionIds: control === undefined || at === 1 ? [] : [control],
        treatmentActionIds: treatment === undefined ? [] : [treatment],
        serveWindowDays: days,
      }),
    ),
  )

function toOtherTemplate(integration: Integration): Integration {
  const templateId = templates.find((id) => id !== integration.templateId) ?? integration.templateId
  return { ...integration, templateId }
}

type Drawn<A> = A extends fc.Arbitrary<infer T> ? T : never

export const scripts: fc.Arbitrary<Script> = fc
  .record({
    identifier: weighted<PersonIdentifier>([4, 'id'], [1, 'email'], [1, 'cio_id']),
    integrations,
    rules: eventRules,
    before: maybe(
      fc.record({
        integrations,
        mapped: fc.subarray([0, 1, 2]),
        /** Those that were of the other template. */
        moved: fc.subarray([0, 1, 2]),
        rules: eventRules,
        batches: fc.nat(6),
      }),
      1,
    ),
    deliveries,
    drafts: fc.array(
      fc.oneof(
        { weight: 5, arbitrary: messageDraft },
        { weight: 2, arbitrary: serveDraft },
        { weight: 3, arbitrary: customDraft },
      ),
      { minLength: 4, maxLength: 18, size: 'max' },
    ),
    passage: fc.record({
      seed: fc.nat(),
      consumers: fc.integer({ min: 2, max: 4 }),
      longestBatch: fc.integer({ min: 1, max: 6 }),
      lag: fc.nat(3),
      trouble: weighted<Passage['trouble']>([1, 'none'], [2, 'some'], [1, 'much']),
      attempts: fc.integer({ min: 1, max: 3 }),
    }),
  })
  .map(({ identifier, integrations, rules, before, deliveries, drafts, passage }) => ({
    identifier,
    integrations,
    rules,
    ...(before !== undefined && {
      before: {
        ...before,
        integrations: before.integrations
          .map((one, at) => (before.moved.includes(at) ? toOtherTemplate(one) : one))
          .filter((_, at) => before.mapped.includes(at)),
      },
    }),
    events: drafts.map((draft, at) => {
      if (draft.kind === 'message') return messageOf(draft, at, deliveries)
      return draft.kind === 'serve' ? serveOf(draft, at, identifier) : customOf(draft, at, identifier)
    }),
    passage,
  }))

function messageOf(
  draft: Drawn<typeof messageDraft>,
  at: number,
  { messages, calls }: Drawn<typeof deliveries>,
): ScriptEvent {
  const index = draft.of % (draft.call ? calls : messages).length
  const message = messages[index]
  const usual = draft.call ? calls[index] : message?.facts
  const { who, source, action, journey } = { ...usual, ...withoutUndefined(draft.other) }
  const data = {
    delivery_id: draft.call ? `C${index}` : `D${index}`,
    ...{ ...who, ...source, ...action, ...journey, ...draft.flags },
    ...(draft.large && { content: 'lorem ipsum '.repeat(120) }),
  }
  return {
    kind: 'message',
    body: {
      // Ids that do not sort in the order of arrival.
      event_id: `E${(at * 7) % 19}-${at}`,
      object_type: draft.call ? 'webhook' : message?.channel,
      metric: draft.call ? draft.callMetric : draft.metric,
      timestamp: draft.second,
      data,
    },
    times: draft.times,
  }
}

/** A serve of its own key and id: `ordinal` keeps apart those that one call asked for. */
function serveOf(draft: Drawn<typeof serveDraft>, at: number, identifier: PersonIdentifier): ScriptEvent {
  const { user, templateId } = draft
  const named =
    user === undefined ? {} : { userId: { id: `${user}`, email: `ANN${user}@x.org `, cio_id: `c${user}` }[identifier] }
  const serve: ServeEvent = {
    kind: 'serve',
    serveId: `sv_${(at * 7) % 19}`,
    templateId: templates[templateId] ?? templateIdSchema.parse('welcome'),
    copyId: copyIdSchema.parse(draft.copy),
    arm: draft.copy === 'c' ? 'control' : 'treatment',
    servedAtMs: draft.second * 1000 + draft.offsetMs,
    ...named,
    ...trackingOf(draft),
    choice: draft.choice,
    allocationVersion: draft.version,
    probability: draft.choice === 'drawn' ? 0.5 : 1,
    copyBytes: 10,
    oversize: draft.oversize,
  }
  const id = draft.name === 'delivery' ? `C${draft.of}` : `${draft.name === 'unnamed' ? at : draft.of}`
  return { kind: 'serve', name: { kind: draft.name, id }, ordinal: at, serve, times: draft.times }
}

/** A serve that a tracking id named has that one; others may have one too. */
function trackingOf({ name, of, tracking }: Drawn<typeof serveDraft>): { trackingId?: string } {
  const id = name === 'tracking' ? of : tracking
  return id === undefined ? {} : { trackingId: `${id}` }
}

function customOf(
  { mode, rows, named, times }: Drawn<typeof customDraft>,
  at: number,
  identifier: PersonIdentifier,
): ScriptEvent {
  const contents = rows.map((row) => {
    const { name, second, offset, ms, person, number, delivery, tracking, value, currency } = row
    const user_id = { id: `${number}`, email: `ann${number}@x.org`, cio_id: `c${number}` }[identifier]
    const email = `ann${number}@x.org`
    const persons = { user: { user_id }, email: { email }, both: { user_id, email }, nobody: {} }[person]
    // Somebody or something has to be named.
    const beside = person === 'nobody' && tracking === undefined ? (delivery ?? 'D0') : delivery
    return {
      ...(named && { event_id: `X${at}` }),
      ...{ name, timestamp: (second + offset) * 1000 + ms, ...persons, n: at },
      ...(beside !== undefined && { delivery_id: beside }),
      ...(tracking !== undefined && { tracking_id: `${tracking}` }),
      ...(value !== undefined && { value: fitting(value, currency) }),
      ...(currency !== undefined && { currency }),
    }
  })
  const versions = named ? contents : contents.slice(0, 1)
  const row = (mode === 'first' ? versions[0] : versions.at(-1)) ?? {}
  return { kind: 'custom', mode, identifier, rows: versions, row, times }
}

/** Values that the reader would refuse never come to be stored. */
function fitting(value: string, currency: string | undefined): string {
  if (currency === 'JPY') return value.replace(/\..*/, '')
  return currency === 'EUR' ? value.replace('0.125', '0.12') : value
}

function withoutUndefined<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as never
}
