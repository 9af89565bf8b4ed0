// DuckDB's readers on one thread: they parse and type every value of a file, and neither check nor name an event.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { SampleFile } from './sample-rows.ts'

export interface DuckReaders {
  readonly read: (file: 'csv' | 'jsonl' | 'csvGzip') => Promise<void>
  readonly close: () => void
}

const names = { csv: 'sample.csv', jsonl: 'sample.jsonl', csvGzip: 'sample.csv.gz' } as const

/** Writes the sample into files of its own; `close` takes them away. */
export async function openDuckReaders(sample: SampleFile): Promise<DuckReaders> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-files-'))
  for (const [kind, name] of Object.entries(names)) {
    const bytes = kind === 'csv' ? sample.csv : kind === 'jsonl' ? sample.jsonl : sample.csvGzip
    writeFileSync(join(folder, name), bytes)
  }
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  const every = sample.columns.map((column) => `max(${column})`).join(', ')
  return {
    async read(kind) {
      const reader = kind === 'jsonl' ? 'read_json' : 'read_csv'
      const result = await connection.runAndReadAll(
        `SELECT count(*), ${every} FROM ${reader}('${join(folder, names[kind])}')`,
      )
      if (Number(result.getRows()[0]?.[0]) !== sample.rows) throw new Error('DuckDB read another number of rows')
    },
    close() {
      connection.closeSync()
      instance.closeSync()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
