// Loads one range of a file: reads its rows, looks up what stands, keeps what was seen, writes, and marks the range done last.
// Killed anywhere and started again, or run twice at once, it comes to the same.

import { type EventSource, fileSourceSchema } from '../../contract/custom-event.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import type { FileImport, FileRange } from '../../contract/import.ts'
import { rangesOnTheirWay } from '../../contract/limits.ts'
import type { ReadEvent, RowContext } from '../domain/events/read-custom-event.ts'
import { type Look, nameEvent, packLooks } from '../domain/files/count-rows.ts'
import { type FileName, nameFile, workKey } from '../domain/files/name-file.ts'
import { type Missing, VersionMissing } from '../domain/files/object-version.ts'
import type { FileColumns } from '../domain/files/read-columns.ts'
import { makeRowReader } from '../domain/files/read-text-rows.ts'
import { csvRejection, jsonRejection, type RejectedRow } from '../domain/files/row-fault.ts'
import { type FileEvent, orderOf } from '../domain/files/row-order.ts'
import type { Files, FindOrg, Ledger, RangeMessage, SendNotices, SendRanges } from './file-deps.ts'
import { inLanes } from './in-lanes.ts'
import { asyncBufferOf } from './parquet-file.ts'

export interface LoadDeps {
  readonly ledger: Ledger
  readonly files: Files
  readonly events: {
    look(org: OrgSlug, events: readonly FileEvent[]): Promise<Look[]>
    keep(org: OrgSlug, events: readonly FileEvent[]): Promise<void>
  }
  readonly findOrg: FindOrg
  readonly sendRanges: SendRanges
  readonly sendNotices: SendNotices
  readonly now: () => number
}

/** `known`: it was loaded before, or the import ended without it. */
export type Loaded = 'loaded' | 'known' | 'superseded' | 'removed'

/** Events that are looked up, or written, by one lane at once. */
const sliceRows = 500
const lanes = 2

/** @throws when something cannot answer; the range stays pending and may be given again */
export async function loadRange(deps: LoadDeps, { org, importId, range: number }: RangeMessage): Promise<Loaded> {
  const of = await deps.ledger.find(org, importId)
  if (of?.status !== 'loading') return 'known'
  const range = await deps.ledger.findPending(org, importId, number)
  if (range !== undefined) {
    try {
      await load(deps, of, range)
    } catch (error) {
      if (!(error instanceof VersionMissing)) throw error
      return giveUp(deps, of, range, error.missing)
    }
    await deps.ledger.noteProgress(of, deps.now())
  }
  await goOn(deps, of, number)
  return range === undefined ? 'known' : 'loaded'
}

/** What was loaded of the file stays. If it was overwritten, its own notice loads what stands there now. */
async function giveUp(deps: LoadDeps, of: FileImport, { part, number }: FileRange, missing: Missing): Promise<Loaded> {
  const { org, importId } = of
  if (missing === 'gone') {
    await deps.sendNotices(org, [{ kind: 'finish', org, importId, ...(part !== undefined && { partOf: number }) }])
    return 'removed'
  }
  await deps.ledger.replace({ ...of, status: 'superseded', finishedAtMs: deps.now() }, ['loading'])
  return 'superseded'
}

async function load(deps: LoadDeps, of: FileImport, range: FileRange): Promise<void> {
  const name = nameFile(of.key)
  const settings = await deps.findOrg(of.org)
  if (name.kind !== 'file' || settings === undefined) throw new Error('an import of a file that names no org')
  const context: RowContext = {
    org: of.org,
    source: sourceOf(of),
    identifier: settings.personIdentifier,
    currency: settings.currency,
    // The same for whoever loads the range again.
    receivedAtMs: of.modifiedAtMs,
  }
  const events: FileEvent[] = []
  const rejected: RejectedRow[] = []
  const sink = {
    event: (event: ReadEvent) => events.push({ ...event, order: orderOf(of, range.number, events.length) }),
    reject: (row: RejectedRow) => rejected.push(row),
  }
  await readRows(deps.files, of, range, name, context, settings.fileColumns, sink)
  const looks = await keepLooks(deps, of, range, events)
  const lacking = events.filter(({ named }, at) => named || looks[at] !== 'same')
  await inLanes(slicesOf(latestOf(lacking)), lanes, (slice) => deps.events.keep(of.org, slice))
  if (rejected.length > 0) {
    const text = rejected.map(name.format === 'csv' ? csvRejection : jsonRejection).join('')
    const key = workKey(of.org, of.importId, 'rejected', range.number)
    await deps.files.put(key, Buffer.from(text, 'latin1'), 'application/octet-stream')
  }
  const rows = events.length + rejected.length
  const reasons = countReasons(rejected)
  await deps.ledger.finishRange(of, { number: range.number, rows, rejected: rejected.length, reasons })
}

function sourceOf({ source }: FileImport): EventSource {
  return fileSourceSchema.parse(source)
}

type Sink = Parameters<typeof makeRowReader>[2]

async function readRows(
  files: Files,
  of: FileImport,
  range: FileRange,
  { format }: FileName,
  context: RowContext,
  own: FileColumns | undefined,
  sink: Sink,
): Promise<void> {
  if (format === 'parquet') {
    const { readParquetRows } = await import('../domain/files/read-parquet.ts')
    return readParquetRows(asyncBufferOf(files, of), range, of.columns ?? [], context, sink)
  }
  const push = makeRowReader({ format, columns: of.columns ?? [], own, context }, range.line, sink)
  const object = range.part === undefined ? of : { key: range.part }
  for await (const chunk of files.read(object, range)) {
    push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1'), false)
  }
  push('', true)
}

/**
 * The first looks at a range are the ones that count: after them, this import may have written.
 * @returns what stands under the rows' ids now, so that whoever takes a range up again need not write what is written
 */
async function keepLooks(deps: LoadDeps, of: FileImport, { number }: FileRange, events: FileEvent[]): Promise<Look[]> {
  const key = workKey(of.org, of.importId, 'look', number)
  const seen: Look[] = []
  if (events.length === 0) return seen
  const slices = slicesOf(events.map((event, at) => ({ event, at })))
  await inLanes(slices, lanes, async (slice) => {
    const found = await deps.events.look(
      of.org,
      slice.map(({ event }) => event),
    )
    for (const [position, { at }] of slice.entries()) seen[at] = found[position] ?? 'none'
  })
  const rows = events.map((event, at) => ({ name: nameEvent(event), look: seen[at] ?? 'none' }))
  await deps.files.putFirst(key, packLooks(rows))
  return seen
}

/** Of rows with one id the last. */
function latestOf(events: readonly FileEvent[]): FileEvent[] {
  return [...new Map(events.map((event) => [nameEvent(event), event])).values()]
}

function slicesOf<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / sliceRows) }, (_, at) =>
    items.slice(at * sliceRows, (at + 1) * sliceRows),
  )
}

function countReasons(rejected: readonly RejectedRow[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { reasons } of rejected) {
    for (const code of new Set(reasons.map(({ code }) => code))) counts[code] = (counts[code] ?? 0) + 1
  }
  return counts
}

/** Sends the range that takes the place of this one among those on their way, or word that there is none left. */
async function goOn(deps: LoadDeps, { org, importId }: FileImport, number: number): Promise<void> {
  const next = number + rangesOnTheirWay
  if ((await deps.ledger.findPending(org, importId, next)) !== undefined) {
    await deps.sendRanges(org, [{ org, importId, range: next }])
    return
  }
  const left = await deps.ledger.readPending(org, importId, 1)
  if (left.length === 0) await deps.sendNotices(org, [{ kind: 'finish', org, importId }])
}
