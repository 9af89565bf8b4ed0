// Where a file from the console goes, and as what it is put there. Judged by the very rules that a dropped file meets later.
import type * as z from 'zod/mini'
import type { OrgSlug } from '../../../contract/ids.ts'
import { fileProblems } from '../../../contract/import.ts'
import { uploadRequestSchema } from '../../../contract/upload.ts'
import { describeIssues } from '../api/describe-issues.ts'
import { Fault } from '../api/fault.ts'
import { type FileName, incomingKey, nameFile } from './name-file.ts'

export interface PlannedUpload {
  readonly key: string
  readonly contentType: string
  readonly bytes: number
}

/** `body`: as the route takes it. @throws Fault `body.invalid` */
export function planUpload(org: OrgSlug, body: unknown, nowMs: number): PlannedUpload {
  const parsed = uploadRequestSchema.safeParse(body)
  if (!parsed.success) throw new Fault('body.invalid', describeIssues(parsed.error.issues, body))
  const { name, bytes, source, date = new Date(nowMs).toISOString().slice(0, 10) } = parsed.data
  const key = incomingKey(org, source, date, name)
  const named = nameFile(key)
  if (named.kind === 'file') return { key, contentType: contentTypeOf(named), bytes }
  throw new Fault('body.invalid', [refusalOf(named, parsed.data)])
}

function refusalOf(
  named: Exclude<ReturnType<typeof nameFile>, { kind: 'file' }>,
  { name, source }: z.infer<typeof uploadRequestSchema>,
) {
  const seen = `Seen: a name of ${name.length} characters. Allowed: `
  if (named.kind === 'ignored')
    return { path: 'name', message: `${seen}one that begins with neither _ nor a full stop.` }
  if (named.code === 'file.name') return { path: 'name', message: fileProblems['file.name'] }
  return { path: 'source', message: `Seen: ${source ?? 'none'}. Allowed: any but the source of the streaming route.` }
}

function contentTypeOf({ format, gzip }: FileName): string {
  if (gzip) return 'application/gzip'
  return { csv: 'text/csv', jsonl: 'application/x-ndjson', parquet: 'application/vnd.apache.parquet' }[format]
}
