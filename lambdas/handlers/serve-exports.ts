// Answers which days are exported, and from where the files of one can be fetched.
import { S3Client } from '@aws-sdk/client-s3'
import { problems } from '../../contract/all-problems.ts'
import { ServeExports } from '../../contract/environments.ts'
import { answerBudgetMs } from '../../contract/limits.ts'
import { makeFileLinks } from '../clients/file-links.ts'
import { makeFileStore } from '../clients/file-store.ts'
import { type AnswerExportsDeps, answerExport, answerExports } from '../flows/answer-exports.ts'
import { type ApiEvent, type ApiHandler, answer, apiHandler } from '../runtime/api.ts'
import { withinBudget } from '../runtime/budget.ts'
import { callerTimeouts, makeDynamoForCallers } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { makeKeyCheck } from '../runtime/key-check.ts'
import { type Log, makeLog } from '../runtime/log.ts'
import { type MemberCheck, makeMemberCheck } from '../runtime/member-check.ts'
import { makeTokenCheck } from '../runtime/token-check.ts'
import { makeExportStore } from '../store/exports.ts'
import { makeSettingsStore } from '../store/settings.ts'

// ---- called by AWS ----
export const handler: ApiHandler = (event, context) => {
  perRequest ??= coldStart()
  return perRequest(event, context)
}

// ---- once per cold start ----
let perRequest: ApiHandler | undefined

function coldStart(): ApiHandler {
  const env = readEnvironment(ServeExports)
  const client = makeDynamoForCallers()
  const s3 = new S3Client(callerTimeouts)
  const { findApiKey } = makeSettingsStore(client, env.SETTINGS_TABLE)
  return makeServeExports({
    checks: makeMemberCheck({
      checkKey: makeKeyCheck({ findApiKey, now: Date.now, stage: env.STAGE }),
      checkToken: makeTokenCheck({ issuer: env.TOKEN_ISSUER, clientId: env.TOKEN_CLIENT, now: Date.now }),
      stage: env.STAGE,
    }),
    exports: makeExportStore(client, env.SETTINGS_TABLE, Date.now),
    files: makeFileStore(s3, env.DATA_BUCKET),
    links: makeFileLinks(env.DATA_BUCKET),
    now: Date.now,
    log: makeLog('ServeExports'),
  })
}

// ---- once per request ----
export interface ServeExportsDeps extends AnswerExportsDeps {
  readonly checks: Pick<MemberCheck, 'checkMember'>
  readonly log: Log
}

export function makeServeExports(deps: ServeExportsDeps): ApiHandler {
  const serve = async (event: ApiEvent, signal: AbortSignal) => {
    const { org: slug, day } = event.pathParameters ?? {}
    const { org } = await deps.checks.checkMember(slug, event.headers, 'viewer', signal)
    const query = event.queryStringParameters ?? {}
    return answer(200, await (day === undefined ? answerExports(deps, org, query) : answerExport(deps, org, day)))
  }
  return apiHandler(deps.log, (event) => withinBudget(answerBudgetMs, (signal) => serve(event, signal)), problems)
}
