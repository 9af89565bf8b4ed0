// Purchases as a shop exports them, as each format holds them: some 120 bytes a row, ASCII, no two alike.
import { gzipSync } from 'node:zlib'

export interface SampleFile {
  readonly rows: number
  readonly columns: readonly string[]
  readonly csv: Buffer
  readonly jsonl: Buffer
  readonly csvGzip: Buffer
}

/** `count` rows. */
export function makeSample(count: number): SampleFile {
  const rows = Array.from({ length: count }, (_, n) => ({
    event_id: `order-${n}`,
    name: 'purchase',
    user_id: `customer-${n % 5_000}`,
    timestamp: 1_795_000_000 + n,
    value: ((n % 9_000) / 100).toFixed(2),
    currency: 'USD',
    item: `SKU-${n % 977}`,
  }))
  const columns = Object.keys(rows[0] ?? {})
  const csv = Buffer.from(`${[columns.join(','), ...rows.map((row) => Object.values(row).join(','))].join('\n')}\n`)
  const jsonl = Buffer.from(`${rows.map((row) => JSON.stringify(row)).join('\n')}\n`)
  return { rows: count, columns, csv, jsonl, csvGzip: gzipSync(csv) }
}
