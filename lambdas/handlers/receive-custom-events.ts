// Events that customers' own servers send: checks the key, reads every row, keeps the good ones and answers for each.
import * as environments from '../../contract/environments.ts'
import { answerBudgetMs } from '../../contract/limits.ts'
import { commonProblems } from '../../contract/problems.ts'
import { type KeepCustomEventsDeps, keepCustomEvents } from '../flows/keep-custom-events.ts'
import { type ApiAnswer, type ApiEvent, type ApiHandler, answer, apiHandler } from '../runtime/api.ts'
import { withinBudget } from '../runtime/budget.ts'
import { makeDynamoForCallers } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { eventsInSize, readEventsCall } from '../runtime/events-call.ts'
import { type FairShare, makeFairShare, readCounted } from '../runtime/fair-share.ts'
import { type CheckKey, makeKeyCheck } from '../runtime/key-check.ts'
import { type Log, makeLog } from '../runtime/log.ts'
import { makeOrgLookup } from '../runtime/org-lookup.ts'
import { makeTellMetrics, type TellMetrics } from '../runtime/tell-metrics.ts'
import { makeCustomEventStore } from '../store/custom-events.ts'
import { makeNoteKeyUse } from '../store/key-uses.ts'
import { makeChargeRate } from '../store/rate-debts.ts'
import { makeSettingsStore } from '../store/settings.ts'

// ---- called by AWS ----
export const handler: ApiHandler = (event, context) => {
  perRequest ??= coldStart()
  return perRequest(event, context)
}

// ---- once per cold start ----
let perRequest: ApiHandler | undefined

function coldStart(): ApiHandler {
  const env = readEnvironment(environments.ReceiveCustomEvents)
  const client = makeDynamoForCallers()
  const log = makeLog('ReceiveCustomEvents')
  const settings = makeSettingsStore(client, env.SETTINGS_TABLE)
  return makeReceiveCustomEvents({
    checkKey: makeKeyCheck({
      findApiKey: settings.findApiKey,
      noteKeyUse: makeNoteKeyUse(client, env.SETTINGS_TABLE),
      now: Date.now,
      stage: env.STAGE,
    }),
    findOrg: makeOrgLookup(settings.findOrg, Date.now),
    keep: makeCustomEventStore(client, env.EVENTS_TABLE).keep,
    now: Date.now,
    tellMetrics: makeTellMetrics(),
    share: makeFairShare({ what: 'events', charge: makeChargeRate(client, env.SETTINGS_TABLE), now: Date.now, log }),
    log,
  })
}

// ---- once per request ----
export interface ReceiveCustomEventsDeps extends KeepCustomEventsDeps {
  readonly checkKey: CheckKey
  readonly share: FairShare
  readonly log: Log
  readonly tellMetrics: TellMetrics
}

export function makeReceiveCustomEvents(deps: ReceiveCustomEventsDeps): ApiHandler {
  return apiHandler(deps.log, (event) => withinBudget(answerBudgetMs, (signal) => receive(deps, event, signal)))
}

async function receive(deps: ReceiveCustomEventsDeps, event: ApiEvent, signal: AbortSignal): Promise<ApiAnswer> {
  const org = await deps.checkKey(event.pathParameters?.org, event.headers, 'events', signal)
  deps.share.admit(org)
  const rows = readCounted(deps.share, org, eventsInSize(event), () => readEventsCall(event))
  deps.share.take(org, rows.length)
  const kept = await keepCustomEvents(deps, org, rows, signal)
  const { results, ...counts } = kept
  const { accepted: Accepted, duplicate: Duplicate, conflict: Conflict, rejected: Rejected } = counts
  deps.tellMetrics({ Accepted, Duplicate, Conflict, Rejected }, org)
  if (kept.accepted + kept.duplicate < results.length) {
    const codes = [...new Set(results.flatMap(({ code }) => code ?? []))].join(' ')
    deps.log('warn', 'custom events not accepted', { org, codes, ...counts })
  }
  if (kept.accepted + kept.duplicate > 0) return answer(200, kept)
  const code = 'events.none_accepted'
  const { status, message } = commonProblems[code]
  return answer(status, { error: { code, message }, ...kept })
}
