// The rows of a call that sends custom events.
import { maxEventsBodyBytes, maxEventsNodes } from '../../contract/limits.ts'
import { parseExactly, readEventsBody } from '../domain/events/read-events-body.ts'
import type { ApiEvent } from './api.ts'
import { readJsonBody } from './json-body.ts'

/** Each row as it came, not yet judged. @throws Fault for a body that cannot be read */
export function readEventsCall(event: ApiEvent): readonly unknown[] {
  const manners = { parse: parseExactly, tooLarge: 'body.too_large_events', maxNodes: maxEventsNodes } as const
  return readEventsBody(readJsonBody(event, maxEventsBodyBytes, manners))
}
