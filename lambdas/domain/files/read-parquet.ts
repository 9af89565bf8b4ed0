// Parquet files: which rows make a range, and rows as objects whose values are what JSON would have said.
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type SchemaElement,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import type { FileProblem, FileRange } from '../../../contract/import.ts'
import { maxFileColumns, maxParquetRowGroups, maxRowGroupBytes, parquetRangeRows } from '../../../contract/limits.ts'
import { inspectJson } from '../events/inspect-json.ts'
import { type RowContext, readCustomEvent } from '../events/read-custom-event.ts'
import { type FileColumns, readColumns } from './read-columns.ts'
import { type RowSink, unlessGivenUp } from './read-text-rows.ts'
import { notDecodable } from './row-fault.ts'

export type ParquetPlan =
  | {
      readonly ok: true
      readonly ranges: readonly FileRange[]
      readonly columns: readonly string[]
      readonly unknown: readonly string[]
    }
  | { readonly ok: false; readonly problem: FileProblem }

/** Ranges of at most `parquetRangeRows`, none across row groups. @throws what `file` throws */
export async function planParquet(file: AsyncBuffer, own: FileColumns | undefined): Promise<ParquetPlan> {
  const metadata = await unlessUndecodable(file, parquetMetadataAsync)
  if (metadata === undefined) {
    const message = `file: seen ${file.byteLength} bytes that are not Parquet; allowed a Parquet file`
    return { ok: false, problem: { code: 'file.parquet', message } }
  }
  const tooLarge = findExcess(metadata)
  if (tooLarge !== undefined) return { ok: false, problem: { code: 'file.parquet_large', message: tooLarge } }
  const reading = readColumns(
    columnsOf(metadata).map(({ name }) => name),
    own,
  )
  if (!reading.ok) return { ok: false, problem: { code: reading.code, message: reading.message } }
  const ranges: FileRange[] = []
  let first = 0
  for (const { num_rows } of metadata.row_groups) {
    const last = first + Number(num_rows)
    for (let start = first; start < last; start += parquetRangeRows) {
      const end = Math.min(last, start + parquetRangeRows)
      ranges.push({ number: ranges.length, start, end, line: start + 1 })
    }
    first = last
  }
  return { ok: true, ranges, columns: reading.columns, unknown: reading.unknown }
}

/**
 * Reads the rows of one range. `columns`: what each is called in a row, by position; empty: left out. Rows of pages that cannot
 * be decoded are rejected, all of the range: which row a damaged page held is not known. @throws what `file` throws
 */
export async function readParquetRows(
  file: AsyncBuffer,
  { start, end }: Pick<FileRange, 'start' | 'end'>,
  columns: readonly string[],
  context: RowContext,
  sink: RowSink,
): Promise<void> {
  const decoded = await unlessUndecodable(file, async (watched) => {
    const metadata = await parquetMetadataAsync(watched)
    const options = { file: watched, metadata, rowStart: start, rowEnd: end, compressors }
    return { schema: columnsOf(metadata), rows: await parquetReadObjects(options) }
  })
  if (decoded === undefined || decoded.rows.length !== end - start) {
    for (let row = start; row < end; row++) sink.reject({ line: row + 1, words: '', reasons: [notDecodable] })
    return
  }
  const { schema, rows } = decoded
  for (const [at, given] of rows.entries()) {
    const row: Record<string, unknown> = {}
    const reading = unlessGivenUp(() => {
      for (const [position, element] of schema.entries()) {
        const name = columns[position] ?? ''
        const value = toJson(given[element.name], element)
        if (name !== '' && value !== undefined && value !== null) row[name] = value
      }
      const unsafe = inspectJson(row)
      return unsafe.length > 0 ? { ok: false, reasons: unsafe } : readCustomEvent(row, context)
    })
    if (reading.ok) sink.event(reading)
    else sink.reject({ line: start + at + 1, words: wordsOf(row), reasons: reading.reasons })
  }
}

/** The row as JSON, as byte text; nothing when it is nested too deeply to be said. */
function wordsOf(row: object): string {
  try {
    return Buffer.from(JSON.stringify(row)).toString('latin1')
  } catch {
    return ''
  }
}

/** What `read` makes of the file; undefined when it fails by what the file holds. @throws what `file` throws */
async function unlessUndecodable<T>(
  file: AsyncBuffer,
  read: (file: AsyncBuffer) => Promise<T>,
): Promise<T | undefined> {
  let failed: unknown
  const watched: AsyncBuffer = {
    byteLength: file.byteLength,
    slice: async (from, to) => {
      try {
        return await file.slice(from, to)
      } catch (error) {
        failed = error
        throw error
      }
    },
  }
  try {
    return await read(watched)
  } catch {
    if (failed !== undefined) throw failed
    return undefined
  }
}

function columnsOf(metadata: FileMetaData): SchemaElement[] {
  return parquetSchema(metadata).children.map(({ element }) => element)
}

function findExcess(metadata: FileMetaData): string | undefined {
  const { row_groups: groups } = metadata
  const bytes = Math.max(0, ...groups.map(({ total_byte_size }) => Number(total_byte_size)))
  const columns = columnsOf(metadata).length
  if (groups.length > maxParquetRowGroups) {
    return `file: seen ${groups.length} row groups; allowed ${maxParquetRowGroups}`
  }
  if (bytes > maxRowGroupBytes) {
    return `file: seen a row group of ${bytes} bytes uncompressed; allowed ${maxRowGroupBytes}`
  }
  return columns > maxFileColumns ? `file: seen ${columns} columns; allowed ${maxFileColumns}` : undefined
}

/** A decimal comes as a binary fraction that is off by less than half of its last digit. */
function toJson(value: unknown, { scale, converted_type }: Partial<SchemaElement> = {}): unknown {
  if (typeof value === 'number' && converted_type === 'DECIMAL') return value.toFixed(scale ?? 0)
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8')
  if (Array.isArray(value)) return value.map((element) => toJson(element))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toJson(member)]))
}
