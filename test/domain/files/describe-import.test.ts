import { expect, it } from 'vitest'
import type { FileImport } from '../../../contract/import.ts'
import { describeImport } from '../../../lambdas/domain/files/describe-import.ts'
import { orgOf } from '../../support/copy-settings.ts'

const finishedAtMs = Date.parse('2026-11-24T00:00:00Z')
const ended: FileImport = {
  importId: 'i',
  org: orgOf('acme'),
  key: 'incoming/acme/events/dt=2026-11-24/a.csv',
  source: 'files',
  etag: 'e',
  sizeBytes: 1,
  modifiedAtMs: 1,
  status: 'complete_with_errors',
  startedAtMs: finishedAtMs - 1_000,
  finishedAtMs,
  problems: [],
  counts: { rows: 2, accepted: 1, duplicate: 0, changed: 0, unchanged: 0, rejected: 1 },
}

it.each([
  ['names what stands beside a file', 89.99, 'reports/acme/events/dt=2026-11-24/a.csv.rejected.csv'],
  ['names nothing that the bucket has deleted', 90, null],
])('%s, %d days after it ended; the counts stay', (_, days, rejected) => {
  const told = describeImport(ended, finishedAtMs + days * 86_400_000)
  expect(told.rejected_file).toBe(rejected)
  expect(told.report_file === null).toBe(rejected === null)
  expect(told.counts?.rejected).toBe(1)
})
