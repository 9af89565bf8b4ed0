// Purchases in files, one a day as a customer's nightly job writes them: put where the API says, followed until they are loaded,
// and held to what each must come to. With a row that is no event in each, a row twice in some, and a file that is dropped again.
import { setTimeout } from 'node:timers/promises'
import type { FileCounts, ImportAnswer } from '../../contract/import.ts'
import { type Deployment, listImports, putFile } from './deployment.ts'

/** A purchase as it is streamed: its members are a file's columns. */
export interface PurchaseEvent extends Readonly<Record<string, unknown>> {
  /** Seconds or milliseconds. */
  readonly timestamp: number
}

export interface PlannedFile {
  /** `2026-11-23` */
  readonly date: string
  readonly name: string
  readonly text: string
  readonly counts: Pick<FileCounts, 'rows' | 'duplicate' | 'rejected'>
}

const columns = ['event_id', 'name', 'user_id', 'delivery_id', 'timestamp', 'value', 'currency'] as const
const waitMs = 300_000
const pollMs = 1_000

/** A file for each UTC day of purchases, CSV and JSON by turns; the first one twice. `run` makes their names unique over runs. */
export function planFiles(purchases: readonly PurchaseEvent[], run: string): PlannedFile[] {
  const byDay = Map.groupBy(purchases, ({ timestamp }) => dayOf(timestamp))
  const files = [...byDay]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, events], at): PlannedFile => {
      const twice = at % 3 === 0 ? events.slice(-1) : []
      const nobody = { name: 'purchase', timestamp: events[0]?.timestamp, value: '1.00', currency: 'USD' }
      const rows = [...events, ...twice, nobody]
      const [text, ending] = at % 2 === 0 ? [toCsv(rows), 'csv'] : [toJsonLines(rows), 'jsonl']
      const counts = { rows: rows.length, duplicate: twice.length, rejected: 1 }
      return { date, name: `purchases-${run}.${ending}`, text, counts }
    })
  const [first] = files
  return first === undefined ? [] : [...files, { ...first, name: `again-${first.name}` }]
}

/** Drops the files one after the other, waits for all, and answers the calls that were made. What is off is among `faults`. */
export async function dropFiles(to: Deployment, files: readonly PlannedFile[], faults: string[]): Promise<number> {
  const dropped = new Map<string, PlannedFile>()
  for (const file of files) dropped.set(await putFile(to, file), file)
  const untilMs = performance.now() + waitMs
  const waiting = new Map(dropped)
  while (waiting.size > 0 && performance.now() < untilMs) {
    for (const found of await listImports(to)) {
      const file = waiting.get(found.file)
      if (file === undefined || found.counts === null) continue
      waiting.delete(found.file)
      if (!isAsPlanned(file, found, found.counts))
        faults.push(`${file.date} ${file.name}: ${JSON.stringify(found.counts)}`)
    }
    if (waiting.size > 0) await setTimeout(pollMs)
  }
  for (const file of waiting.values()) faults.push(`${file.date} ${file.name} was not loaded in ${waitMs / 1_000} s`)
  return 2 * files.length
}

/** Which of two files brought a row is a matter of time: each row was new, or there. */
function isAsPlanned({ counts }: PlannedFile, { status }: ImportAnswer, seen: FileCounts): boolean {
  const kept = seen.accepted + seen.unchanged
  return (
    status === 'complete_with_errors' &&
    seen.rows === counts.rows &&
    seen.duplicate === counts.duplicate &&
    seen.rejected === counts.rejected &&
    kept === counts.rows - counts.duplicate - counts.rejected
  )
}

function toCsv(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const line = (row: Readonly<Record<string, unknown>>) => columns.map((column) => String(row[column] ?? '')).join(',')
  return [columns.join(','), ...rows.map(line), ''].join('\n')
}

function toJsonLines(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
}

function dayOf(timestamp: number): string {
  return new Date(timestamp > 1e11 ? timestamp : timestamp * 1_000).toISOString().slice(0, 10)
}
