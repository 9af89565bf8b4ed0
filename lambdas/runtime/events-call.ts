// The rows of a call that sends custom events.
import { maxEventsBodyBytes, maxEventsNodes, maxEventsPerCall } from '../../contract/limits.ts'
import { readEventsBody, rereadExactly } from '../domain/events/read-events-body.ts'
import type { ApiEvent } from './api.ts'
import { readJsonBody } from './json-body.ts'

/** Each row as it came, not yet judged. @throws Fault for a body that cannot be read */
export function readEventsCall(event: ApiEvent): readonly unknown[] {
  const manners = { reread: rereadExactly, tooLarge: 'body.too_large_events', maxNodes: maxEventsNodes } as const
  return readEventsBody(readJsonBody(event, maxEventsBodyBytes, manners))
}

/** How many events a call takes that is as large: what a body costs that cannot be read. */
export function eventsInSize({ body = '' }: ApiEvent): number {
  return Math.max(1, Math.ceil((body.length * maxEventsPerCall) / maxEventsBodyBytes))
}
