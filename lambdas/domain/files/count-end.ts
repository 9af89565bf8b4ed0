// What the end of an import adds to the metrics.
import type { FileImport } from '../../../contract/import.ts'
import type { MetricValues } from '../../../contract/metrics.ts'

/** Nothing for an import that goes on, or that another version of the file took the place of. */
export function countEnd({ status, counts }: FileImport): MetricValues {
  const RowsRejected = counts?.rejected ?? 0
  switch (status) {
    case 'complete':
      return { FilesComplete: 1 }
    case 'complete_with_errors':
      return { FilesWithErrors: 1, RowsRejected }
    case 'failed':
      return { FilesFailed: 1, RowsRejected }
    case 'planning':
    case 'loading':
    case 'superseded':
      return {}
  }
}
