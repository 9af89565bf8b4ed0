// Answers `GET /api/orgs/{org}/templates/{template}/results`: the sums of a template's days, per arm and copy.
import * as environments from '../../contract/environments.ts'
import { answerBudgetMs } from '../../contract/limits.ts'
import { type AnswerResultsDeps, answerResults } from '../flows/answer-results.ts'
import { type ApiAnswer, type ApiEvent, type ApiHandler, answer, apiHandler } from '../runtime/api.ts'
import { withinBudget } from '../runtime/budget.ts'
import { makeDynamoForCallers } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { makeKeyCheck } from '../runtime/key-check.ts'
import { type Log, makeLog } from '../runtime/log.ts'
import { type MemberCheck, makeMemberCheck } from '../runtime/member-check.ts'
import { makeTokenCheck } from '../runtime/token-check.ts'
import { listAllocations } from '../store/allocations.ts'
import { makeNoteKeyUse } from '../store/key-uses.ts'
import { listPending } from '../store/pending-restatements.ts'
import { findFirstDay, readResults } from '../store/results.ts'
import { makeSettingsStore } from '../store/settings.ts'

// ---- called by AWS ----
export const handler: ApiHandler = (event, context) => {
  perRequest ??= coldStart()
  return perRequest(event, context)
}

// ---- once per cold start ----
let perRequest: ApiHandler | undefined

function coldStart(): ApiHandler {
  const env = readEnvironment(environments.ReadResults)
  const client = makeDynamoForCallers()
  const settings = makeSettingsStore(client, env.SETTINGS_TABLE)
  return makeReadResults({
    checks: makeMemberCheck({
      checkKey: makeKeyCheck({
        findApiKey: settings.findApiKey,
        noteKeyUse: makeNoteKeyUse(client, env.SETTINGS_TABLE),
        now: Date.now,
        stage: env.STAGE,
      }),
      checkToken: makeTokenCheck({ issuer: env.TOKEN_ISSUER, clientId: env.TOKEN_CLIENT, now: Date.now }),
      stage: env.STAGE,
    }),
    findTemplate: settings.findTemplate,
    findOrg: settings.findOrg,
    listRestatements: async (org) =>
      (await listPending(client, env.SETTINGS_TABLE, org)).map((each) => each.restatement),
    readResults: (org, template, days) => readResults(client, env.RESULTS_TABLE, org, template, days),
    findFirstDay: (org, template) => findFirstDay(client, env.RESULTS_TABLE, org, template),
    listAllocations: (org, template, versions) => listAllocations(client, env.SETTINGS_TABLE, org, template, versions),
    now: Date.now,
    log: makeLog('ReadResults'),
  })
}

// ---- once per request ----
export interface ReadResultsDeps extends AnswerResultsDeps {
  readonly checks: Pick<MemberCheck, 'checkMember'>
  readonly log: Log
}

export function makeReadResults(deps: ReadResultsDeps): ApiHandler {
  return apiHandler(deps.log, (event) => withinBudget(answerBudgetMs, (signal) => read(deps, event, signal)))
}

async function read(deps: ReadResultsDeps, event: ApiEvent, signal: AbortSignal): Promise<ApiAnswer> {
  const { org } = await deps.checks.checkMember(event.pathParameters?.org, event.headers, 'viewer', signal)
  const query = event.queryStringParameters ?? {}
  return answer(200, await answerResults(deps, org, event.pathParameters?.template, query))
}
