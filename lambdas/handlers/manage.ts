// The routes of the console and of administrators under `/api/orgs`: lets members in, reads the request, hands it to the
// action of its route.
import { randomBytes } from 'node:crypto'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SQSClient } from '@aws-sdk/client-sqs'
import { problems } from '../../contract/all-problems.ts'
import * as environments from '../../contract/environments.ts'
import { answerBudgetMs } from '../../contract/limits.ts'
import { makeOrgSecretWriter } from '../clients/org-secret-writer.ts'
import { makeRestatementQueue } from '../clients/restatement-queue.ts'
import { listFields } from '../domain/copy/list-fields.ts'
import { makeRenderer } from '../domain/copy/render-copy.ts'
import { type ManageDeps, memberActions, operatorActions } from '../flows/manage/actions.ts'
import { type ApiHandler, apiHandler } from '../runtime/api.ts'
import { withinBudget } from '../runtime/budget.ts'
import { callerTimeouts, makeDynamoForCallers } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { makeKeyCheck } from '../runtime/key-check.ts'
import { describeError, type Log, makeLog } from '../runtime/log.ts'
import { makeDispatch } from '../runtime/manage-call.ts'
import { type MemberCheck, makeMemberCheck } from '../runtime/member-check.ts'
import { makeTokenCheck } from '../runtime/token-check.ts'
import { makeManageStores } from '../store/manage-stores.ts'

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
  const now = Date.now
  const log = makeLog('Manage')
  const tables = {
    events: env.EVENTS_TABLE,
    outcomes: env.OUTCOMES_TABLE,
    results: env.RESULTS_TABLE,
    settings: env.SETTINGS_TABLE,
  }
  const stores = makeManageStores(dynamo, tables, now)
  return makeManage({
    checks: makeMemberCheck({
      checkKey: makeKeyCheck({ ...stores, now, stage: env.STAGE }),
      checkToken: makeTokenCheck({ issuer: env.TOKEN_ISSUER, clientId: env.TOKEN_CLIENT, now }),
      stage: env.STAGE,
    }),
    ...stores,
    secrets: makeOrgSecretWriter(new SecretsManagerClient(callerTimeouts), env.SECRET_PREFIX),
    sendRestatement: makeRestatementQueue(new SQSClient(callerTimeouts), env.RESTATEMENT_QUEUE_URL),
    unsent: (cause) => log('error', 'a restatement waits for the schedule', describeError(cause)),
    render: makeRenderer(() => performance.now()),
    fieldsOf: listFields,
    apiUrl: env.API_URL,
    stage: env.STAGE,
    now,
    randomBytes,
    log,
  })
}

// ---- once per request ----
export interface ManageHandlerDeps extends ManageDeps {
  readonly checks: MemberCheck
  readonly log: Log
}

export function makeManage(deps: ManageHandlerDeps): ApiHandler {
  const act = makeDispatch(deps.checks, memberActions(deps), operatorActions(deps))
  return apiHandler(deps.log, (event) => withinBudget(answerBudgetMs, (signal) => act(event, signal)), problems)
}
