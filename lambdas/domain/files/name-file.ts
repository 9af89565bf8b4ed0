// What the key of a dropped file says: whose it is, what it holds, and where its report goes. The org comes from here and from
// nothing inside the file.
import { createHash } from 'node:crypto'
import { defaultFileSource, fileSourceSchema } from '../../../contract/custom-event.ts'
import { type OrgSlug, orgSlugSchema } from '../../../contract/ids.ts'
import type { FileFormat, FileProblemCode } from '../../../contract/import.ts'

export interface FileName {
  readonly org: OrgSlug
  /** Within which event ids are unique. */
  readonly source: string
  readonly format: FileFormat
  readonly gzip: boolean
}

export type NamedFile =
  | ({ readonly kind: 'file' } & FileName)
  /** Markers that other tools leave: nothing to load, nothing to report. */
  | { readonly kind: 'ignored' }
  | { readonly kind: 'wrong'; readonly code: FileProblemCode; readonly org: OrgSlug | undefined }

export const incomingPrefix = 'incoming/'
export const reportsPrefix = 'reports/'
export const workPrefix = 'work/'
const extension = /\.(?:(jsonl|ndjson|csv)(\.gz)?|parquet)$/i

/** Reads a key of the bucket. */
export function nameFile(key: string): NamedFile {
  const last = key.slice(key.lastIndexOf('/') + 1)
  if (last === '' || last.startsWith('_') || last.startsWith('.')) return { kind: 'ignored' }
  const parts = /^incoming\/([^/]+)\/(?:([a-z0-9][a-z0-9_-]{0,62})\/)?events\/dt=(\d{4}-\d{2}-\d{2})\/(.+)$/.exec(key)
  const org = orgSlugSchema.safeParse(parts?.[1] ?? /^incoming\/([^/]+)\//.exec(key)?.[1])
  const [, , source = defaultFileSource, day = ''] = parts ?? []
  if (!org.success || parts === null || Number.isNaN(Date.parse(day))) {
    return { kind: 'wrong', code: 'file.place', org: org.success ? org.data : undefined }
  }
  if (!fileSourceSchema.safeParse(source).success) return { kind: 'wrong', code: 'file.source', org: org.data }
  const named = extension.exec(last)
  if (named === null) return { kind: 'wrong', code: 'file.name', org: org.data }
  const format = named[1] === undefined ? 'parquet' : named[1].toLowerCase() === 'csv' ? 'csv' : 'jsonl'
  return { kind: 'file', org: org.data, source, format, gzip: named[2] !== undefined }
}

/** Whether a key says no org whose file it could be: such a file is in no ledger. */
export function isOfNobody(key: string): boolean {
  const named = nameFile(key)
  return named.kind === 'wrong' && named.org === undefined
}

/** The key of a file that an org drops. `source`: absent or empty for the org's own. */
export function incomingKey(org: OrgSlug, source: string | undefined, day: string, name: string): string {
  return `${incomingPrefix}${org}/${source ? `${source}/` : ''}events/dt=${day}/${name}`
}

/** Where the report on a file stands. */
export function reportKey(key: string): string {
  return `${reportsPrefix}${key.slice(incomingPrefix.length)}.report.json`
}

/** Where the rejected rows of a file stand. Rows of Parquet are written as JSON. */
export function rejectedKey(key: string, format: FileFormat): string {
  return `${reportsPrefix}${key.slice(incomingPrefix.length)}.rejected.${format === 'csv' ? 'csv' : 'jsonl'}`
}

/** The format of an object of rejected rows, by its key; undefined for any other. */
export function readRejectedKey(key: string): 'csv' | 'jsonl' | undefined {
  const [, format] = /\.rejected\.(csv|jsonl)$/.exec(key) ?? []
  return format === 'csv' || format === 'jsonl' ? format : undefined
}

/** What of an import is kept while it is loaded: `work/<org>/<import>/…`. */
export function workKey(org: OrgSlug, importId: string, kind: 'look' | 'rejected' | 'part', number: number): string {
  return `${workPrefix}${org}/${importId}/${kind}/${String(number).padStart(6, '0')}`
}

/** What a recount has read so far: sums that name nobody, so erasing has nothing to look for in it. */
export function recountPartKey(org: OrgSlug, run: string, part: string, bin: number): string {
  return `${workPrefix}${org}/recount/${run}/${part}-bin-${bin}.jsonl.gz`
}

/** Takes the key of such a piece of an import apart. */
export function readWorkKey(key: string): { readonly importId: string; readonly kind: string } | undefined {
  const [, importId, kind] = /^work\/[^/]+\/([^/]+)\/(\w+)\/\d+$/.exec(key) ?? []
  return importId === undefined || kind === undefined ? undefined : { importId, kind }
}

export interface ObjectVersion {
  readonly bucket: string
  readonly key: string
  readonly etag: string
  readonly sizeBytes: number
  readonly modifiedAtMs: number
}

/** Whether a text can be the name of a version; longer ones fit no key. */
export function isImportId(text: string): boolean {
  return /^\d{8}T\d{6}Z-[0-9a-f]{16}$/.test(text)
}

/** Names a version of an object, the same whoever tells of it and however often; later ones sort after. */
export function nameImport({ bucket, key, etag, sizeBytes, modifiedAtMs }: ObjectVersion): string {
  const seconds = new Date(modifiedAtMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const facts = JSON.stringify([bucket, key, etag, sizeBytes])
  return `${seconds}-${createHash('sha256').update(facts).digest('hex').slice(0, 16)}`
}
