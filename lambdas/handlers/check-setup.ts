// The routes by which a set-up proves itself: they ask Customer.io, mend what is there, fill gaps, and tell how all stands.
// Apart from the other routes of the console because they may wait for a third party.
import { setTimeout as sleep } from 'node:timers/promises'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { problems } from '../../contract/all-problems.ts'
import * as environments from '../../contract/environments.ts'
import { customerioBudgetMs, customerioCallsPerSecond, setupBudgetMs } from '../../contract/limits.ts'
import { makeCustomerio } from '../clients/customerio.ts'
import { makeOrgSecretWriter } from '../clients/org-secret-writer.ts'
import { makePace } from '../clients/pace.ts'
import { type SetupDeps, setupActions } from '../flows/setup/actions.ts'
import { type ApiHandler, apiHandler } from '../runtime/api.ts'
import { withinBudget } from '../runtime/budget.ts'
import { callerTimeouts, makeDynamoForCallers } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { makeKeyCheck } from '../runtime/key-check.ts'
import { type Log, makeLog } from '../runtime/log.ts'
import { makeDispatch } from '../runtime/manage-call.ts'
import { type MemberCheck, makeMemberCheck } from '../runtime/member-check.ts'
import { makeTokenCheck } from '../runtime/token-check.ts'
import { makeSetupStores } from '../store/setup-stores.ts'

// ---- called by AWS ----
export const handler: ApiHandler = (event, context) => {
  perRequest ??= coldStart()
  return perRequest(event, context)
}

// ---- once per cold start ----
let perRequest: ApiHandler | undefined

function coldStart(): ApiHandler {
  const env = readEnvironment(environments.CheckSetup)
  const now = Date.now
  const stores = makeSetupStores(makeDynamoForCallers(), env)
  const { read } = makeOrgSecretWriter(new SecretsManagerClient(callerTimeouts), env.SECRET_PREFIX)
  const hosts = { us: env.CUSTOMERIO_API_US, eu: env.CUSTOMERIO_API_EU }
  const pace = makePace(customerioCallsPerSecond, now, sleep)
  const pause = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal })
  const checkKey = makeKeyCheck({ ...stores, now, stage: env.STAGE })
  const checkToken = makeTokenCheck({ issuer: env.TOKEN_ISSUER, clientId: env.TOKEN_CLIENT, now })
  return makeCheckSetup({
    checks: makeMemberCheck({ checkKey, checkToken, stage: env.STAGE }),
    ...stores,
    readSecret: read,
    customerio: (region, apiKey, signal) => makeCustomerio({ baseUrl: hosts[region], apiKey, pace, signal, pause }),
    apiUrl: env.API_URL,
    now,
    log: makeLog('CheckSetup'),
  })
}

// ---- once per request ----
export interface CheckSetupDeps extends SetupDeps {
  readonly checks: MemberCheck
  readonly log: Log
}

export function makeCheckSetup({ checks, log, ...deps }: CheckSetupDeps): ApiHandler {
  const customerio: SetupDeps['customerio'] = (region, apiKey, signal) =>
    deps.customerio(region, apiKey, AbortSignal.any([signal, AbortSignal.timeout(customerioBudgetMs)]))
  const act = makeDispatch(checks, setupActions({ ...deps, customerio }), {})
  return apiHandler(log, (event) => withinBudget(setupBudgetMs, (signal) => act(event, signal)), problems)
}
