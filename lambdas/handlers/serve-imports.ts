// Says where a file may be put, answers what became of dropped files, and takes up again those that failed.
import { SQSClient } from '@aws-sdk/client-sqs'
import { problems } from '../../contract/all-problems.ts'
import * as environments from '../../contract/environments.ts'
import { answerBudgetMs, maxManageBodyBytes } from '../../contract/limits.ts'
import type { RouteKey } from '../../contract/routes.ts'
import { makeFileLinks } from '../clients/file-links.ts'
import { makeWorkQueue } from '../clients/work-queue.ts'
import type { Notice } from '../domain/files/read-notice.ts'
import * as flow from '../flows/serve-imports.ts'
import { type ApiEvent, type ApiHandler, answer, apiHandler } from '../runtime/api.ts'
import { withinBudget } from '../runtime/budget.ts'
import { callerTimeouts, makeDynamoForCallers } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { readJsonBody } from '../runtime/json-body.ts'
import { makeKeyCheck } from '../runtime/key-check.ts'
import { type Log, makeLog } from '../runtime/log.ts'
import { type MemberCheck, makeMemberCheck } from '../runtime/member-check.ts'
import { makeTokenCheck } from '../runtime/token-check.ts'
import { makeChangeStore } from '../store/changes.ts'
import { makeImportStore } from '../store/imports.ts'
import { makeNoteKeyUse } from '../store/key-uses.ts'
import { makeSettingsStore } from '../store/settings.ts'

// ---- called by AWS ----
export const handler: ApiHandler = (event, context) => {
  perRequest ??= coldStart()
  return perRequest(event, context)
}

// ---- once per cold start ----
let perRequest: ApiHandler | undefined

function coldStart(): ApiHandler {
  const env = readEnvironment(environments.ServeImports)
  const client = makeDynamoForCallers()
  const { findApiKey } = makeSettingsStore(client, env.SETTINGS_TABLE)
  const noteKeyUse = makeNoteKeyUse(client, env.SETTINGS_TABLE)
  return makeServeImports({
    checks: makeMemberCheck({
      checkKey: makeKeyCheck({ findApiKey, noteKeyUse, now: Date.now, stage: env.STAGE }),
      checkToken: makeTokenCheck({ issuer: env.TOKEN_ISSUER, clientId: env.TOKEN_CLIENT, now: Date.now }),
      stage: env.STAGE,
    }),
    imports: makeImportStore(client, env.SETTINGS_TABLE),
    links: makeFileLinks(env.DATA_BUCKET),
    addAudit: makeChangeStore(client, env.SETTINGS_TABLE).addAudit,
    sendNotices: makeWorkQueue<Notice>(new SQSClient(callerTimeouts), env.NOTICES_QUEUE_URL).send,
    now: Date.now,
    log: makeLog('ServeImports'),
  })
}

// ---- once per request ----
export interface ServeImportsDeps extends flow.ServeImportsDeps {
  readonly checks: Pick<MemberCheck, 'checkMember'>
  readonly log: Log
}

const uploadRoute: RouteKey = 'POST /api/orgs/{org}/imports'
const retryRoute: RouteKey = 'POST /api/orgs/{org}/imports/{import}/retry'

export function makeServeImports(deps: ServeImportsDeps): ApiHandler {
  const serve = async (event: ApiEvent, signal: AbortSignal) => {
    const { org: slug, import: importId } = event.pathParameters ?? {}
    const [uploads, retries] = [event.routeKey === uploadRoute, event.routeKey === retryRoute]
    const role = uploads || retries ? 'admin' : 'viewer'
    const { org, who } = await deps.checks.checkMember(slug, event.headers, role, signal)
    const asker = { org, who, action: event.routeKey }
    if (uploads) return flow.openUpload(deps, asker, readJsonBody(event, maxManageBodyBytes))
    if (importId === undefined) return flow.listImports(deps, org, event.queryStringParameters ?? {})
    return retries ? flow.retryImport(deps, asker, importId) : flow.showImport(deps, org, importId)
  }
  return apiHandler(
    deps.log,
    (event) => withinBudget(answerBudgetMs, async (signal) => answer(200, await serve(event, signal))),
    problems,
  )
}
