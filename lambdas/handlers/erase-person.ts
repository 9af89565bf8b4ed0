// Has a person forgotten: in the tables, in what was set aside, and in what files left in the bucket. Apart from the other
// routes of the console because it takes longer, and because it alone may delete what happened.
import { randomUUID } from 'node:crypto'
import { S3Client } from '@aws-sdk/client-s3'
import { problems } from '../../contract/all-problems.ts'
import * as environments from '../../contract/environments.ts'
import { setupBudgetMs } from '../../contract/limits.ts'
import type { RouteKeyOf } from '../../contract/routes.ts'
import { makeFileStore } from '../clients/file-store.ts'
import type { EraseDeps } from '../flows/erase/erase-deps.ts'
import { erasePerson } from '../flows/erase/erase-person.ts'
import type { Action } from '../flows/manage/call.ts'
import { type ApiHandler, apiHandler } from '../runtime/api.ts'
import { withinBudget } from '../runtime/budget.ts'
import { callerFileTimeouts, makeDynamoForCallers } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { makeKeyCheck } from '../runtime/key-check.ts'
import { type Log, makeLog } from '../runtime/log.ts'
import { makeDispatch } from '../runtime/manage-call.ts'
import { type MemberCheck, makeMemberCheck } from '../runtime/member-check.ts'
import { makeTokenCheck } from '../runtime/token-check.ts'
import { makeEraseStores } from '../store/erase-stores.ts'

// ---- called by AWS ----
export const handler: ApiHandler = (event, context) => {
  perRequest ??= coldStart()
  return perRequest(event, context)
}

// ---- once per cold start ----
let perRequest: ApiHandler | undefined

function coldStart(): ApiHandler {
  const env = readEnvironment(environments.ErasePerson)
  const now = Date.now
  const stores = makeEraseStores(makeDynamoForCallers(), {
    events: env.EVENTS_TABLE,
    outcomes: env.OUTCOMES_TABLE,
    settings: env.SETTINGS_TABLE,
  })
  return makeErasePerson({
    checks: makeMemberCheck({
      checkKey: makeKeyCheck({ ...stores, now, stage: env.STAGE }),
      checkToken: makeTokenCheck({ issuer: env.TOKEN_ISSUER, clientId: env.TOKEN_CLIENT, now }),
      stage: env.STAGE,
    }),
    ...stores,
    files: makeFileStore(new S3Client(callerFileTimeouts), env.DATA_BUCKET),
    newId: randomUUID,
    now,
    log: makeLog('ErasePerson'),
  })
}

// ---- once per request ----
export interface ErasePersonDeps extends EraseDeps {
  readonly checks: MemberCheck
  readonly log: Log
}

export function makeErasePerson({ checks, log, ...deps }: ErasePersonDeps): ApiHandler {
  const actions: Readonly<Record<RouteKeyOf<'ErasePerson', 'member'>, Action>> = {
    'DELETE /api/orgs/{org}/people/{person}': erasePerson(deps),
  }
  const act = makeDispatch(checks, actions, {})
  return apiHandler(log, (event) => withinBudget(setupBudgetMs, (signal) => act(event, signal)), problems)
}
