// What the console and administrators ask about dropped files: where to put one, what became of one, all of them, once more.
import type { AuditEntry } from '../../contract/audit.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import type { FileImport, ImportAnswer, RangeResult } from '../../contract/import.ts'
import { linkSeconds } from '../../contract/limits.ts'
import { Fault } from '../domain/api/fault.ts'
import { readPage } from '../domain/api/read-page.ts'
import { describeImport, filesBeside, retakeImport } from '../domain/files/describe-import.ts'
import { isAtWork } from '../domain/files/judge-import.ts'
import { isImportId } from '../domain/files/name-file.ts'
import { planUpload } from '../domain/files/plan-upload.ts'
import type { Notice } from '../domain/files/read-notice.ts'
import type { Ledger, SendNotices } from './file-deps.ts'

export interface ServeImportsDeps {
  readonly imports: Pick<Ledger, 'find' | 'replace' | 'findProgress'> & {
    readDone(org: OrgSlug, importId: string): Promise<RangeResult[]>
    list(org: OrgSlug, limit: number, next?: string): Promise<{ imports: FileImport[]; next?: string }>
  }
  readonly links: {
    toPut(object: { key: string; contentType: string; bytes: number }, seconds: number): Promise<string>
    toGet(key: string, seconds: number): Promise<string>
  }
  readonly sendNotices: SendNotices
  readonly addAudit: (org: OrgSlug, entry: AuditEntry) => Promise<void>
  readonly now: () => number
}

/** Who asks for a change, and by which route. */
export type Asker = Pick<AuditEntry, 'who' | 'action'> & { readonly org: OrgSlug }

/** @throws Fault `query.invalid` */
export async function listImports(deps: ServeImportsDeps, org: OrgSlug, query: Record<string, string | undefined>) {
  const { limit, next } = readPage(query)
  const page = await deps.imports.list(org, limit, next)
  return { imports: page.imports.map((of) => describeImport(of, deps.now())), next: page.next ?? null }
}

/** @throws Fault `import.unknown` */
export async function showImport(deps: ServeImportsDeps, org: OrgSlug, importId: string): Promise<ImportAnswer> {
  return show(deps, await find(deps, org, importId))
}

/** @throws Fault `import.unknown`, `import.ended`, or `import.running` */
export async function retryImport(deps: ServeImportsDeps, asker: Asker, importId: string): Promise<ImportAnswer> {
  const { org, who, action } = asker
  const found = await find(deps, org, importId)
  const nowMs = deps.now()
  const progressAtMs = await deps.imports.findProgress(org, importId)
  if (isAtWork(found, progressAtMs, nowMs))
    throw new Fault('import.running', [{ path: '', message: seen(progressAtMs, nowMs) }])
  const retaken = retakeImport(found, nowMs)
  if (retaken === undefined || !(await deps.imports.replace(retaken, [found.status]))) throw new Fault('import.ended')
  const what = `import:${importId}`
  await deps.addAudit(org, {
    ...{ atMs: nowMs, who, action, what },
    before: { status: found.status },
    after: { status: retaken.status },
  })
  // A notice that is not sent after that is sent by whoever looks for files that stand still.
  const notice: Notice = { kind: 'plan', key: found.key, importId }
  await deps.sendNotices(org, [notice])
  return show(deps, retaken)
}

/** Where a file may be put; whoever was given an address is in the audit log, the address is not. @throws Fault `body.invalid` */
export async function openUpload(deps: ServeImportsDeps, { org, who, action }: Asker, body: unknown) {
  const nowMs = deps.now()
  const planned = planUpload(org, body, nowMs)
  const url = await deps.links.toPut(planned, linkSeconds)
  const expires = new Date(nowMs + linkSeconds * 1_000).toISOString()
  const after = { bytes: planned.bytes, content_type: planned.contentType, expires }
  await deps.addAudit(org, { atMs: nowMs, who, action, what: `file:${planned.key}`, before: null, after })
  return {
    file: planned.key,
    upload: { method: 'PUT', url, headers: { 'content-type': planned.contentType }, expires },
  }
}

async function find({ imports }: ServeImportsDeps, org: OrgSlug, importId: string): Promise<FileImport> {
  const found = isImportId(importId) ? await imports.find(org, importId) : undefined
  if (found === undefined) throw new Fault('import.unknown')
  return found
}

async function show({ imports, links, now }: ServeImportsDeps, of: FileImport): Promise<ImportAnswer> {
  const { report, rejected } = filesBeside(of, now())
  const [done, progressAtMs, reportLink, rejectedLink] = await Promise.all([
    imports.readDone(of.org, of.importId),
    imports.findProgress(of.org, of.importId),
    report === undefined ? undefined : links.toGet(report, linkSeconds),
    rejected === undefined ? undefined : links.toGet(rejected, linkSeconds),
  ])
  return describeImport(of, now(), { done, progressAtMs, links: { report: reportLink, rejected: rejectedLink } })
}

function seen(progressAtMs: number | undefined, nowMs: number): string {
  const ago = progressAtMs === undefined ? 'not yet' : `${Math.round((nowMs - progressAtMs) / 1_000)} s ago`
  return `Seen: it got further ${ago}. Allowed: one that stands still, and was not taken up in the last half hour.`
}
