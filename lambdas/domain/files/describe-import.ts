// An import as the API tells it, and which imports may be taken up again.
import type { FileImport, ImportAnswer, RangeResult } from '../../../contract/import.ts'
import { nameFile, rejectedKey, reportKey } from './name-file.ts'

const ended: readonly FileImport['status'][] = ['complete', 'complete_with_errors', 'failed']

/** Keys of what stands beside a file once its import came to an end. */
export function filesBeside({ status, key, counts }: FileImport): { report?: string; rejected?: string } {
  if (!ended.includes(status)) return {}
  const named = nameFile(key)
  const hasRejected = named.kind === 'file' && counts !== undefined && counts.rejected > 0
  return { report: reportKey(key), ...(hasRejected && { rejected: rejectedKey(key, named.format) }) }
}

/** `done`: ranges that are loaded, and `links` to the files beside it; neither is looked up in lists. */
export function describeImport(
  of: FileImport,
  done?: readonly RangeResult[],
  links: { readonly report?: string; readonly rejected?: string } = {},
): ImportAnswer {
  const { report, rejected } = filesBeside(of)
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
    report_url: links.report ?? null,
    rejected_url: links.rejected ?? null,
    started: new Date(of.startedAtMs).toISOString(),
    finished: of.finishedAtMs === undefined ? null : new Date(of.finishedAtMs).toISOString(),
  }
}

/** The import as it is to be taken up; undefined when it came to its end. What was not loaded of a planned file is loaded. */
export function retakeImport(of: FileImport): FileImport | undefined {
  const { sentAtMs, pendingSeen, finishedAtMs, counts, ...kept } = of
  if (of.status === 'planning') return kept
  const isStuck = of.problems.some(({ code }) => code === 'file.stuck')
  const problems = of.problems.filter(({ code }) => code !== 'file.stuck')
  if (of.status === 'loading' || isStuck) return { ...kept, status: 'loading', problems }
  return of.status === 'failed' ? { ...kept, status: 'planning', problems: [] } : undefined
}
