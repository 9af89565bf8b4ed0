// Short ways to make events and outcomes in tests of the domain. Times are given in seconds after an arbitrary start.
import {
  actionIdSchema,
  copyIdSchema,
  deliveryIdSchema,
  personKeySchema,
  sourceRefSchema,
  templateIdSchema,
} from '../../contract/ids.ts'
import type { Integration } from '../../contract/integration.ts'
import type { Send, Served } from '../../contract/outcome.ts'
import type { ServeEvent } from '../../contract/stored-event.ts'
import type { DeliveryEvent, Placed } from '../../lambdas/domain/measuring/place-outcomes.ts'

export const startMs = 1_750_000_000_000
export const human = { prefetched: false, proxied: false, synthetic: false, machine: false }
export const ann = personKeySchema.parse('id:ann')
export const source = sourceRefSchema.parse('campaign:23')
export const templateId = templateIdSchema.parse('welcome_email')
export const controlAction = actionIdSchema.parse('42')
export const treatmentAction = actionIdSchema.parse('43')

export function deliveryEvent(metric: string, second: number, more: Partial<DeliveryEvent> = {}): DeliveryEvent {
  return {
    eventId: `${metric}-${second}`,
    channel: 'email',
    metric,
    atMs: startMs + second * 1_000,
    deliveryId: deliveryIdSchema.parse('d1'),
    identifiers: { id: 'ann' },
    source,
    machine: human,
    ...more,
  }
}

export function serveEvent(second: number, more: Partial<ServeEvent> = {}): ServeEvent {
  return {
    kind: 'serve',
    serveId: `s-${second}`,
    templateId,
    copyId: copyIdSchema.parse('a'),
    arm: 'treatment',
    servedAtMs: startMs + second * 1_000,
    userId: 'ann',
    choice: 'drawn',
    allocationVersion: 0,
    probability: 0.5,
    copyBytes: 100,
    oversize: false,
    ...more,
  }
}

export function send(second: number, more: Partial<Send> = {}): Placed<Send> {
  const outcome: Send = {
    kind: 'send',
    deliveryId: deliveryIdSchema.parse('d1'),
    channel: 'email',
    source,
    metrics: ['sent'],
    events: 1,
    openedEvents: 0,
    clickedEvents: 0,
    standIn: false,
    rule: 'none',
    ...more,
  }
  return { person: ann, atMs: startMs + second * 1_000, subject: `send:${outcome.deliveryId}`, outcome }
}

/** `second` may have a fraction: serves are stamped in milliseconds. */
export function served(second: number, more: Partial<Served> = {}): Placed<Served> {
  const serveId = more.serveId ?? `s-${second}`
  const { userId: _u, servedAtMs, copyBytes: _b, ...event } = serveEvent(second, { serveId })
  const outcome: Served = { ...event, counted: true, ...more }
  return { person: ann, atMs: servedAtMs, subject: `serve:${serveId}`, outcome }
}

export function integration(more: Partial<Integration> = {}): Integration {
  return {
    source,
    templateId,
    webhookActionIds: [],
    controlActionIds: [],
    treatmentActionIds: [],
    serveWindowDays: 30,
    ...more,
  }
}
