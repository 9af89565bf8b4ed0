// An import as the API tells it, and which imports may be taken up again.
import type { FileImport, ImportAnswer, RangeResult } from '../../../contract/import.ts'
import { reportDays } from '../../../contract/limits.ts'
import { nameFile, rejectedKey, reportKey } from './name-file.ts'

const ended: readonly FileImport['status'][] = ['complete', 'complete_with_errors', 'failed']

const reportsMs = reportDays * 86_400_000

/** Keys of what stands beside a file once its import came to an end, until the bucket deletes it. */
export function filesBeside(of: FileImport, nowMs: number): { report?: string; rejected?: string } {
  const { status, key, counts, finishedAtMs = of.startedAtMs } = of
  if (!ended.includes(status) || nowMs >= finishedAtMs + reportsMs) return {}
  const named = nameFile(key)
  const hasRejected = named.kind === 'file' && counts !== undefined && counts.rejected > 0
  return { report: reportKey(key), ...(hasRejected && { rejected: rejectedKey(key, named.format) }) }
}

/** What is looked up of one import, and not of those of a list. */
export interface ImportDetails {
  /** Ranges that are loaded. */
  readonly done: readonly RangeResult[]
  readonly progressAtMs: number | undefined
  /** Addresses of the files beside it. */
  readonly links: { readonly report?: string | undefined; readonly rejected?: string | undefined }
}

export function describeImport(of: FileImport, nowMs: number, details?: ImportDetails): ImportAnswer {
  const { done, links, progressAtMs } = details ?? {}
  const { report, rejected } = filesBeside(of, nowMs)
  const sum = (count: (range: RangeResult) => number) => done?.reduce((total, range) => total + count(range), 0) ?? null
  return {
    id: of.importId,
    file: of.key,
    status: of.status,
    bytes: of.sizeBytes,
    ranges: of.ranges ?? null,
    ranges_done: sum(() => 1),
    rows_done: sum(({ rows }) => rows),
    rejected: of.counts?.rejected ?? sum(({ rejected }) => rejected),
    problems: [...of.problems],
    counts: of.counts ?? null,
    report_file: report ?? null,
    rejected_file: rejected ?? null,
    report_url: links?.report ?? null,
    rejected_url: links?.rejected ?? null,
    started: new Date(of.startedAtMs).toISOString(),
    progressed: progressAtMs === undefined ? null : new Date(progressAtMs).toISOString(),
    finished: of.finishedAtMs === undefined ? null : new Date(of.finishedAtMs).toISOString(),
  }
}

/** The import as it is to be taken up; undefined when it came to its end. What was not loaded of a planned file is loaded. */
export function retakeImport(of: FileImport, nowMs: number): FileImport | undefined {
  const { sentAtMs, attempts, finishedAtMs, counts, ...rest } = of
  const kept = { ...rest, takenUpAtMs: nowMs }
  if (of.status === 'planning') return kept
  const isStuck = of.problems.some(({ code }) => code === 'file.stuck')
  const problems = of.problems.filter(({ code }) => code !== 'file.stuck')
  if (of.status === 'loading' || isStuck) return { ...kept, status: 'loading', problems }
  return of.status === 'failed' ? { ...kept, status: 'planning', problems: [] } : undefined
}
