// The report that is put beside a file, and how its status is arrived at.
import type { FileCounts, FileImport, FileReport, ImportStatus } from '../../../contract/import.ts'

const noCounts: FileCounts = { rows: 0, accepted: 0, duplicate: 0, changed: 0, unchanged: 0, rejected: 0 }

type Told = Pick<FileImport, 'key' | 'sizeBytes' | 'startedAtMs' | 'problems'> & Partial<FileImport>

/** A problem of the file outweighs rejected rows: it was not read, or not to its end. */
export function statusOf(
  problems: readonly unknown[],
  counts: FileCounts = noCounts,
): Extract<ImportStatus, 'complete' | 'complete_with_errors' | 'failed'> {
  if (problems.length > 0) return 'failed'
  return counts.rejected > 0 ? 'complete_with_errors' : 'complete'
}

/** JSON text. `reasons`: rejected rows by reason. */
export function writeReport(
  told: Told & { readonly finishedAtMs: number },
  reasons: Readonly<Record<string, number>> = {},
  rejectedFile: string | null = null,
): string {
  const counts = told.counts ?? noCounts
  const report: FileReport = {
    import_id: told.importId ?? null,
    file: told.key,
    status: statusOf(told.problems, counts),
    problems: [...told.problems],
    ...counts,
    attributed: null,
    reasons: { ...reasons },
    unknown_columns: [...(told.unknownColumns ?? [])],
    rejected_file: rejectedFile,
    bytes: told.sizeBytes,
    ranges: told.ranges ?? 0,
    started: new Date(told.startedAtMs).toISOString(),
    finished: new Date(told.finishedAtMs).toISOString(),
  }
  return `${JSON.stringify(report, null, 2)}\n`
}
