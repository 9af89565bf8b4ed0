// Random scripts: what happens to one small org, and how it reaches us.
import * as fc from 'fast-check'
import { copyIdSchema, type PersonIdentifier, sourceRefSchema, templateIdSchema } from '../../contract/ids.ts'
import { type Integration, integrationSchema } from '../../contract/integration.ts'
import type { ServeEvent } from '../../contract/stored-event.ts'
import type { ServeName } from '../../lambdas/domain/name-serve.ts'
import { deliveries, maybe, messageDraft, serveDraft, weighted } from './script-drafts.ts'

export type ScriptEvent = (
  | { readonly kind: 'message'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: 'serve'; readonly name: ServeName; readonly ordinal: number; readonly serve: ServeEvent }
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

type Drawn<A> = A extends fc.Arbitrary<infer T> ? T : never

export const scripts: fc.Arbitrary<Script> = fc
  .record({
    identifier: weighted<PersonIdentifier>([4, 'id'], [1, 'email'], [1, 'cio_id']),
    integrations,
    deliveries,
    drafts: fc.array(fc.oneof({ weight: 5, arbitrary: messageDraft }, { weight: 2, arbitrary: serveDraft }), {
      minLength: 4,
      maxLength: 14,
      size: 'max',
    }),
    passage: fc.record({
      seed: fc.nat(),
      consumers: fc.integer({ min: 2, max: 4 }),
      longestBatch: fc.integer({ min: 1, max: 6 }),
      lag: fc.nat(3),
      trouble: weighted<Passage['trouble']>([1, 'none'], [2, 'some'], [1, 'much']),
      attempts: fc.integer({ min: 1, max: 3 }),
    }),
  })
  .map(({ identifier, integrations, deliveries, drafts, passage }) => ({
    identifier,
    integrations,
    events: drafts.map((draft, at) =>
      draft.kind === 'message' ? messageOf(draft, at, deliveries) : serveOf(draft, at, identifier),
    ),
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
      event_id: `E${(at * 7) % 15}-${at}`,
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
    serveId: `sv_${(at * 7) % 15}`,
    templateId: templates[templateId] ?? templateIdSchema.parse('welcome'),
    copyId: copyIdSchema.parse(draft.copy),
    arm: draft.copy === 'c' ? 'control' : 'treatment',
    servedAtMs: draft.second * 1000 + draft.offsetMs,
    ...named,
    choice: draft.choice,
    allocationVersion: draft.version,
    probability: draft.choice === 'drawn' ? 0.5 : 1,
    copyBytes: 10,
    oversize: draft.oversize,
  }
  const id = draft.name === 'delivery' ? `C${draft.of}` : `${draft.name === 'unnamed' ? at : draft.of}`
  return { kind: 'serve', name: { kind: draft.name, id }, ordinal: at, serve, times: draft.times }
}

function withoutUndefined<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as never
}
