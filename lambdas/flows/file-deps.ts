// What the flows of files read and write with: the ledger, the bucket, the queues. Named once, so that each flow says which of
// them it needs.
import * as z from 'zod/mini'
import { type OrgSlug, orgSlugSchema } from '../../contract/ids.ts'
import type { FileImport, FileRange, ImportStatus, PassCount, RangeResult } from '../../contract/import.ts'
import type { Org } from '../../contract/org.ts'
import type { ObjectVersion } from '../domain/files/name-file.ts'
import type { Pinned } from '../domain/files/object-version.ts'
import type { Notice } from '../domain/files/read-notice.ts'

export interface Ledger {
  find(org: OrgSlug, importId: string): Promise<FileImport | undefined>
  begin(begun: FileImport): Promise<FileImport>
  replace(next: FileImport, over: readonly ImportStatus[]): Promise<boolean>
  addPending(of: FileImport, ranges: readonly FileRange[]): Promise<void>
  findPending(org: OrgSlug, importId: string, number: number): Promise<FileRange | undefined>
  readPending(org: OrgSlug, importId: string, limit?: number): Promise<FileRange[]>
  finishRange(of: FileImport, result: RangeResult): Promise<void>
  readDone(org: OrgSlug, importId: string): Promise<RangeResult[]>
  noteProgress(of: FileImport, atMs: number): Promise<void>
  findProgress(org: OrgSlug, importId: string): Promise<number | undefined>
  keepPass(of: FileImport, count: PassCount): Promise<void>
  readPasses(org: OrgSlug, importId: string, done: number): Promise<PassCount[]>
}

export interface Files {
  head(key: string): Promise<ObjectVersion | undefined>
  read(object: Pinned, range?: { start: number; end: number }): AsyncIterable<Uint8Array>
  put(key: string, body: string | Uint8Array, contentType: string): Promise<void>
  putFirst(key: string, body: Uint8Array): Promise<boolean>
  putStream(key: string, pieces: AsyncIterable<Uint8Array>): Promise<void>
  remove(key: string): Promise<void>
  /** In order of keys, those after `after`. */
  list(prefix: string, after?: string): AsyncIterable<ObjectVersion>
}

/** One range to be loaded. */
export const rangeMessageSchema = z.object({ org: orgSlugSchema, importId: z.string(), range: z.number() })
export type RangeMessage = z.infer<typeof rangeMessageSchema>

export type FindOrg = (org: OrgSlug) => Promise<Org | undefined>
/** `group`: the org, so that a queue can serve them in turn. */
export type SendRanges = (group: string, messages: readonly RangeMessage[]) => Promise<void>
export type SendNotices = (group: string, messages: readonly Notice[]) => Promise<void>
