// Fills a gap in the reporting events of one campaign from its messages in the App API, page by page until the time is up.
// Whatever was filled before is found again as a duplicate, so it may be started, stopped and repeated at will.
import type { CampaignMessage } from '../../contract/customerio.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import { maxBackfillDays } from '../../contract/limits.ts'
import { type AcceptedBody, classifyBody } from '../domain/events/classify-body.ts'
import { type EventsWanted, readCampaignMessage } from '../domain/events/read-campaign-message.ts'
import { CioFailure } from '../domain/health/cio-failure.ts'
import { inLanes } from './in-lanes.ts'

type Appended = 'stored' | 'duplicate' | 'conflict' | 'too_large' | 'unstorable'

export interface BackfillDeps {
  readonly readMessages: (question: {
    readonly campaignId: string
    readonly fromSeconds: number
    readonly toSeconds: number
    readonly limit: number
    readonly start?: string | undefined
  }) => Promise<{ readonly messages: readonly CampaignMessage[]; readonly next?: string | undefined }>
  readonly append: (
    org: OrgSlug,
    accepted: AcceptedBody,
    receivedAtMs: number,
    signal: AbortSignal,
  ) => Promise<Appended>
  readonly now: () => number
}

export interface BackfillQuestion extends EventsWanted {
  readonly org: OrgSlug
  readonly campaignId: string
  /** Where an earlier run stopped. */
  readonly start?: string | undefined
  /** No page but the first is begun after this. */
  readonly untilMs: number
}

export interface BackfillProgress {
  readonly messages: number
  /** `changed`: Customer.io told it otherwise in an earlier run, which stands. `unreadable`: not an event that can be kept. */
  readonly events: Readonly<Record<'stored' | 'duplicate' | 'changed' | 'unreadable', number>>
  /** Where to go on; absent when all is done. */
  readonly next?: string | undefined
  /** Why it stopped, when Customer.io did not answer. */
  readonly failure?: CioFailure
}

/** Small enough that a page is stored within a second. */
const messagesAPage = 50
const lanes = 16
const daySeconds = 86_400
/**
 * The App API finds messages by when they were made; what happened in the gap may be to a message made before. Customer.io
 * lets a conversion count for a message for up to 90 days.
 */
const madeBeforeSeconds = 90 * daySeconds

/** @throws what the table throws; what was stored until then is found as a duplicate by the next run */
export async function backfillMessages(
  deps: BackfillDeps,
  question: BackfillQuestion,
  signal: AbortSignal,
): Promise<BackfillProgress> {
  const events = { stored: 0, duplicate: 0, changed: 0, unreadable: 0 }
  const { org, campaignId, fromSeconds, toSeconds, untilMs } = question
  let { start } = question
  let messages = 0
  const made = { fromSeconds: madeFrom(fromSeconds, deps.now()), toSeconds }
  do {
    try {
      const page = await deps.readMessages({ campaignId, ...made, limit: messagesAPage, start })
      const found = page.messages.flatMap((message) => readCampaignMessage(message, question))
      const kinds = await inLanes(found, lanes, (event) => keep(deps, org, event, signal))
      for (const kind of kinds) events[kind]++
      messages += page.messages.length
      start = page.next
      if (start === undefined) return { messages, events }
    } catch (failure) {
      if (!(failure instanceof CioFailure)) throw failure
      return { messages, events, next: start, failure }
    }
  } while (deps.now() < untilMs)
  return { messages, events, next: start }
}

/** No earlier than Customer.io keeps messages, by whole days, so that a run that goes on asks the same question. */
function madeFrom(fromSeconds: number, nowMs: number): number {
  const oldest = Math.ceil(nowMs / 1_000 / daySeconds - maxBackfillDays) * daySeconds
  return Math.max(fromSeconds - madeBeforeSeconds, Math.min(fromSeconds, oldest))
}

async function keep(
  { append, now }: BackfillDeps,
  org: OrgSlug,
  event: object,
  signal: AbortSignal,
): Promise<keyof BackfillProgress['events']> {
  const body = classifyBody(Buffer.from(JSON.stringify(event)))
  if (body.kind === 'poison') return 'unreadable'
  const appended = await append(org, body, now(), signal)
  switch (appended) {
    case 'stored':
    case 'duplicate':
      return appended
    case 'conflict':
      return 'changed'
    case 'too_large':
    case 'unstorable':
      return 'unreadable'
  }
}
