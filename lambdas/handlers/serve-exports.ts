// Answers which days are exported, and from where the files of one can be fetched.
import { S3Client } from '@aws-sdk/client-s3'
import { problems } from '../../contract/all-problems.ts'
import { ServeExports } from '../../contract/environments.ts'
import { exportManifestSchema } from '../../contract/export.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import { answerBudgetMs, linkSeconds } from '../../contract/limits.ts'
import { dayPattern } from '../../contract/results.ts'
import { type FileLinks, makeFileLinks } from '../clients/file-links.ts'
import { type FileStore, makeFileStore } from '../clients/file-store.ts'
import { Fault } from '../domain/api/fault.ts'
import { readPage } from '../domain/api/read-page.ts'
import { manifestKey } from '../domain/exports/name-export.ts'
import { showExport, showExports } from '../domain/exports/show-export.ts'
import { type ApiEvent, type ApiHandler, answer, apiHandler } from '../runtime/api.ts'
import { withinBudget } from '../runtime/budget.ts'
import { callerTimeouts, makeDynamoForCallers } from '../runtime/clients.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { makeKeyCheck } from '../runtime/key-check.ts'
import { type Log, makeLog } from '../runtime/log.ts'
import { type MemberCheck, makeMemberCheck } from '../runtime/member-check.ts'
import { makeTokenCheck } from '../runtime/token-check.ts'
import { type ExportStore, makeExportStore } from '../store/exports.ts'
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
export interface ServeExportsDeps {
  readonly checks: Pick<MemberCheck, 'checkMember'>
  readonly exports: Pick<ExportStore, 'findExport' | 'listPage'>
  readonly files: Pick<FileStore, 'read'>
  readonly links: Pick<FileLinks, 'toGet'>
  readonly now: () => number
  readonly log: Log
}

export function makeServeExports(deps: ServeExportsDeps): ApiHandler {
  const serve = async (event: ApiEvent, signal: AbortSignal) => {
    const { org: slug, day } = event.pathParameters ?? {}
    const { org } = await deps.checks.checkMember(slug, event.headers, 'viewer', signal)
    return answer(200, day === undefined ? await list(deps, org, event) : await show(deps, org, day))
  }
  return apiHandler(deps.log, (event) => withinBudget(answerBudgetMs, (signal) => serve(event, signal)), problems)
}

async function list({ exports }: ServeExportsDeps, org: OrgSlug, event: ApiEvent) {
  const { limit, next } = readPage(event.queryStringParameters ?? {})
  const page = await exports.listPage(org, limit, next)
  return { days: showExports(page.days), next: page.next ?? null }
}

async function show({ exports, files, links, now }: ServeExportsDeps, org: OrgSlug, day: string) {
  const current = dayPattern.test(day) ? (await exports.findExport(org, day))?.current : undefined
  if (current === undefined) throw new Fault('export.unknown')
  const chunks: Uint8Array[] = []
  for await (const chunk of files.read({ key: manifestKey(org, day, current.version) })) chunks.push(chunk)
  const manifest = exportManifestSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')))
  const signed = manifest.files.map(async ({ key }) => [key, await links.toGet(key, linkSeconds)] as const)
  return showExport(manifest, new Map(await Promise.all(signed)), now() + linkSeconds * 1_000)
}
