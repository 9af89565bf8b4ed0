// Holds what an export has written to the results: totals of the day before anything is read and of every part are kept beside
// the files, so that whoever finishes the version, after however many crashes, can say whether it adds up.
import type { RunningExport } from '../../contract/export.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import type { CellChange } from '../../contract/result-cell.ts'
import type { ExportRows } from '../domain/exports/export-rows.ts'
import { totalsKey } from '../domain/exports/name-export.ts'
import { addTotals, disagreements, type Totals, totalsOfCells, totalsOfRows } from '../domain/exports/sum-totals.ts'
import { VersionMissing } from '../domain/files/object-version.ts'
import { inLanes } from './in-lanes.ts'

export interface CheckExportDeps {
  /** Rows of the results of one template and day, strongly consistent. */
  readonly readCells: (org: OrgSlug, templateId: string, day: string) => Promise<readonly CellChange[]>
  /** @throws VersionMissing */
  readonly read: (object: { readonly key: string }) => AsyncIterable<Uint8Array>
  readonly put: (key: string, body: Uint8Array) => Promise<void>
}

/** Which version of an org's day. */
export interface VersionOfDay {
  readonly org: OrgSlug
  readonly day: string
  readonly version: number
}

const lanes = 8

/** What the results say of a day before it is exported. Again by whoever begins the version again: nothing is read by then. */
export async function keepBefore(deps: CheckExportDeps, of: VersionOfDay, templates: readonly string[]): Promise<void> {
  await putTotals(deps, of, 'before', await totalsOfDay(deps, of, templates))
}

/** What one part has. A part that is written again has its totals written again, after its files. */
export async function keepPart(deps: CheckExportDeps, of: VersionOfDay, part: number, rows: ExportRows): Promise<void> {
  await putTotals(deps, of, part, totalsOfRows(rows))
}

/** Names of the totals in which a version and the results disagree; none when it may be told of. */
export async function checkExport(
  deps: CheckExportDeps,
  of: VersionOfDay,
  { parts }: Pick<RunningExport, 'parts'>,
  templates: readonly string[],
): Promise<string[]> {
  try {
    const exported: Totals = new Map()
    for (let part = 1; part <= parts; part++) addTotals(exported, await readTotals(deps, of, part))
    const before = await readTotals(deps, of, 'before')
    return disagreements(before, exported, await totalsOfDay(deps, of, templates))
  } catch (error) {
    if (error instanceof VersionMissing) return ['totals of the version are missing']
    throw error
  }
}

async function totalsOfDay({ readCells }: CheckExportDeps, { org, day }: VersionOfDay, templates: readonly string[]) {
  const totals: Totals = new Map()
  await inLanes(templates, lanes, async (templateId) =>
    addTotals(totals, totalsOfCells(await readCells(org, templateId, day))),
  )
  return totals
}

async function putTotals({ put }: CheckExportDeps, of: VersionOfDay, part: number | 'before', totals: Totals) {
  const text = JSON.stringify([...totals].map(([key, count]) => [key, String(count)]))
  await put(totalsKey(of.org, of.day, of.version, part), Buffer.from(text))
}

async function readTotals({ read }: CheckExportDeps, of: VersionOfDay, part: number | 'before'): Promise<Totals> {
  const chunks: Uint8Array[] = []
  for await (const chunk of read({ key: totalsKey(of.org, of.day, of.version, part) })) chunks.push(chunk)
  const entries: [string, string][] = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  return new Map(entries.map(([key, count]) => [key, BigInt(count)]))
}
