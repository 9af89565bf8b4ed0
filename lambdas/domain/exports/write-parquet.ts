// Rows as the bytes of a Parquet file, compressed by Snappy, which every reader knows.
import { parquetWriteBuffer } from 'hyparquet-writer'
import { type ColumnType, type Dataset, type ExportRow, exportColumns } from '../../../contract/export-columns.ts'

const parquetTypes = {
  text: 'STRING',
  decimal: 'STRING',
  boolean: 'BOOLEAN',
  integer: 'INT64',
  real: 'DOUBLE',
  instant: 'TIMESTAMP',
} as const satisfies Record<ColumnType, string>

/** One file of a dataset. Every column is there and may be null, whatever the rows hold. */
export function writeParquet(dataset: Dataset, rows: readonly ExportRow[]): Uint8Array {
  const columnData = Object.entries(exportColumns[dataset]).map(([name, type]) => ({
    name,
    type: parquetTypes[type],
    nullable: true,
    data: rows.map((row) => toCell(row[name], type)),
  }))
  return new Uint8Array(parquetWriteBuffer({ columnData }))
}

function toCell(value: ExportRow[string] | undefined, type: ColumnType): unknown {
  if (value === undefined || value === null) return null
  if (type === 'integer') return BigInt(Number(value))
  return type === 'instant' ? new Date(Number(value)) : value
}
