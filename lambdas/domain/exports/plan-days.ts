// Which days of an org are to be exported: those whose results rows, or whose erasures, are others than those that the
// current version was made from. Nothing is counted for it: the rows themselves say.
import { createHash } from 'node:crypto'
import type { ExportDay, FinishedExport, RunningExport } from '../../../contract/export.ts'
import { refusedExportPauseMs } from '../../../contract/limits.ts'

/** One row of the results: its scope and key, and how often it was written. */
export interface DayRow {
  readonly day: string
  readonly text: string
}

/** A digest of each day that has rows; the rows come in an order that is always the same. */
export async function digestDays(rows: AsyncIterable<DayRow>): Promise<Map<string, string>> {
  const hashes = new Map<string, ReturnType<typeof createHash>>()
  for await (const { day, text } of rows) {
    const hash = hashes.get(day) ?? createHash('sha256')
    hashes.set(day, hash.update(`${text}\n`))
  }
  return new Map([...hashes].map(([day, hash]) => [day, hash.digest('base64url')]))
}

export interface DueDay {
  readonly day: string
  readonly digest: string
  readonly erased: string
}

/** The days to export, the latest first: yesterday is what people wait for. */
export function dueDays(
  digests: ReadonlyMap<string, string>,
  erasures: ReadonlyMap<string, string>,
  entries: ReadonlyMap<string, ExportDay>,
  nowMs: number,
): DueDay[] {
  return [...digests]
    .map(([day, digest]) => ({ day, digest, erased: erasures.get(day) ?? '' }))
    .filter((due) => isDue(due, entries.get(due.day), nowMs))
    .toSorted((a, b) => (a.day < b.day ? 1 : -1))
}

function isDue({ digest, erased }: DueDay, entry: ExportDay | undefined, nowMs: number): boolean {
  // Others first: whoever takes the org up again would otherwise never get beyond a day that does not add up.
  if (entry?.refused !== undefined) return nowMs >= entry.refused.atMs + refusedExportPauseMs
  if (entry?.running !== undefined || entry?.current === undefined) return true
  return entry.current.digest !== digest || entry.current.erased !== erased
}

/** What is exported of a due day: the version under way, or a new one when there is none or it holds somebody erased since. */
export function runOf(
  { digest, erased }: DueDay,
  entry: ExportDay | undefined,
  sources: readonly string[],
  startedAtMs: number,
): RunningExport {
  const { running, current, refused } = entry ?? {}
  // One that code from before totals has written a part of cannot be held to the results.
  if (running?.checked === true && running.erased === erased) return running
  return {
    version: Math.max(running?.version ?? 0, current?.version ?? 0, refused?.version ?? 0) + 1,
    checked: true,
    digest,
    erased,
    startedAtMs,
    purges: running !== undefined || (current !== undefined && current.erased !== erased),
    sources: [...sources],
    cursor: { source: 0, shard: 0, after: '' },
    parts: 0,
    files: [],
  }
}

/** What is kept of a version that is complete. */
export function finishRun({ files, ...running }: RunningExport, finishedAtMs: number): FinishedExport {
  const rows = { serves: 0, sends: 0, events: 0, outcomes: 0 }
  for (const file of files) rows[file.dataset] += file.rows
  const { version, digest, erased, startedAtMs } = running
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return { version, digest, erased, startedAtMs, finishedAtMs, rows, bytes }
}
