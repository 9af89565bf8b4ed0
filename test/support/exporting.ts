// An org's exports on DynamoDB Local with a bucket in memory: run, killed in the middle, and read back by DuckDB.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { type ExportManifest, exportManifestSchema } from '../../contract/export.ts'
import { type Dataset, datasets, exportColumns } from '../../contract/export-columns.ts'
import type { OrgSlug, TemplateId } from '../../contract/ids.ts'
import { type Exported, type ExportOrgDeps, exportOrg } from '../../lambdas/flows/export-org.ts'
import { makeExportReads } from '../../lambdas/store/export-reads.ts'
import { makeExportStore } from '../../lambdas/store/exports.ts'
import { makeMeasureReads } from '../../lambdas/store/measure-reads.ts'
import { makeOutcomeStore } from '../../lambdas/store/outcomes.ts'
import { makeSettingLists } from '../../lambdas/store/setting-lists.ts'
import type { TestDatabase } from './dynamodb-local.ts'
import { makeMemoryFiles } from './memory-files.ts'

/** Stands for a function that is ended between two of its calls. */
export class KilledExport extends Error {}

export function makeExporting({ client, tables }: TestDatabase, templates: readonly TemplateId[], nowMs: number) {
  const files = makeMemoryFiles()
  const clock = { nowMs }
  const now = () => clock.nowMs
  let putsLeft = Number.POSITIVE_INFINITY
  const meanwhile: { beforePut?: () => Promise<void>; losesOutcomes?: boolean } = {}
  const reads = makeExportReads(client, tables)
  const deps: ExportOrgDeps = {
    ...makeSettingLists(client, tables.settings),
    ...reads,
    readOutcomes: async (...asked) => (await reads.readOutcomes(...asked)).slice(meanwhile.losesOutcomes ? 1 : 0),
    ...makeExportStore(client, tables.settings, now),
    ...makeMeasureReads(client, tables),
    readPerson: makeOutcomeStore(client, tables).readPerson,
    listTemplates: async () => templates.map((templateId) => ({ templateId })),
    put: async (key, body) => {
      if (putsLeft-- <= 0) throw new KilledExport()
      await meanwhile.beforePut?.()
      await files.put(key, body, '')
    },
    read: files.read,
    list: files.list,
    remove: files.remove,
    now,
    pause: async () => undefined,
  }
  return {
    deps,
    files,
    clock,
    /** What goes wrong, or goes on, while it runs. */
    meanwhile,
    run: (org: OrgSlug): Promise<Exported> => exportOrg(deps, org, Number.POSITIVE_INFINITY),
    /** Ends while it writes the object after so many. */
    async killAfter(org: OrgSlug, puts: number): Promise<void> {
      putsLeft = puts
      await exportOrg(deps, org, Number.POSITIVE_INFINITY).finally(() => {
        putsLeft = Number.POSITIVE_INFINITY
      })
    },
    /** The manifest of each day's latest version, by day. */
    manifests(org: OrgSlug): ExportManifest[] {
      const keys = files.keys(`exports/${org}/manifests/`)
      const all = keys.map((key) => exportManifestSchema.parse(JSON.parse(files.text(key) ?? '')))
      const latest = Map.groupBy(all, ({ day }) => day)
      return [...latest.values()].flatMap((some) => some.toSorted((a, b) => b.version - a.version).slice(0, 1))
    },
    async bytes(key: string): Promise<Buffer> {
      const chunks: Uint8Array[] = []
      for await (const chunk of files.read({ key })) chunks.push(chunk)
      return Buffer.concat(chunks)
    },
  }
}
export type Exporting = ReturnType<typeof makeExporting>

/** Answers of DuckDB about the files that the latest manifests name; a dataset without files is an empty table. */
export async function openExports(exporting: Exporting, org: OrgSlug) {
  const folder = mkdtempSync(join(tmpdir(), 'exports-'))
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const files = exporting.manifests(org).flatMap((manifest) => manifest.files)
  for (const { key } of files) {
    mkdirSync(dirname(join(folder, key)), { recursive: true })
    writeFileSync(join(folder, key), await exporting.bytes(key))
  }
  for (const dataset of datasets) {
    const names = files.filter((file) => file.dataset === dataset).map(({ key }) => `'${join(folder, key)}'`)
    const source =
      names.length === 0 ? emptyOf(dataset) : `SELECT * FROM read_parquet([${names}], hive_partitioning = true)`
    await connection.run(`CREATE TABLE ${dataset} AS ${source}`)
  }
  rmSync(folder, { recursive: true })
  return {
    ask: async (sql: string): Promise<Record<string, unknown>[]> => {
      const reader = await connection.runAndReadAll(sql)
      return reader.getRowObjectsJson()
    },
  }
}

const emptyTypes = {
  text: 'VARCHAR',
  decimal: 'VARCHAR',
  boolean: 'BOOLEAN',
  integer: 'BIGINT',
  real: 'DOUBLE',
  instant: 'TIMESTAMPTZ',
}

function emptyOf(dataset: Dataset): string {
  const columns = Object.entries(exportColumns[dataset]).map(([name, type]) => `NULL::${emptyTypes[type]} AS ${name}`)
  return `SELECT ${columns.join(', ')}, NULL::DATE AS dt WHERE false`
}
