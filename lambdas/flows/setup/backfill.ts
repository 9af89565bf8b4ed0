// The route that fills a gap in the reporting events of a campaign.
import type { AuditEntry } from '../../../contract/audit.ts'
import type { OrgSlug } from '../../../contract/ids.ts'
import { backfillRunMs, maxBackfillDays } from '../../../contract/limits.ts'
import { type BackfillAnswer, type BackfillRequest, backfillRequestSchema } from '../../../contract/setup-answers.ts'
import { Fault } from '../../domain/api/fault.ts'
import { CioFailure, explainFailure } from '../../domain/health/cio-failure.ts'
import { planReportingWebhook } from '../../domain/health/plan-reporting-webhook.ts'
import { webhookUrl } from '../../domain/settings/show-settings.ts'
import { type BackfillDeps, type BackfillProgress, backfillMessages } from '../backfill-messages.ts'
import { type Action, readBody } from '../manage/call.ts'
import { type ConnectDeps, type Customerio, connect, noKey } from './customerio.ts'

export interface BackfillRouteDeps extends ConnectDeps {
  readonly append: BackfillDeps['append']
  /** What `append` would answer; writes nothing. */
  readonly lookAt: BackfillDeps['append']
  readonly addAudit: (org: OrgSlug, entry: AuditEntry) => Promise<void>
  readonly apiUrl: string
  readonly now: () => number
}

const daySeconds = 86_400
const nothing = { messages: 0, events: { stored: 0, duplicate: 0, changed: 0, unreadable: 0 } } as const

export function backfill(deps: BackfillRouteDeps): Action {
  return async (call) => {
    const request = readBody(backfillRequestSchema, call)
    const startedMs = deps.now()
    const gap = gapOf(request, startedMs)
    const { region, ask } = await connect(deps, call)
    if (ask === undefined) return { body: { ...nothing, state: 'stopped', next: null, ...noKey } }
    const cio = ask(region)
    if (request.next == null && !request.dry_run) {
      const { campaign_id, from, to } = request
      const after = { from, to }
      const entry = { atMs: startedMs, who: call.who, action: call.action, before: null, after }
      await deps.addAudit(call.org, { ...entry, what: `backfill:${campaign_id}` })
    }
    try {
      const selected = await selectedEvents(cio, webhookUrl(deps.apiUrl, call.org))
      const question = {
        org: call.org,
        campaignId: request.campaign_id,
        ...gap,
        selected,
        start: request.next ?? undefined,
        untilMs: startedMs + backfillRunMs,
      }
      const readMessages = (page: Parameters<Customerio['readMessages']>[0]) => cio.readMessages(page)
      const append = request.dry_run ? deps.lookAt : deps.append
      const progress = await backfillMessages({ readMessages, append, now: deps.now }, question, call.signal)
      return { body: describe(progress, request.dry_run) }
    } catch (failure) {
      if (!(failure instanceof CioFailure)) throw failure
      return { body: describe({ ...nothing, next: request.next ?? undefined, failure }, request.dry_run) }
    }
  }
}

/** What the reporting webhook would have told; everything when there is none of ours. */
async function selectedEvents(cio: Customerio, endpoint: string): Promise<ReadonlySet<string> | undefined> {
  const { ours } = planReportingWebhook(await cio.listReportingWebhooks(), { endpoint, mayEnable: false })
  return ours === undefined ? undefined : new Set(ours.events)
}

/** @throws Fault `body.invalid` for days that are none, in the wrong order, to come, or longer ago than Customer.io keeps */
function gapOf({ from, to }: BackfillRequest, nowMs: number): { fromSeconds: number; toSeconds: number } {
  const fromSeconds = Date.parse(`${from}T00:00:00.000Z`) / 1_000
  const toSeconds = Date.parse(`${to}T00:00:00.000Z`) / 1_000 + daySeconds - 1
  const refuse = (path: string, message: string) => new Fault('body.invalid', [{ path, message }])
  if (Number.isNaN(fromSeconds)) throw refuse('from', 'saw a day that is none, allowed is a day as YYYY-MM-DD')
  if (Number.isNaN(toSeconds)) throw refuse('to', 'saw a day that is none, allowed is a day as YYYY-MM-DD')
  if (fromSeconds > toSeconds) throw refuse('to', 'saw a day before `from`, allowed is that day or a later one')
  const nowSeconds = nowMs / 1_000
  if (fromSeconds > nowSeconds) throw refuse('from', 'saw a day to come, allowed is today or earlier')
  if (nowSeconds - fromSeconds > maxBackfillDays * daySeconds) {
    throw refuse('from', `saw a day longer ago than Customer.io keeps, allowed are the last ${maxBackfillDays} days`)
  }
  return { fromSeconds, toSeconds }
}

function describe({ messages, events, next, failure }: BackfillProgress, dryRun: boolean): BackfillAnswer {
  const filled = `${events.stored} events ${dryRun ? 'would be ' : ''}filled in`
  const counts = `${messages} messages read: ${filled}, ${events.duplicate} filled in before.`
  const base = { messages, events: { ...events }, next: next ?? null }
  if (failure !== undefined) {
    const { seen, what_to_do } = explainFailure(failure)
    return { ...base, state: 'stopped', seen: `${seen} ${counts}`, what_to_do }
  }
  if (next !== undefined) return { ...base, state: 'more', seen: counts, what_to_do: 'Ask again with `next` to go on.' }
  return { ...base, state: 'complete', seen: counts, what_to_do: '' }
}
