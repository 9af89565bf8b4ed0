// Every authenticated body ends in one of two places: among the events, or set aside with every reason.
import type { OrgSlug, SourceRef } from '../../contract/ids.ts'
import type { QuarantineReason, WebhookAnswer } from '../../contract/reporting-event.ts'
import { type AcceptedBody, classifyBody } from '../domain/events/classify-body.ts'

export interface KeepDeps {
  readonly events: {
    append(
      org: OrgSlug,
      accepted: AcceptedBody,
      receivedAtMs: number,
      signal: AbortSignal,
    ): Promise<'stored' | 'duplicate' | 'conflict' | 'too_large' | 'unstorable'>
  }
  readonly quarantine: {
    setAside(
      org: OrgSlug,
      bytes: Uint8Array,
      reasons: readonly QuarantineReason[],
      receivedAtMs: number,
      signal: AbortSignal,
    ): Promise<string>
  }
  readonly now: () => number
}

export interface Kept {
  readonly answer: WebhookAnswer
  /** Why the body was set aside, if it was: codes, each once. */
  readonly codes: readonly string[]
  /** What the message of a stored event was sent from. */
  readonly source?: SourceRef | undefined
}

/** Stores a body where it belongs; when this returns it is stored. @throws when a table cannot answer. */
export async function keepEvent(deps: KeepDeps, org: OrgSlug, bytes: Uint8Array, signal: AbortSignal): Promise<Kept> {
  const receivedAtMs = deps.now()
  const setAside = async (
    status: 'quarantined' | 'conflict',
    eventId: string | undefined,
    reasons: readonly QuarantineReason[],
  ): Promise<Kept> => {
    const digest = await deps.quarantine.setAside(org, bytes, reasons, receivedAtMs, signal)
    return { answer: { status, event_id: eventId ?? digest }, codes: [...new Set(reasons.map(({ code }) => code))] }
  }
  const body = classifyBody(bytes)
  if (body.kind === 'poison') return setAside('quarantined', body.eventId, body.reasons)
  const appended = await deps.events.append(org, body, receivedAtMs, signal)
  switch (appended) {
    case 'stored':
      return { answer: { status: 'accepted', event_id: body.eventId }, codes: [], source: body.source }
    case 'duplicate':
      return { answer: { status: 'duplicate', event_id: body.eventId }, codes: [] }
    case 'conflict':
      return setAside('conflict', body.eventId, [reasons.conflict])
    case 'too_large':
      return setAside('quarantined', body.eventId, [reasons.tooLarge])
    case 'unstorable':
      return setAside('quarantined', body.eventId, [reasons.unstorable])
  }
}

const reasons = {
  conflict: {
    code: 'event.conflict',
    message: 'body: seen an event id that is stored with other content; allowed one content per event id',
  },
  tooLarge: { code: 'event.too_large', message: 'body: seen an event that, compressed, is larger than an item can be' },
  unstorable: { code: 'event.unstorable', message: 'body: seen an event that the table refuses' },
} as const satisfies Record<string, QuarantineReason>
