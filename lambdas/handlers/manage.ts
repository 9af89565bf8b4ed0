// The routes of the console and of administrators under `/api/orgs`: lets members in, reads the request, hands it to the
// action of its route.
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { environments } from '../../contract/environments.ts'
import { answerBudgetMs } from '../../contract/limits.ts'
import { makeOrgSecretWriter } from '../clients/org-secret-writer.ts'
import { Fault } from '../domain/fault.ts'
import { type ManageDeps, memberActions } from '../flows/manage/actions.ts'
import type { Action } from '../flows/manage/call.ts'
import { type ApiEvent, type ApiHandler, apiHandler } from '../runtime/api.ts'
import { withinBudget } from '../runtime/budget.ts'
import { callerTimeouts, makeDynamoForCallers } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { makeKeyCheck } from '../runtime/key-check.ts'
import { type Log, makeLog } from '../runtime/log.ts'
import { readParts, routeOf, toAnswer } from '../runtime/manage-call.ts'
import { type MemberCheck, makeMemberCheck } from '../runtime/member-check.ts'
import { makeTokenCheck } from '../runtime/token-check.ts'
import { makeChangeStore } from '../store/changes.ts'
import { makeSettingLists } from '../store/setting-lists.ts'
import { makeSettingsStore } from '../store/settings.ts'

// ---- called by AWS ----
export const handler: ApiHandler = (event, context) => {
  perRequest ??= coldStart()
  return perRequest(event, context)
}

// ---- once per cold start ----
let perRequest: ApiHandler | undefined

function coldStart(): ApiHandler {
  const env = readEnvironment(environments.Manage)
  const dynamo = makeDynamoForCallers()
  const settings = makeSettingsStore(dynamo, env.SETTINGS_TABLE)
  const now = Date.now
  return makeManage({
    checks: makeMemberCheck({
      checkKey: makeKeyCheck({ findApiKey: settings.findApiKey, now, stage: env.STAGE }),
      checkToken: makeTokenCheck({ issuer: env.TOKEN_ISSUER, clientId: env.TOKEN_CLIENT, now }),
      stage: env.STAGE,
    }),
    ...settings,
    ...makeSettingLists(dynamo, env.SETTINGS_TABLE),
    ...makeChangeStore(dynamo, env.SETTINGS_TABLE),
    secrets: makeOrgSecretWriter(new SecretsManagerClient(callerTimeouts), env.SECRET_PREFIX),
    apiUrl: env.API_URL,
    now,
    log: makeLog('Manage'),
  })
}

// ---- once per request ----
export interface ManageHandlerDeps extends ManageDeps {
  readonly checks: MemberCheck
  readonly log: Log
}

export function makeManage(deps: ManageHandlerDeps): ApiHandler {
  const actions: ReadonlyMap<string, Action> = new Map(Object.entries(memberActions(deps)))
  return apiHandler(deps.log, (event) => withinBudget(answerBudgetMs, (signal) => act(deps, actions, event, signal)))
}

async function act(
  { checks }: ManageHandlerDeps,
  actions: ReadonlyMap<string, Action>,
  event: ApiEvent,
  signal: AbortSignal,
) {
  const route = routeOf(event)
  const action = actions.get(event.routeKey)
  if (action === undefined || route.entry.kind !== 'member') throw new Fault('route.unknown')
  const member = await checks.checkMember(event.pathParameters?.org, event.headers, route.entry.role, signal)
  return toAnswer(await action({ ...member, ...readParts(event, route), signal }))
}
