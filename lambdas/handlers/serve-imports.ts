// Answers what became of dropped files, how far the running ones are, and takes up again those that failed.
import { SQSClient } from '@aws-sdk/client-sqs'
import { problems } from '../../contract/all-problems.ts'
import * as environments from '../../contract/environments.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import type { FileImport } from '../../contract/import.ts'
import { answerBudgetMs } from '../../contract/limits.ts'
import type { RouteKey } from '../../contract/routes.ts'
import { makeWorkQueue, type WorkQueue } from '../clients/work-queue.ts'
import { Fault } from '../domain/fault.ts'
import { describeImport, retakeImport } from '../domain/files/describe-import.ts'
import type { Notice } from '../domain/files/read-notice.ts'
import { readPage } from '../domain/read-page.ts'
import { type ApiEvent, type ApiHandler, answer, apiHandler } from '../runtime/api.ts'
import { withinBudget } from '../runtime/budget.ts'
import { callerTimeouts, makeDynamoForCallers } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { makeKeyCheck } from '../runtime/key-check.ts'
import { type Log, makeLog } from '../runtime/log.ts'
import { type MemberCheck, makeMemberCheck } from '../runtime/member-check.ts'
import { makeTokenCheck } from '../runtime/token-check.ts'
import { type ImportStore, makeImportStore } from '../store/imports.ts'
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
  return makeServeImports({
    checks: makeMemberCheck({
      checkKey: makeKeyCheck({ findApiKey, now: Date.now, stage: env.STAGE }),
      checkToken: makeTokenCheck({ issuer: env.TOKEN_ISSUER, clientId: env.TOKEN_CLIENT, now: Date.now }),
      stage: env.STAGE,
    }),
    imports: makeImportStore(client, env.SETTINGS_TABLE),
    notices: makeWorkQueue<Notice>(new SQSClient(callerTimeouts), env.NOTICES_QUEUE_URL),
    log: makeLog('ServeImports'),
  })
}

// ---- once per request ----
export interface ServeImportsDeps {
  readonly checks: Pick<MemberCheck, 'checkMember'>
  readonly imports: Pick<ImportStore, 'find' | 'list' | 'readDone' | 'replace'>
  readonly notices: WorkQueue<Notice>
  readonly log: Log
}

const retryRoute: RouteKey = 'POST /api/orgs/{org}/imports/{import}/retry'

export function makeServeImports(deps: ServeImportsDeps): ApiHandler {
  const serve = async (event: ApiEvent, signal: AbortSignal) => {
    const { org: slug, import: importId } = event.pathParameters ?? {}
    const retries = event.routeKey === retryRoute
    const { org } = await deps.checks.checkMember(slug, event.headers, retries ? 'admin' : 'viewer', signal)
    if (importId === undefined) return answer(200, await list(deps, org, event))
    const found = await deps.imports.find(org, importId)
    if (found === undefined) throw new Fault('import.unknown')
    const of = retries ? await retry(deps, found) : found
    return answer(200, describeImport(of, await deps.imports.readDone(org, importId)))
  }
  return apiHandler(deps.log, (event) => withinBudget(answerBudgetMs, (signal) => serve(event, signal)), problems)
}

async function list({ imports }: ServeImportsDeps, org: OrgSlug, event: ApiEvent) {
  const { limit, next } = readPage(event.queryStringParameters ?? {})
  const page = await imports.list(org, limit, next)
  return { imports: page.imports.map((of) => describeImport(of)), next: page.next ?? null }
}

async function retry({ imports, notices }: ServeImportsDeps, found: FileImport): Promise<FileImport> {
  const { org, importId, key, status } = found
  const retaken = retakeImport(found)
  if (retaken === undefined || !(await imports.replace(retaken, [status]))) throw new Fault('import.ended')
  await notices.send(org, [{ kind: 'plan', key, importId }])
  return retaken
}
