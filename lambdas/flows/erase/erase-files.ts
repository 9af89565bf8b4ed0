// Takes a person out of what files left in the bucket: the rejected rows beside them, and what imports keep while they run.
// The dropped files themselves are not rewritten: the bucket deletes them by their age, and the answer lists them.
import type { OrgSlug } from '../../../contract/ids.ts'
import type { FileImport } from '../../../contract/import.ts'
import { fileDays, maxRewrittenBytes, oldVersionDays, pageSize } from '../../../contract/limits.ts'
import { leaveOutRows } from '../../domain/files/leave-out-rows.ts'
import {
  incomingPrefix,
  readRejectedKey,
  readWorkKey,
  reportsPrefix,
  workPrefix,
} from '../../domain/files/name-file.ts'
import { inLanes } from '../in-lanes.ts'
import { advance, count, type EraseDeps, eraseLanes, type Step, type Stepped } from './erase-deps.ts'

const dayMs = 86_400_000
const maxListed = 50

/** Files that are being loaded may still reject rows of the person: what follows waits for them. */
export async function awaitLoading({ imports }: EraseDeps, { org, erasure }: Step): Promise<Stepped> {
  let under = 0
  let next: string | undefined
  do {
    const page = await imports.list(org, pageSize, next)
    under += page.imports.filter(isUnderWay).length
    next = page.next
  } while (next !== undefined)
  if (under === 0) return { erasure: advance(erasure, 'reports') }
  return { erasure, waitsFor: `Files that are still being loaded: ${under}.` }
}

export async function eraseReports(deps: EraseDeps, { org, erasure, untilMs }: Step): Promise<Stepped> {
  let after = erasure
  for await (const { key, sizeBytes } of deps.files.list(`${reportsPrefix}${org}/`)) {
    const format = readRejectedKey(key)
    if (format === undefined || key <= (erasure.next ?? '')) continue
    if (deps.now() > untilMs) return { erasure: after }
    const removed = await rewrite(deps, { key, sizeBytes }, format, format === 'csv', erasure)
    after = { ...count(after, removed), next: key }
  }
  return { erasure: advance(after, 'work') }
}

/** Of imports that came to their end everything goes; one that failed may be taken up again, and loses the person's rows. */
export async function eraseWork(deps: EraseDeps, { org, erasure, untilMs }: Step): Promise<Stepped> {
  const known = new Map<string, FileImport | undefined>()
  let after = erasure
  let waiting: string[] = []
  const removeWaiting = async () => {
    await inLanes(waiting, eraseLanes, (key) => deps.files.remove(key))
    waiting = []
  }
  for await (const { key, sizeBytes } of deps.files.list(`${workPrefix}${org}/`)) {
    const work = readWorkKey(key)
    if (work === undefined || key <= (erasure.next ?? '')) continue
    if (deps.now() > untilMs) {
      await removeWaiting()
      return { erasure: after }
    }
    if (!known.has(work.importId)) known.set(work.importId, await deps.imports.find(org, work.importId))
    const of = known.get(work.importId)
    if (of === undefined || isEnded(of)) {
      waiting.push(key)
      after = count(after, { files: 1 })
      if (waiting.length >= pageSize) await removeWaiting()
    } else if (work.kind === 'rejected') {
      const format = of.key.toLowerCase().includes('.csv') ? 'csv' : 'jsonl'
      after = { ...count(after, await rewrite(deps, { key, sizeBytes }, format, false, erasure)), next: key }
    }
  }
  await removeWaiting()
  return { erasure: advance(after, 'done') }
}

/** What stays in the bucket for a while, and when the last of it is gone. */
export async function listKept({ files, now }: Pick<EraseDeps, 'files' | 'now'>, org: OrgSlug, touched: boolean) {
  const keys: string[] = []
  let total = 0
  let untilMs = touched ? now() + oldVersionDays * dayMs : 0
  for await (const { key, modifiedAtMs } of files.list(`${incomingPrefix}${org}/`)) {
    total++
    if (keys.length < maxListed) keys.push(key)
    untilMs = Math.max(untilMs, modifiedAtMs + (fileDays + 1 + oldVersionDays) * dayMs)
  }
  return { count: total, keys, gone_by: untilMs === 0 ? null : new Date(untilMs).toISOString() }
}

async function rewrite(
  { files }: EraseDeps,
  { key, sizeBytes }: { key: string; sizeBytes: number },
  format: 'csv' | 'jsonl',
  withHeader: boolean,
  { names }: Step['erasure'],
): Promise<Partial<Step['erasure']['erased']>> {
  if (sizeBytes > maxRewrittenBytes) {
    await files.remove(key)
    return { files: 1 }
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of files.read({ key })) chunks.push(chunk)
  const { text, left } = leaveOutRows(Buffer.concat(chunks).toString('latin1'), format, withHeader, names)
  if (left === 0) return {}
  await files.put(key, Buffer.from(text, 'latin1'), format === 'csv' ? 'text/csv' : 'application/x-ndjson')
  return { rejected_rows: left, files: 1 }
}

function isUnderWay({ status }: FileImport): boolean {
  return status === 'planning' || status === 'loading'
}

function isEnded({ status }: FileImport): boolean {
  return status === 'complete' || status === 'complete_with_errors' || status === 'superseded'
}
