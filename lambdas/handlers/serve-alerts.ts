// Serves what an org wants to be told of and where, and how the deliveries went.
import { randomBytes, randomUUID } from 'node:crypto'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SQSClient } from '@aws-sdk/client-sqs'
import type { DeliveryMessage } from '../../contract/alert.ts'
import { problems } from '../../contract/all-problems.ts'
import { ServeAlerts } from '../../contract/environments.ts'
import { answerBudgetMs } from '../../contract/limits.ts'
import { makeAlertSecrets } from '../clients/alert-secrets.ts'
import { makeWorkQueue } from '../clients/work-queue.ts'
import { readTestHosts } from '../domain/alerts/test-hosts.ts'
import { type AlertRoutesDeps, alertActions } from '../flows/alerts/actions.ts'
import { type ApiHandler, apiHandler } from '../runtime/api.ts'
import { withinBudget } from '../runtime/budget.ts'
import { callerTimeouts, makeDynamoForCallers } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { makeKeyCheck } from '../runtime/key-check.ts'
import { type Log, makeLog } from '../runtime/log.ts'
import { makeDispatch } from '../runtime/manage-call.ts'
import { type MemberCheck, makeMemberCheck } from '../runtime/member-check.ts'
import { makeTokenCheck } from '../runtime/token-check.ts'
import { makeAlertStore } from '../store/alerts.ts'
import { makeChangeStore } from '../store/changes.ts'
import { makeSettingsStore } from '../store/settings.ts'

// ---- called by AWS ----
export const handler: ApiHandler = (event, context) => {
  perRequest ??= coldStart()
  return perRequest(event, context)
}

// ---- once per cold start ----
let perRequest: ApiHandler | undefined

function coldStart(): ApiHandler {
  const env = readEnvironment(ServeAlerts)
  const client = makeDynamoForCallers()
  const table = env.SETTINGS_TABLE
  const { findApiKey } = makeSettingsStore(client, table)
  const queue = makeWorkQueue<DeliveryMessage>(new SQSClient(callerTimeouts), env.DELIVERIES_QUEUE_URL)
  return makeServeAlerts({
    checks: makeMemberCheck({
      checkKey: makeKeyCheck({ findApiKey, now: Date.now, stage: env.STAGE }),
      checkToken: makeTokenCheck({ issuer: env.TOKEN_ISSUER, clientId: env.TOKEN_CLIENT, now: Date.now }),
      stage: env.STAGE,
    }),
    ...makeAlertStore(client, table),
    addAudit: makeChangeStore(client, table).addAudit,
    secrets: makeAlertSecrets(new SecretsManagerClient(callerTimeouts), env.ALERT_SECRET_PREFIX),
    send: queue.send,
    isTestHost: (host) => readTestHosts(env.ALERT_TEST_HOSTS).has(host),
    newId: () => randomUUID().slice(0, 13),
    randomBytes,
    now: Date.now,
    log: makeLog('ServeAlerts'),
  })
}

// ---- once per request ----
export interface ServeAlertsDeps extends AlertRoutesDeps {
  readonly checks: MemberCheck
  readonly log: Log
}

export function makeServeAlerts({ checks, log, ...deps }: ServeAlertsDeps): ApiHandler {
  const act = makeDispatch(checks, alertActions(deps), {})
  return apiHandler(log, (event) => withinBudget(answerBudgetMs, (signal) => act(event, signal)), problems)
}
