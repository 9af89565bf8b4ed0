// Exports one day: slice after slice, then holds what was written to the results, and only then writes the manifest. A version
// that disagrees is deleted and told of; another is tried later.
import type { ExportDay, ExportManifest, RunningExport } from '../../contract/export.ts'
import type { OrgSlug } from '../../contract/ids.ts'
import { exportFolders, exportKey, isOfVersion, manifestKey } from '../domain/exports/name-export.ts'
import { finishRun } from '../domain/exports/plan-days.ts'
import { checkExport } from './check-export.ts'
import { type ExportSliceDeps, exportSlice } from './export-slice.ts'

export type Progress = Pick<ExportDay, 'current' | 'running' | 'refused'>

export interface ExportDayDeps extends ExportSliceDeps {
  /** Writes over the entry that was read; undefined when somebody else has gone on. */
  readonly saveExport: (
    org: OrgSlug,
    day: string,
    before: ExportDay | undefined,
    next: Progress,
  ) => Promise<ExportDay | undefined>
  readonly list: (prefix: string) => AsyncIterable<{ readonly key: string }>
  readonly remove: (key: string) => Promise<void>
  readonly now: () => number
}

/** `more`: the time is up. `lost`: somebody else exports this org. `refused`: what was written is not what the results say. */
export type DayExported = 'done' | 'more' | 'lost' | 'refused'

const namedDisagreements = 10

/** @param begun with a version under way */
export async function exportDay(
  deps: ExportDayDeps,
  org: OrgSlug,
  begun: ExportDay & { readonly running: RunningExport },
  templates: readonly string[],
  untilMs: number,
): Promise<DayExported> {
  const { day } = begun
  let running = begun.running
  let entry: ExportDay = begun
  const keep = async (next: Progress): Promise<boolean> => {
    const saved = await deps.saveExport(org, day, entry, next)
    entry = saved ?? entry
    return saved !== undefined
  }
  const current = begun.current && { current: begun.current }
  while (running.cursor.source < running.sources.length) {
    if (deps.now() >= untilMs) return 'more'
    running = await exportSlice(deps, org, day, running)
    if (!(await keep({ ...current, running }))) return 'lost'
  }
  const { version, digest } = running
  const disagree = await checkExport(deps, { org, day, version }, running, templates)
  if (disagree.length > 0) {
    await removeFiles(deps, org, day, (key) => isOfVersion(key, version))
    const told = { totals: disagree.length, names: disagree.slice(0, namedDisagreements) }
    return (await keep({ ...current, refused: { version, digest, atMs: deps.now(), ...told } })) ? 'refused' : 'lost'
  }
  const finishedAtMs = deps.now()
  await deps.put(manifestKey(org, day, version), manifestBytes(org, day, running, finishedAtMs))
  // Also what an export that was broken off had written.
  if (running.purges) await removeFiles(deps, org, day, (key) => !isOfVersion(key, version))
  return (await keep({ current: finishRun(running, finishedAtMs) })) ? 'done' : 'lost'
}

async function removeFiles({ list, remove }: ExportDayDeps, org: OrgSlug, day: string, goes: (key: string) => boolean) {
  for (const folder of exportFolders(org, day)) {
    for await (const { key } of list(folder)) if (goes(key)) await remove(key)
  }
}

function manifestBytes(org: OrgSlug, day: string, running: RunningExport, finishedAtMs: number): Uint8Array {
  const { version, startedAtMs, files } = running
  const manifest: ExportManifest = {
    org,
    day,
    version,
    started: new Date(startedAtMs).toISOString(),
    finished: new Date(finishedAtMs).toISOString(),
    rows: finishRun(running, finishedAtMs).rows,
    files: files.map(({ dataset, part, rows, bytes }) => ({
      dataset,
      key: exportKey(org, dataset, day, version, part),
      rows,
      bytes,
    })),
  }
  return Buffer.from(JSON.stringify(manifest))
}
